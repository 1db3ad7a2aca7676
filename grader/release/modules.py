"""Which modules the student's desk needs for a course: those that it imports, and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.courses import PACKAGE
from grader.courses.code.imported import import_closure, place_of
from grader.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course

__all__ = ["COURSE", "modules_of_the_desk"]

COURSE = "grader/lab"  # where students have the course: it is the one that their package carries
COMMANDS = ("grader/__main__.py", "grader/cli.py", "grader/commands/desk.py")
FOR_NOTEBOOKS = ("grader/digits.py", "grader/play.py")  # what is imported by their own cells
AUTHORING = "grader/authoring"  # where there are solutions; a release has none


def modules_of_the_desk(course: Course) -> dict[str, Path]:
    """Return the files by their paths in the release: ours, and of the course what checks import.

    Raises:
        UsageError: an exercise has no public checks; the message names the file.
    """
    for exercise in course.exercises:
        if not exercise.public_checks.is_file():
            expected = exercise.public_checks
            raise UsageError(f"{exercise.name} has no public checks; expected {expected}")
    desk = [file.relative_to(PACKAGE.parent).as_posix() for file in PACKAGE.glob("desk/**/*.py")]
    checks = [f"checks/{each.name}.py" for each in course.exercises]
    roots = {PACKAGE.name: PACKAGE, **course.code.roots}
    start = [*COMMANDS, *FOR_NOTEBOOKS, *desk, *checks, *course.code.hook_files]
    needed = import_closure(start, roots, lambda file: not file.startswith(AUTHORING))
    return {_in_release(file): place_of(file, roots) for file in sorted(needed)}


def _in_release(file: str) -> str:
    return file if file.startswith(f"{PACKAGE.name}/") else f"{COURSE}/{file}"
