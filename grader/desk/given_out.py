"""What a student's files were before anybody worked on them."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING
from zipfile import ZipFile

from grader.errors import GraderError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course, Exercise

__all__ = ["PACK", "is_same", "is_untouched", "pristine", "solution_of", "stub_for"]

PACK = "stubs.pack"  # a zip by another name, so that nobody takes it for one that was handed in
REGION = b"### BEGIN SOLUTION"  # begins what a student has to write


def is_untouched(course: Course, exercise: Exercise, file: Path) -> bool:
    """Whether a file is still what was given out; a notebook's outputs don't count."""
    try:
        content, before = file.read_bytes(), stub_for(course, exercise, file)
    except (OSError, GraderError):  # whoever loads the file, or puts the stub back, says why
        return False
    return _code_in(file.suffix, content) == _code_in(file.suffix, before)


def _code_in(suffix: str, content: bytes) -> object:
    if suffix == ".py":
        return content.replace(b"\r\n", b"\n")
    try:
        cells = json.loads(content)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, LookupError, TypeError):
        return None


def stub_for(course: Course, exercise: Exercise, file: Path) -> bytes:
    """Return what was given out in the place of a student's file.

    Raises:
        UsageError: nobody has kept that.
        AuthoringError: it can't be made from the solution.
    """
    given_out = course.stubs / f"{exercise.name}{file.suffix}"
    if is_same(file, given_out) and _kept(course, exercise, file.suffix) is None:
        raise UsageError(
            f"nobody has kept {file} as it was given out: it lies where the course has its stubs"
        )
    return pristine(course, exercise, file.suffix)


def pristine(course: Course, exercise: Exercise, suffix: str) -> bytes:
    """Return an exercise's file as it is given out, `.py` or `.ipynb`.

    Raises:
        UsageError: the course has none.
        AuthoringError: it can't be made from the solution.
    """
    kept = _kept(course, exercise, suffix)
    if kept is not None:
        return kept
    stub = course.stubs / f"{exercise.name}{suffix}"
    if not stub.is_file():
        raise UsageError(f"the course has no {stub.name} to give out; expected {stub}")
    return stub.read_bytes()


@cache
def _kept(course: Course, exercise: Exercise, suffix: str) -> bytes | None:
    """Return a stub that nobody works in: from the pack that students get, or made anew."""
    pack = course.folder / PACK
    if pack.is_file():
        with ZipFile(pack) as stubs:
            name = f"{exercise.name}{suffix}"
            return stubs.read(name) if name in stubs.namelist() else None
    solution = solution_of(course, exercise)
    if solution is None:
        return None
    from grader.authoring import stub_file

    return stub_file(exercise, solution, suffix)


def solution_of(course: Course, exercise: Exercise) -> Path | None:
    """Return an exercise's solution, where the course holds any.

    What lies in its place without a marked region is a student's, whose course it is as well.
    """
    try:
        solution = course.solution_of(exercise)
        return solution if REGION in solution.read_bytes() else None
    except (OSError, UsageError):
        return None


def is_same(file: Path, other: Path) -> bool:
    """Whether two paths lead to one file, which is there."""
    return file.exists() and other.exists() and file.samefile(other)
