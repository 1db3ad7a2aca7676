"""Sakai: a folder for each student, `Smith, Jane(jsmith)`, and `grades.csv` beside them.

As `AssignmentServiceImpl.zipSubmissions` of Sakai writes it. All that is not ASCII is left out of
the folders' names; `grades.csv`, if it was asked for, has the real ones. It is in the language of
the site, so its columns go by their places, as Sakai's own upload has it. A group's folder is
`Group title (id)`, and `grades.csv` lists the members' names. Without folders, the folder's name
stands before each file's.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from msgspec.structs import replace as changed

from grader.errors import UnreadableFile
from grader.results.students import StudentRecord
from grader.submissions.disk.files import whole
from grader.submissions.disk.names import printable
from grader.submissions.naming import named, rest_of
from grader.submissions.pieces import Piece, Reading, piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.submissions.disk.files import FoundFile
    from grader.submissions.disk.tree import Folder

__all__ = ["read"]

SHEET, STAMP = "grades.csv", "timestamp.txt"
MAX_BYTES = 20 * 2**20
HEADS = 3  # rows: the title, an empty one, the heads
OF_A_GROUP = 6  # columns: the title, the id, the members, the grade, when, whether late
_FOLDER = re.compile(r".*\((?P<id>[^()]+)\)")
_FILE = re.compile(r"(?P<who>.*?\((?P<id>[^()]+)\))_(?:Submission attachment\(s\)_)?(?P<file>.+)")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d{3}")
_SAKAIS_OWN = re.compile(r"timestamp\.txt|comments\.txt|feedbackText\.html")
_TEXT = "_submissionText.html"
ATTACHMENTS = "Submission attachment(s)"
LATENESS = {"Late": True, "On time": False}


@dataclass(frozen=True)
class Row:
    """What `grades.csv` says of a student or a group."""

    name: str = ""
    group: str = ""
    members: tuple[str, ...] = ()
    submitted_at: str = ""
    late: bool | None = None


def read(folder: Folder) -> Reading | None:
    """Read it, if it is one."""
    sheet = next((file for file in folder.files if file.name == SHEET), None)
    rows = _rows(sheet) if sheet else {}
    if found := named(folder.folders, _FOLDER.fullmatch):
        sakais = [match["id"] for each, match in found if match["id"] in rows or _is_sakais(each)]
        if not sakais or 2 * len(sakais) < len(found) or len(set(sakais)) < len(sakais):
            return None  # others, such as `kim (1)`, of whom one handed in a file of such a name
        pieces = [
            one for each, match in found for one in _pieces(match["id"], rows, each.full_name, each)
        ]
        return Reading(
            pieces, rest_of(folder.holding(folders=folder.folders, name=folder.name), found)
        )
    files = named([each for each in folder.files if each is not sheet], _FILE.fullmatch)
    if not any(ATTACHMENTS in each.name for each, _ in files):
        return None
    by_student: dict[tuple[str, str], list[FoundFile]] = defaultdict(list)
    for file, match in files:
        by_student[match["id"], match["who"]].append(replace(file, name=match["file"]))
    pieces = [
        one
        for (id_, who), own in by_student.items()
        for one in _pieces(id_, rows, who, folder.holding(own))
    ]
    return Reading(pieces)


def _is_sakais(student: Folder) -> bool:
    """Tell by what lies in it whether a folder is one of Sakai's."""
    attachments = any(each.name == ATTACHMENTS for each in student.folders)
    return attachments or any(each.name == STAMP for each in student.files)


def _rows(sheet: FoundFile) -> dict[str, Row]:
    """Return the rows by the id that stands in the folder's name; nothing of another table."""
    try:
        text = whole(sheet, MAX_BYTES).decode("utf-8-sig", "replace")
        semicolon, comma = (
            list(csv.reader(io.StringIO(text, newline=""), delimiter=each)) for each in ";,"
        )
    except (UnreadableFile, csv.Error):
        return {}
    table = max(comma, semicolon, key=lambda rows: len(rows[HEADS - 1]) if len(rows) > HEADS else 0)
    columns = len(table[HEADS - 1]) if len(table) > HEADS else 0
    rows = [[printable(cell).strip() for cell in row] for row in table[HEADS:] if len(row) > 4]
    return {row[1]: _row(row, is_group=columns == OF_A_GROUP) for row in rows}


def _row(row: Sequence[str], *, is_group: bool) -> Row:
    time, lateness = (*row[-2:],) if len(row) >= OF_A_GROUP else ("", "")
    about = Row(submitted_at=_time(time), late=LATENESS.get(lateness))
    if is_group:
        members = tuple(each.strip() for each in row[2].split(";") if each.strip())
        return replace(about, group=row[0], members=members)
    return replace(about, name=f"{row[3]} {row[2]}".strip())


def _pieces(id_: str, rows: dict[str, Row], called: str, folder: Folder) -> Iterator[Piece]:
    """Give a piece for the student, or for each member of the group."""
    row, work = rows.get(id_, Row()), _work(folder)
    time = row.submitted_at or _stamp(folder)
    record = StudentRecord(id=id_, submitted_at=time, late=row.late, handed_in_as=called)
    for member in row.members:
        # Their names are all there is, and two may have one.
        about = {"id": f"{member}, {row.group}", "name": member, "group": row.group}
        yield piece(changed(record, **about), work)
    if not row.members:
        yield piece(changed(record, name=row.name, login=id_), work)


def _work(student: Folder) -> Folder:
    """Return what a student handed in, without what Sakai put beside it."""
    attachments = [each for each in student.folders if each.name == ATTACHMENTS] or student.folders
    return student.holding(
        name=student.name,
        files=[*(file for each in attachments for file in each.files), *_handed_in(student.files)],
        folders=[below for each in attachments for below in each.folders],
        remarks=[remark for each in (student, *attachments) for remark in each.remarks],
    )


def _handed_in(files: Sequence[FoundFile]) -> Iterator[FoundFile]:
    """Leave out what Sakai adds: times, comments, and texts that nobody wrote."""
    for file in files:
        if file.name.endswith(_TEXT):
            yield from [replace(file, name="text entry.html")] if file.size else []
        elif not _SAKAIS_OWN.fullmatch(file.name):
            yield file


def _stamp(student: Folder) -> str:
    """Return the time that Sakai put beside the work, if it did."""
    stamp = next((file for file in student.files if file.name == STAMP), None)
    try:
        return _time(printable(stamp.read(100).decode("ascii", "replace"))) if stamp else ""
    except UnreadableFile:
        return ""


def _time(text: str) -> str:
    """Return a time in ISO 8601: Sakai's, or what older ones wrote as 17 digits."""
    digits = _COMPACT.fullmatch(text)
    if digits is None:
        return text
    year, month, day, hour, minute, second = digits.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}Z"
