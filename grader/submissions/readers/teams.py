"""Microsoft Teams: `Submitted files/STUDENT/ASSIGNMENT/Version 2/`, of its class library."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.results.students import StudentRecord
from grader.submissions.pieces import Reading, piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.submissions.disk.tree import Folder
    from grader.submissions.pieces import Piece

__all__ = ["read"]

SUBMITTED = "Submitted files"
_VERSION = re.compile(  # `Version 2`, in the language of the site; `hw 2` is none
    r"(?i)(?:vers\w*|verz\w*|wersja|\u0432\u0435\u0440\u0441\w*|s\u00fcr\u00fcm|\u7248\u672c|\ubc84\uc804"
    r"|\u30d0\u30fc\u30b8\u30e7\u30f3) (?P<number>\d{1,4})"
)


def read(folder: Folder) -> Reading | None:
    """Read it, if it is one."""
    inside = next((each for each in folder.folders if each.name == SUBMITTED), folder)
    if inside is folder and len(folder.folders) == 1:  # may be a folder around a class
        return None
    pieces = [each for student in inside.folders for each in _pieces(student)]
    students = {each.record.id for each in pieces}
    return Reading(pieces) if students and len(students) == len(inside.folders) else None


def _pieces(student: Folder) -> Iterator[Piece]:
    """Give a piece for each version of each assignment, if there is nothing else."""
    for assignment in student.folders:
        numbers = [_VERSION.fullmatch(each.name) for each in assignment.folders]
        if assignment.files or not numbers or not all(numbers):
            return
        several = len(numbers) > 1
        for version, number in zip(assignment.folders, numbers, strict=True):
            attempt = int(number["number"]) if number and several else 0
            record = StudentRecord(
                id=student.name,
                name=student.name,
                attempt=attempt,
                handed_in_as=student.full_name,
            )
            yield piece(record, version, attempt)
