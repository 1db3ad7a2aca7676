"""Moodle: folders `Jane Smith_31044_assignsubmission_file`, or all files in one folder.

As `mod/assign/classes/downloader.php` of Moodle writes it: the full name, the participant's number
in this assignment, the kind of hand-in; up to 4.0 the folder's name ends in `_`; without folders
the file's name follows. With blind marking everybody has the same name (`Participant`, in the
site's language). Where teams hand in, it is the team's name and number.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.results.students import StudentRecord
from grader.submissions.naming import named, rest_of
from grader.submissions.pieces import Piece, Reading, piece

if TYPE_CHECKING:
    from grader.submissions.disk.files import FoundFile
    from grader.submissions.disk.tree import Folder

__all__ = ["read"]

_FOLDER = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?")
_FILE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_(?P<file>.+)")


def read(folder: Folder) -> Reading | None:
    """Read it, if it is one."""
    if found := named(folder.folders, _FOLDER.fullmatch):
        is_blind = _is_blind([match for _, match in found])
        pieces = [
            piece(_record(match, each.name, is_blind=is_blind), each) for each, match in found
        ]
        return Reading(pieces, rest_of(folder, found))
    if files := named(folder.files, _FILE.fullmatch):
        is_blind = _is_blind([match for _, match in files])
        pieces = [_of_file(*each, folder, is_blind=is_blind) for each in files]
        return Reading(pieces, rest_of(folder, files))
    return None


def _of_file(file: FoundFile, match: re.Match[str], folder: Folder, *, is_blind: bool) -> Piece:
    record = _record(match, file.name, is_blind=is_blind)
    return piece(record, folder.holding([replace(file, name=match["file"])]))


def _record(match: re.Match[str], called: str, *, is_blind: bool) -> StudentRecord:
    name = "" if is_blind else match["name"]
    return StudentRecord(id=match["id"], name=name, handed_in_as=called)


def _is_blind(matches: list[re.Match[str]]) -> bool:
    """Tell whether several students have one name between them, which is nobody's then."""
    names = {match["name"] for match in matches}
    return len(names) == 1 and len({match["id"] for match in matches}) > 1
