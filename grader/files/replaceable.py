"""A file that a command is told to write: what stands there goes only if the grader wrote it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["is_own_page", "require_own"]

GENERATOR = b'<meta name="generator" content="nn-training-lab">'
HEAD = 1_000  # bytes of a page in which that stands


def require_own(path: Path, is_own: Callable[[Path], bool]) -> None:
    """Refuse to replace what the grader did not write, such as the download of a class.

    So is a place in a folder that is not there, before the work of a long command is lost.

    Args:
        path: the file to be written.
        is_own: tells of a file that is there, and not empty, whether the grader wrote it.

    Raises:
        UsageError: something else stands there, or there is no such folder.
    """
    if not path.parent.is_dir():
        raise UsageError(f"{path} can't be written: there is no folder {path.parent}")
    if not os.path.lexists(path):
        return
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file")
    try:
        may_go = not path.stat().st_size or is_own(path)
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}") from error
    if not may_go:
        raise UsageError(f"{path} is there, and the grader did not write it: name another file")


def is_own_page(path: Path) -> bool:
    """Tell whether a file is an HTML page of ours."""
    with path.open("rb") as file:
        return GENERATOR in file.read(HEAD)
