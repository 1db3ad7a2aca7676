"""All files side by side, each with its student's name in it: `Kim_Park_ex01.py`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from grader.results.students import StudentRecord
from grader.submissions.pieces import Reading, piece

if TYPE_CHECKING:
    from grader.submissions.disk.files import FoundFile
    from grader.submissions.disk.tree import Folder

__all__ = ["read"]


def read(folder: Folder) -> Reading | None:
    """Read it, if two names at least have a file for the same exercise, and no file has none."""
    by_student: dict[str, list[FoundFile]] = defaultdict(list)
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    others = []
    for file in folder.files:
        known = folder.known_as(file.name)
        if known and known.others:
            student = " ".join(known.others)
            by_student[student].append(file)
            owners[known.exercise, known.kind].add(student)
        else:
            others.append(file)
    if folder.folders or max(map(len, owners.values()), default=0) < 2:
        return None
    if any(folder.known_as(file.name) for file in others):
        return None  # it is nobody's then, or the names are none of people: `hw1_losses_relu.py`
    pieces = [
        piece(StudentRecord(id=name, name=name, handed_in_as=files[0].name), folder.holding(files))
        for name, files in by_student.items()
    ]
    rest = folder.holding(others, remarks=folder.remarks, name=folder.name)
    return Reading(pieces, rest)
