"""nbgrader: `submitted/STUDENT/ASSIGNMENT/`, alone or in a course; never its `source/`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.errors import UnreadableFile
from grader.results.students import StudentRecord
from grader.submissions.pieces import Piece, Reading, piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.submissions.disk.files import FoundFile
    from grader.submissions.disk.tree import Folder

__all__ = ["read"]

SUBMITTED = "submitted"
STAMP = "timestamp.txt"
COURSE = frozenset({"source", "release", "autograded", "feedback"})
COURSE_FILES = frozenset({"nbgrader_config.py", "gradebook.db"})
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?(?: (UTC))?")


def read(folder: Folder) -> Reading | None:
    """Read it, if it is one."""
    submitted = _submitted(folder)
    if submitted is None or not submitted.folders:
        return None
    return Reading([_piece(student) for student in submitted.folders])


def _submitted(folder: Folder) -> Folder | None:
    """Return the folder of what was handed in, of a course or by itself."""
    inside = next((each for each in folder.folders if each.name == SUBMITTED), None)
    of_course = {each.name for each in folder.folders} & COURSE
    of_course |= {each.name for each in folder.files} & COURSE_FILES
    if inside is not None and (of_course or (len(folder.folders) == 1 and _has_stamps(inside))):
        return inside
    return folder if folder.name == SUBMITTED and _has_stamps(folder) else None


def _has_stamps(submitted: Folder) -> bool:
    return any(
        file.name == STAMP
        for student in submitted.folders
        for assignment in student.folders
        for file in assignment.files
    )


def _piece(student: Folder) -> Piece:
    times = sorted(_times(student))
    for assignment in student.folders:
        assignment.files = [each for each in assignment.files if each.name != STAMP]
    only = student.folders[0] if len(student.folders) == 1 and not student.files else student
    name = student.full_name
    record = StudentRecord(
        id=name, login=name, submitted_at=times[-1] if times else "", handed_in_as=name
    )
    return piece(record, only)


def _times(student: Folder) -> Iterator[str]:
    for assignment in student.folders:
        for file in assignment.files:
            if file.name == STAMP:
                yield from _time(file)


def _time(stamp: FoundFile) -> Iterator[str]:
    """Give the time that a file says, in ISO 8601; a zone's name is not known to it."""
    try:
        match = _TIME.match(stamp.read(100).decode("ascii", "replace"))
    except UnreadableFile:
        return
    if match:
        yield f"{match[1]}T{match[2]}{'Z' if match[3] else ''}"
