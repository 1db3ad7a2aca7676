"""Where the images lie that submissions train on."""

from __future__ import annotations

import os
from pathlib import Path

from grader.courses import resource
from grader.errors import UsageError
from grader.guest.idx import FILES, found_in

__all__ = ["VARIABLE", "mnist_files", "mnist_folder"]

VARIABLE = "LAB_MNIST"  # names the folder, for the user and in the sandbox


def mnist_folder() -> Path:
    """Return the folder with MNIST's four files: the user's, or the one that the lab carries.

    Raises:
        UsageError: the user names a folder that lacks one of them.
    """
    named = os.environ.get(VARIABLE)
    if named:
        folder = Path(named).expanduser().resolve()
        lacking = [name for name in FILES if found_in(folder, name) is None]
        if lacking:
            raise UsageError(f"{VARIABLE} is {named}, and there is no {lacking[0]}[.gz] in it")
        return folder
    real = resource("data") / "mnist"
    complete = all(found_in(real, name) for name in FILES)
    return real if complete else resource("data") / "digits"


def mnist_files() -> list[Path]:
    """Return the four files."""
    found = (found_in(mnist_folder(), name) for name in FILES)
    return [path for path in found if path is not None]
