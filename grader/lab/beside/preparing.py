"""Have MNIST ready for submissions that ask torchvision for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["prepare"]


def prepare(files: Sequence[Path], code: bytes | None) -> None:
    """Let submissions find these files, all of one folder, as torchvision's MNIST.

    To import torchvision takes a second: code that does not name it goes without.
    """
    if code is None or b"torchvision" in code:
        from beside.mnist import provide_mnist

        provide_mnist(files[0].parent)
