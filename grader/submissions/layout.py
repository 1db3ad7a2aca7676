"""Where in a download the students' folders are: at its top, or some folders down."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from grader.courses.known_names import LEFTOVER
from grader.errors import UnreadableFile
from grader.submissions.archives.opening import opened
from grader.submissions.disk.files import DiskFile
from grader.submissions.disk.tree import is_archive, without_ending
from grader.submissions.given import was_given_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.submissions.disk.tree import Folder

__all__ = ["class_level", "doubt_about", "doubt_about_one", "is_part", "levels"]

MAX_LEVELS = 5  # folders around a class, one in another
SAMPLE = 100  # files of a student, to tell a class from a student
SEVERAL = 3  # folders with the same exercise that make a class of what looks like a student
NAMED = 3
# Names of folders that hold a class, as LMSs, program and people call them.
_COLLECTION = re.compile(
    r"(?i).*(submi|hand-?ins?|abgaben|entregas|rendus|consegne).*|class|students?|downloads?|export"
)
# Names of folders that hold part of one student's work.
_PART = re.compile(
    r"(?i)(week|day|part|task|ex(ercise)?s?|attempt|try|version|v|lab|hw|homework|assignment|unit"
    r"|lesson|session|copy)[ _-]*\d*|old|new(er)?|final|backup|draft|src|my[ _-]?work|notebooks?"
    r"|scripts?|(home)?work|solutions?|stubs?|originals?|given"
)
_FEW_DIGITS = re.compile(r"\d{1,2}")


def is_part(name: str) -> bool:
    """Tell whether a name is that of a part or version of one student's work."""
    return _PART.fullmatch(name) is not None


def _may_be_part(name: str) -> bool:
    """Tell the same, also of a number, which may be a student's without a name."""
    return is_part(name) or _FEW_DIGITS.fullmatch(name) is not None


def levels(top: Folder) -> Iterator[Folder]:
    """Give a download, and what lies in it as long as that is a single folder or archive."""
    folder: Folder | None = top
    for _ in range(MAX_LEVELS):
        if folder is None:
            return
        yield folder
        folder = _only_one(folder)


def class_level(top: Folder) -> tuple[Folder, str]:
    """Return the folder that holds the students, and a note where it is not the top.

    A single folder is looked through if it is called like the download or like a collection, or if
    several archives lie in it, or three folders in it hold the same exercise, as those of students
    do. Of an archive nobody can pass a part, so there one that looks like a student's is enough.
    """
    inner = top
    for folder in levels(top):
        if folder is not top and not _is_around_a_class(folder, inner):
            break
        inner = folder
    if top.name.startswith(inner.name):
        return inner, ""
    count = len(inner.folders) + sum(is_archive(file.name) for file in inner.files)
    return inner, f"The students' folders were found in {inner.full_name}: {count}."


def _only_one(folder: Folder) -> Folder | None:
    """Return the only folder, or the only archive, that lies in a folder beside no known file."""
    archives = [file for file in folder.files if is_archive(file.name)]
    if any(folder.known_as(file.name) for file in folder.files):
        return None
    if len(folder.folders) == 1 and not archives:
        return None if folder.folders[0].is_link else folder.folders[0]
    if len(archives) == 1 and not folder.folders:
        try:
            return opened(archives[0], folder.course)
        except UnreadableFile:
            return None
    return None


def _is_around_a_class(folder: Folder, around: Folder) -> bool:
    if any(folder.known_as(file.name) for file in folder.files):
        return False
    archives = sum(_is_whose(file.name, folder) for file in folder.files)
    named = around.name.startswith(folder.name) or _COLLECTION.fullmatch(folder.name)
    if (named and (folder.folders or archives)) or archives > 1:
        return True
    if not _is_on_disk(folder) and any(map(_is_a_student, folder.folders)):
        return True
    return len(_same_exercise(folder, _may_be_part)) >= SEVERAL


def _is_whose(name: str, folder: Folder) -> bool:
    """Tell whether an archive may be called after a student, and not `week 2` or `hw2_heads`."""
    stem, ending = without_ending(name)
    return bool(ending) and not is_part(stem) and folder.known_as(f"{stem}.py") is None


def _is_a_student(folder: Folder) -> bool:
    """Tell whether a folder holds a known file, and is not called like a part of some work."""
    holds = any(folder.known_as(file.name) for file in folder.files)
    return holds and not _may_be_part(folder.name)


def _same_exercise(folder: Folder, is_left_out: Callable[[str], bool]) -> list[str]:
    """Return the folders in a folder that hold work for the same exercise: the longest list.

    A folder around them all is looked through.
    """
    while len(folder.folders) == 1 and not any(folder.known_as(file.name) for file in folder.files):
        folder = folder.folders[0]
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for below in folder.folders:
        if not is_left_out(below.name):
            for work in _worked_on(below):
                holders[work].append(below.name)
    return max(holders.values(), key=len, default=[])


def _worked_on(folder: Folder) -> set[tuple[str, str]]:
    """Return the exercises, or their parts, of which a folder holds somebody's work."""
    found: set[tuple[str, str]] = set()
    for number, file in enumerate(folder.all_files()):
        known = folder.known_as(file.name.rpartition("/")[2])
        work = (known.exercise, known.part) if known else ("", "")
        if known and work not in found and not was_given_out(file, known.kind, folder.course):
            found.add(work)
        if number >= SAMPLE:
            break
    return found


def doubt_about(level: Folder) -> str:
    """Return why what would be graded as students may be classes; nothing where it can't be.

    A student among others may have three copies of everything; that alone stops nobody's class.
    A single one with two is asked about.
    """
    students = level.folders
    if len(students) == 1 and (doubt := doubt_about_one(students[0])):
        return doubt
    several = SEVERAL if len(students) > 1 else 2
    same = {student.full_name: _same_exercise(student, is_part) for student in students}
    classes = {name: each for name, each in same.items() if len(each) >= several}
    others = [each for each in students if each.full_name not in classes and _worked_on(each)]
    if not classes or len(classes) < len(others):
        return ""
    seen = ", ".join(f"{name}/ with {len(each)}" for name, each in [*classes.items()][:NAMED])
    several_classes = len(classes) > 1
    what = "classes" if several_classes else "a class"
    one = "one of these folders" if several_classes else "that folder"
    unpack = "" if _is_on_disk(level) else "unpack it and "
    return (
        f"this looks like {what}, some folders down: {seen} folders that hold the same exercise; "
        f"{unpack}pass {one} itself, or add --student {next(iter(classes))!r} if it is one student"
    )


def doubt_about_one(level: Folder) -> str:
    """Return why files side by side may be those of several people; nothing where they are not.

    A browser counts what it saves under one name: `hw1 (1).py`, `hw1 (2).py`.
    """
    holders: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for file in level.files[:SAMPLE]:
        known = level.known_as(file.name)
        is_old = known is None or known.distance >= LEFTOVER
        if known and not is_old and not was_given_out(file, known.kind, level.course):
            holders[known.exercise, known.kind, known.part].append(file.name)
    same = max(holders.values(), key=len, default=[])
    if len(same) < SEVERAL:
        return ""
    return (
        f"{len(same)} files side by side are for the same exercise ({', '.join(same[:NAMED])}), "
        "and the names don't say whose each is: put each student's into a folder of its own, or "
        f"add --student {level.name!r} if all are one student's"
    )


def _is_on_disk(folder: Folder) -> bool:
    return any(isinstance(file, DiskFile) for file in folder.all_files())
