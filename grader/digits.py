"""What the lab's notebook asks for in Jupyter: its own digits, and a network that reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

__all__ = ["read_digits", "use_lab_digits"]


def use_lab_digits() -> None:
    """Let `torchvision.datasets.MNIST` find the lab's digits, or the user's, in this process.

    Nothing is downloaded then. `data/README.md` says where the files are.

    Raises:
        UsageError: the user names a folder that lacks one of the files.
    """
    from grader.courses import carried_course

    carried_course().code.prepare_for(None)


def read_digits(images: torch.Tensor) -> list[int]:
    """Return what a trained network reads in some images.

    It has 784 inputs, 64 hidden units and 10 scores, and was trained on the lab's digits.

    Args:
        images: (n, 28, 28), from 0 to 1.
    """
    import numpy as np

    from grader.courses import resource

    with np.load(resource("data") / "reader.npz") as weights:
        w1, b1, w2, b2 = (weights[name].astype("f4") for name in ("w1", "b1", "w2", "b2"))
    hidden = np.maximum(images.flatten(1).numpy() @ w1 + b1, 0)
    answers: list[int] = (hidden @ w2 + b2).argmax(axis=1).tolist()
    return answers
