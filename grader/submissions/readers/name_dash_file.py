"""Classroom, Schoolwork: all files side by side, each `Jane Smith - hw1_losses.py`."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from grader.results.students import StudentRecord
from grader.submissions.layout import is_part
from grader.submissions.naming import named, rest_of
from grader.submissions.pieces import Reading, piece

if TYPE_CHECKING:
    from grader.submissions.disk.files import FoundFile
    from grader.submissions.disk.tree import Folder

__all__ = ["read"]

_FILE = re.compile(r"(?P<name>[^-].*?) - (?P<file>.+)")


def read(folder: Folder) -> Reading | None:
    """Read it, if it is one; no copy (`hw1_losses - Copy.py`) or part (`week 2 - hw2.py`)."""
    found = named(folder.files, partial(_fits, folder))
    has_work = any(folder.known_as(match["file"]) for _, match in found)
    if len(found) <= len(folder.folders) or not has_work:
        return None
    by_student: dict[str, list[FoundFile]] = defaultdict(list)
    for file, match in found:
        by_student[match["name"]].append(replace(file, name=match["file"]))
    pieces = [
        piece(StudentRecord(id=name, name=name, handed_in_as=name), folder.holding(files))
        for name, files in by_student.items()
    ]
    return Reading(pieces, rest_of(folder, found))


def _fits(folder: Folder, name: str) -> re.Match[str] | None:
    match = _FILE.fullmatch(name)
    if match is None or is_part(match["name"]) or folder.known_as(f"{match['name']}.py"):
        return None
    return match
