"""A student's files that are for no exercise: who has any has not handed in nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from grader.courses.files import files_in, is_declared
from grader.courses.known_names import known_as
from grader.submissions.disk.files import RefusedFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.courses import Course
    from grader.submissions.disk.files import FoundFile

__all__ = ["closed_archives", "unclaimed"]

MAX_LISTED = 100  # files of one student
MAX_NAME = 1_000  # characters of a name that are looked at
CLOSED = (".rar", ".7z", ".zst", ".z", ".lzma")
# What programs write, and no student.
_NEVER_LISTED = re.compile(
    r"(?i)(timestamp|thumbs|desktop|comments)\.\w+"
    r"|.*\.(pyc|lock|log|db|toml|cfg|ini)|.*-ubyte(\.gz)?|\.?gitignore|makefile"
)
# What is handed in with every work, and is listed only where there is nothing else.
_BESIDE_WORK = re.compile(
    r"(?i)(readme|license|requirements|noxfile|setup)\.\w+|.*\.(pt|pth|png|jpe?g|gif|svg|csv|npz?)"
)


def unclaimed(found: Sequence[FoundFile], course: Course) -> tuple[str, ...]:
    """Return the paths of the files that no exercise is known by, and that may be meant as work.

    Of who has no file for an exercise, pictures and tables are listed, too.
    """
    claimed = {id(file) for file in found if _is_claimed(file.name, course)}
    others = [
        file.name for file in found if id(file) not in claimed and _is_of_the_student(file, course)
    ]
    is_lost = not claimed
    listed = (name for name in others if is_lost or not _BESIDE_WORK.fullmatch(_base(name)))
    return tuple(dict.fromkeys(listed))[:MAX_LISTED]


def _is_claimed(path: str, course: Course) -> bool:
    """Tell whether a file stands for an exercise, is one of several, or was given out with it."""
    if known_as(_base(path), course):
        return True
    parts = path.split("/")
    return any(is_declared("/".join(parts[-1 - p.count("/") :]), [p]) for p in _patterns(course))


@cache
def _patterns(course: Course) -> tuple[str, ...]:
    return tuple(name for each in course.exercises for name in (*each.files, *each.given))


def _is_of_the_student(file: FoundFile, course: Course) -> bool:
    name = _base(file.name)
    if isinstance(file, RefusedFile) or _is_of_the_lab(file.name):
        return False
    if any(f"/{file.name}".endswith(f"/{path}") for path in _data_of(course)):
        return False
    return _NEVER_LISTED.fullmatch(name) is None


@cache
def _data_of(course: Course) -> tuple[str, ...]:
    """Return the data that students are given, by their paths beside a submission."""
    return tuple(f"data/{path}" for path in files_in(course.folder / "data"))


def _base(path: str) -> str:
    """Return a file's name without its folders, as far as one can be long."""
    return path.rpartition("/")[2][:MAX_NAME]


def _is_of_the_lab(path: str) -> bool:
    """Tell whether a file lies where a release has files of its own: `grader/desk/keys.py`."""
    return "grader" in path.split("/")[:-1]


def closed_archives(found: Sequence[FoundFile]) -> Iterator[str]:
    """Say of each archive that can't be opened what to do about it."""
    for file in found:
        if file.name.lower().endswith(CLOSED):
            yield f"{file.name} is an archive of a kind that is not read: ask for a zip."
