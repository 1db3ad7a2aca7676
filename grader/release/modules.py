"""Which modules of this package the student's desk needs: those that it imports, and so on."""

from __future__ import annotations

from grader.courses import PACKAGE, carried_course
from grader.courses.code.imported import import_closure, place_of
from grader.lab import EXERCISES

__all__ = ["modules_of_the_desk"]

COMMANDS = ("grader/__main__.py", "grader/cli.py", "grader/commands/desk.py")
FOR_NOTEBOOKS = ("grader/digits.py",)  # what is imported by their own cells
AUTHORING = "grader/authoring"  # where there are solutions; a release has none


def modules_of_the_desk() -> list[str]:
    """Return the files, as paths inside the package, sorted."""
    desk = [file.relative_to(PACKAGE.parent).as_posix() for file in PACKAGE.glob("desk/**/*.py")]
    checks = [f"checks/{each.name}.py" for each in EXERCISES]
    lab = carried_course().code
    start = [*COMMANDS, *FOR_NOTEBOOKS, *desk, *checks, *lab.hook_files]
    roots = {PACKAGE.name: PACKAGE, **lab.roots}
    needed = import_closure(start, roots, lambda file: not file.startswith(AUTHORING))
    return sorted(place_of(file, roots).relative_to(PACKAGE).as_posix() for file in needed)
