"""What a student's files were before anybody worked on them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

from grader.courses.files import PACK, declared_in, home_of, is_declared
from grader.errors import GraderError, UsageError

if TYPE_CHECKING:
    from grader.courses import Course, Exercise

__all__ = ["content_of", "is_changed", "is_untouched", "pristine", "solutions_of", "stubs_for"]

REGION = b"### BEGIN SOLUTION"  # begins what a student has to write


def is_untouched(course: Course, exercise: Exercise, file: Path) -> bool:
    """Whether a file, with the others of its exercise, is still what was given out.

    A notebook's outputs don't count. Where nobody knows what was given out, it is not.
    """
    try:
        return _is_as_given_out(course, exercise, file)
    except (OSError, GraderError):  # whoever loads the file, or puts the stub back, says why
        return False


def is_changed(course: Course, exercise: Exercise, file: Path) -> bool:
    """Whether a file is known to be another than was given out."""
    try:
        return not _is_as_given_out(course, exercise, file)
    except OSError:
        return True
    except GraderError:
        return False


def _is_as_given_out(course: Course, exercise: Exercise, file: Path) -> bool:
    now, before = _contents(exercise, file), stubs_for(course, exercise, file)
    return now.keys() <= before.keys() and all(
        _code_in(place.suffix, content) == _code_in(place.suffix, before[place])
        for place, content in now.items()
    )


def content_of(exercise: Exercise, file: Path) -> bytes:
    """Return what is in a student's file, and in the others of its exercise.

    Raises:
        OSError: it can't be read.
    """
    return b"\n".join(_contents(exercise, file).values())


def _contents(exercise: Exercise, file: Path) -> dict[Path, bytes]:
    files = [file]
    if exercise.files:
        found = declared_in(home_of(file, exercise.files), exercise.files)
        files = sorted(found.values())
    return {place: place.read_bytes() for place in files}


def _code_in(suffix: str, content: bytes) -> object:
    if suffix != ".ipynb":
        return content.replace(b"\r\n", b"\n")
    try:
        cells = json.loads(content)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, LookupError, TypeError):
        return None


def stubs_for(course: Course, exercise: Exercise, file: Path) -> dict[Path, bytes]:
    """Return what was given out in the place of a student's file, and of those that go with it.

    Raises:
        UsageError: nobody has kept that.
        AuthoringError: it can't be made from the solution.
    """
    names = {f"{exercise.name}{file.suffix}": file}
    if exercise.files:
        home = home_of(file, exercise.files)
        names = {name: home / name for name in _names_of_several(course, exercise)}
    for name, place in names.items():
        if _is_same(place, course.stubs / name) and _kept(course, exercise, name) is None:
            raise UsageError(f"{place} is the course's only copy of what was given out")
    return {place: pristine(course, exercise, name) for name, place in names.items()}


def _names_of_several(course: Course, exercise: Exercise) -> set[str]:
    """Return the paths of what is given out of an exercise that has several files."""
    kept = (name for name in _packed(course) if is_declared(name, exercise.files))
    return {*kept, *exercise.modules, *declared_in(course.stubs, exercise.files)}


def pristine(course: Course, exercise: Exercise, name: str) -> bytes:
    """Return a file of an exercise as it is given out.

    Raises:
        UsageError: the course has none.
        AuthoringError: it can't be made from the solution.
    """
    kept = _kept(course, exercise, name)
    if kept is not None:
        return kept
    stub = course.stubs / name
    if not stub.is_file():
        raise UsageError(f"the course has no {name} to give out; expected {stub}")
    return stub.read_bytes()


@cache
def _kept(course: Course, exercise: Exercise, name: str) -> bytes | None:
    """Return a stub that nobody works in: from the pack that students get, or made anew."""
    if packed := _packed(course):
        return packed.get(name)
    solutions = solutions_of(course, exercise)
    if not solutions:
        return None
    from grader.authoring.files import stub_file, stubs_of_several

    if exercise.files:
        return stubs_of_several(exercise).get(name)
    return stub_file(course, exercise, solutions[0], Path(name).suffix)


@cache
def _packed(course: Course) -> dict[str, bytes]:
    """Return what is in the pack, if there is one."""
    pack = course.folder / PACK
    if not pack.is_file():
        return {}
    with ZipFile(pack) as stubs:
        return {name: stubs.read(name) for name in stubs.namelist()}


def solutions_of(course: Course, exercise: Exercise) -> list[Path]:
    """Return the modules of an exercise's solution, where the course holds any.

    What lies in its place without a marked region is a student's, whose course it is as well.
    """
    try:
        modules = [course.solution_of(exercise)]
        modules = list(exercise.modules.values()) or modules
        return modules if any(REGION in each.read_bytes() for each in modules) else []
    except (OSError, UsageError):
        return []


def _is_same(file: Path, other: Path) -> bool:
    """Whether two paths lead to one file, which is there."""
    return file.exists() and other.exists() and file.samefile(other)
