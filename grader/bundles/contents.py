"""What every bundle holds: this grader, what it needs, and what of a course grading takes."""

from __future__ import annotations

from importlib.metadata import packages_distributions, requires
from typing import TYPE_CHECKING

from grader.bundles.platform import from_template
from grader.bundles.settings import COURSE
from grader.bundles.wheel import DISTRIBUTION, WHEEL, wheel
from grader.courses.declared.reading import FILE as COURSE_FILE
from grader.courses.files import ROOTS, files_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.bundles.platform import Order
    from grader.courses import Course

__all__ = ["grader_and_course", "installing", "requirements"]

# What people gave, works that are known to be wrong, and whatever else lies there stay at home.
FOLDERS = ("checks", "hidden", "kit", "beside", "given", "data")
FILES = (COURSE_FILE, "mistakes.toml", "given_out.txt")


def installing(order: Order) -> Iterator[tuple[str, bytes]]:
    """Give what sets a machine up for the grader."""
    yield "install.sh", from_template("install.sh")
    yield "requirements.txt", requirements(order.course)


def grader_and_course(order: Order) -> Iterator[tuple[str, bytes]]:
    """Give this grader and the course; all of it is secret."""
    yield WHEEL, wheel()
    if order.has_own_course:
        for path, file in _of(order.course).items():
            yield f"{COURSE}/{path}", file.read_bytes()


def requirements(course: Course) -> bytes:
    """Return the packages that the grader and the course's submissions need, a line each."""
    ours = [each for each in requires(DISTRIBUTION) or () if "extra ==" not in each]
    packages = packages_distributions()
    theirs = [packages.get(name, [name])[0] for name in course.requires]
    return "\n".join([*sorted(ours), *theirs, ""]).encode()


def _of(course: Course) -> dict[str, Path]:
    """Return the files of a course that grading takes, by path."""
    home = course.folder
    found = {name: home / name for name in FILES if (home / name).is_file()}
    for folder in (*FOLDERS, *filter(None, ROOTS)):
        found |= {f"{folder}/{path}": file for path, file in files_in(home / folder).items()}
    solutions = [*home.glob("*.py"), *(f for e in course.exercises for f in e.modules.values())]
    found |= {file.relative_to(home).as_posix(): file for file in solutions}
    return {path: file for path, file in sorted(found.items()) if "__pycache__" not in path}
