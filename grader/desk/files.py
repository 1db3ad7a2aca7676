"""Where a student's files are, and what they were before anybody worked on them."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

from grader.courses.known_names import known_as
from grader.errors import UsageError
from grader.lab import EXERCISES, Exercise, exercise_named, resource

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "FOLDERS",
    "PACK",
    "changed_beside",
    "file_of",
    "files_here",
    "files_to_check",
    "is_untouched",
    "place_of",
    "pristine",
    "solution_of",
]

PACK = "stubs.pack"  # a zip by another name, so that nobody takes it for one that was handed in
FOLDERS = (Path("exercises"), Path())  # where students keep their files
NOTHING_HERE = "there is no exercise here; run it where your `exercises` folder is"


def files_here() -> list[tuple[Exercise, Path]]:
    """Find the file of every exercise, in the lab's order.

    Raises:
        UsageError: there is none.
    """
    found = [(exercise, file) for exercise in EXERCISES if (file := file_of(exercise))]
    if not found:
        raise UsageError(NOTHING_HERE)
    return found


def files_to_check(wanted: Sequence[str]) -> list[tuple[Exercise, Path]]:
    """Find the files that names of exercises or files mean.

    Raises:
        UsageError: a name means no exercise, or there is no such file.
    """
    return [_one_file(name) for name in wanted]


def _one_file(name: str) -> tuple[Exercise, Path]:
    path = Path(name)
    if path.suffix in {".py", ".ipynb"}:
        if not path.is_file():
            raise UsageError(f"there is no file {name}")
        known = known_as(path.name)
        return exercise_named(known.exercise if known else path.stem), path
    exercise = exercise_named(name)
    found = file_of(exercise)
    if found is None:
        places = " or ".join(str(folder / exercise.file_names[0]) for folder in FOLDERS)
        raise UsageError(f"there is no file of {exercise.name}; expected {places}")
    return exercise, found


def file_of(exercise: Exercise) -> Path | None:
    """Return an exercise's file: the first that was worked on, a module before a notebook.

    The grade takes the same one.
    """
    files = [
        folder / name
        for folder in FOLDERS
        for name in exercise.file_names
        if (folder / name).is_file()
    ]
    worked_on = (file for file in files if not is_untouched(exercise, file))
    return next(worked_on, next(iter(files), None))


def changed_beside(exercise: Exercise, file: Path) -> list[Path]:
    """Return which of an exercise's files in a file's folder were worked on, modules first."""
    beside = [file.with_name(name) for name in exercise.file_names]
    return [each for each in beside if each.is_file() and not is_untouched(exercise, each)]


def place_of(exercise: Exercise) -> Path:
    """Return an exercise's file, or where it would be if there were one."""
    folder = next((folder for folder in FOLDERS if folder.is_dir()), FOLDERS[-1])
    return file_of(exercise) or folder / exercise.file_names[0]


def is_untouched(exercise: Exercise, file: Path) -> bool:
    """Whether a file is still what was given out; a notebook's outputs don't count."""
    try:
        content = file.read_bytes()
    except OSError:  # whoever loads it says why
        return False
    return _code_in(file.suffix, content) == _code_in(file.suffix, pristine(exercise, file.suffix))


def _code_in(suffix: str, content: bytes) -> object:
    if suffix == ".py":
        return content.replace(b"\r\n", b"\n")
    try:
        cells = json.loads(content)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, LookupError, TypeError):
        return None


@cache
def pristine(exercise: Exercise, suffix: str) -> bytes:
    """Return the file as it was given out, `.py` or `.ipynb`.

    In a checkout, where `exercises/` may be worked in, it is made anew from the solution; in what
    students get, where it may be, too, it lies in a pack beside the modules.

    Raises:
        UsageError: the lab has no such file.
    """
    name = f"{exercise.name}{suffix}"
    pack = resource(PACK)
    if pack.is_file():
        with suppress(KeyError), ZipFile(pack) as stubs:
            return stubs.read(name)
    solution = solution_of(exercise)
    if solution is not None:
        from grader.authoring import stub_file

        return stub_file(exercise, solution, suffix)
    packed = resource("exercises") / name
    if not packed.is_file():
        raise UsageError(f"the lab has no {name}")
    return packed.read_bytes()


def solution_of(exercise: Exercise) -> Path | None:
    """Return an exercise's solution, where this edition of the lab holds any."""
    solution = resource("solutions") / f"{exercise.name}.py"
    return solution if solution.is_file() else None
