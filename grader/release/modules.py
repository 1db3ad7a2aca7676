"""Which modules of this package the student's desk needs: those that it imports, and so on."""

from __future__ import annotations

from grader.courses import PACKAGE
from grader.courses.code.imported import import_closure
from grader.lab import EXERCISES

__all__ = ["modules_of_the_desk"]

COMMANDS = ("__main__.py", "cli.py", "commands/desk.py")
FOR_NOTEBOOKS = ("digits.py",)  # what is imported by their own cells
AUTHORING = "authoring"  # where there are solutions; a release has none


def modules_of_the_desk() -> list[str]:
    """Return the files, as paths inside the package, sorted."""
    checks = [f"lab/checks/{each.name}.py" for each in EXERCISES]
    desk = [file.relative_to(PACKAGE).as_posix() for file in PACKAGE.glob("desk/**/*.py")]
    start = [*COMMANDS, *FOR_NOTEBOOKS, *checks, *desk]
    return sorted(import_closure(start, PACKAGE, lambda file: not file.startswith(AUTHORING)))
