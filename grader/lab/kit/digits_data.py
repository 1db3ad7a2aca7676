"""Where the digits lie that submissions train on: the lab's own, or the user's MNIST."""

from __future__ import annotations

import os
from pathlib import Path

from beside.idx import FILES, found_in
from grader.errors import UsageError

__all__ = ["OWN", "VARIABLE", "digits_files", "digits_folder"]

VARIABLE = "LAB_MNIST"  # names the user's folder
PACKAGE = Path(__file__).resolve().parents[2]
# an installed package carries the lab's data inside; a checkout has them beside it
PLACES = PACKAGE / "_lab" / "data", PACKAGE.parent / "data"
DATA = next((place for place in PLACES if place.is_dir()), PLACES[-1])
OWN = DATA / "digits"


def digits_folder() -> Path:
    """Return the folder with MNIST's four files: the user's, or the one that the lab carries.

    Raises:
        UsageError: it lacks one of them.
    """
    named = os.environ.get(VARIABLE)
    if named:
        folder = Path(named).expanduser().resolve()
        return _complete(folder, f"{VARIABLE} is {named}", f"complete it, or unset {VARIABLE}")
    if lacking_in(DATA / "mnist"):
        return _complete(OWN, f"the lab's digits are in {OWN}", "install the lab anew")
    return DATA / "mnist"


def digits_files() -> list[Path]:
    """Return the four files; raises as `digits_folder` does."""
    found = (found_in(digits_folder(), name) for name in FILES)
    return [path for path in found if path is not None]


def lacking_in(folder: Path) -> list[str]:
    """Name those of the four files that a folder does not have."""
    return [name for name in FILES if found_in(folder, name) is None]


def _complete(folder: Path, what: str, mend: str) -> Path:
    if lacking := lacking_in(folder):
        raise UsageError(f"{what}, and there is no {lacking[0]}[.gz] in it: {mend}")
    return folder
