"""Which course a command is about."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from grader.courses.carried import CARRIED, carried_course
from grader.courses.declared.reading import FILE, load_course
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.courses.course import Course

__all__ = ["find_authors_course", "find_course", "is_found_here"]

NAMED = 3  # folders or files that a message names
MANY = 1_000  # of a folder's files, those that are looked at


def find_course(given: Path | None = None, here: Path | None = None) -> Course:
    """Find a course: the one that is given, else one from a folder upwards, else the carried one.

    Args:
        given: its folder.
        here: the folder to begin in, if not the current one.

    Raises:
        UsageError: what is given is no course, or the one that was found can't be read.
    """
    folder = given or _upwards(here or Path.cwd())
    if folder is None or folder.resolve() == CARRIED:
        return carried_course()
    if not (folder / FILE).is_file():
        raise UsageError(_no_course(folder))
    return load_course(folder.resolve())


def find_authors_course(given: Path | None = None) -> Course:
    """Find a course as `find_course` does, one that has its solutions: for those who write it.

    Raises:
        UsageError: as there, or it has none: the lab of an installed package comes without them.
    """
    course = find_course(given)
    if not course.solutions.is_dir():
        raise UsageError(
            f"the course {course.title!r} has no solutions here ({course.solutions}): name one "
            "that has with --course, or work in a checkout of it"
        )
    return course


def _no_course(folder: Path) -> str:
    """Say what a folder is that is no course, and where near it one lies."""
    if not folder.exists():
        return f"there is no {folder}; a course is a folder with a {FILE} in it"
    if not folder.is_dir():
        what = f"{folder} is no folder; a course is one with a {FILE} in it"
        return f"{what}: pass {folder.parent}" if folder.name == FILE else what
    below = [*islice(folder.glob(f"*/{FILE}"), NAMED), *islice(folder.glob(f"*/*/{FILE}"), NAMED)]
    above = [parent / FILE for parent in folder.resolve().parents if (parent / FILE).is_file()]
    near = [str(file.parent) for file in (*below, *above)][:NAMED]
    there = f"there is one in {' and in '.join(near)}" if near else _contents(folder)
    return f"{folder} is no course: there is no {FILE} in it; {there}"


def _contents(folder: Path) -> str:
    names = sorted(each.name for each in islice(folder.iterdir(), MANY))[:NAMED]
    return f"it holds {', '.join(names)}" if names else "it is empty"


def is_found_here(course: Course) -> bool:
    """Whether a course is the one that is found from the current folder where none is given."""
    return course.folder == (_upwards(Path.cwd()) or CARRIED)


def _upwards(here: Path) -> Path | None:
    """Return the first folder with a `course.toml` on the way from here to the root.

    A course is code that is run: one that somebody else has put there is not taken unasked.
    """
    here = here.resolve()
    return next((each for each in (here, *here.parents) if _is_ours(each / FILE)), None)


def _is_ours(file: Path) -> bool:
    """Tell whether there is a file that this user, or who runs the machine, has written."""
    if not file.is_file():
        return False
    return os.name != "posix" or file.stat().st_uid in {0, os.getuid()}
