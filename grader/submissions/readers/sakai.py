"""Sakai: a folder with `grades.csv` and a folder for each student, `Smith, Jane(jsmith)`.

As `AssignmentServiceImpl.zipSubmissions` of Sakai writes it. All that is not ASCII is left out of
the folders' names; `grades.csv` has the real ones. A group's folder is `Group title (id)`, and
`grades.csv` lists the members' names.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from msgspec.structs import replace as changed

from grader.errors import UnreadableFile
from grader.students import StudentRecord
from grader.submissions.files import whole
from grader.submissions.names import printable
from grader.submissions.pieces import Piece, Reading, piece
from grader.submissions.readers.naming import named, rest_of
from grader.submissions.tree import Folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.submissions.files import FoundFile

__all__ = ["read"]

SHEET = "grades.csv"
MAX_BYTES = 20 * 2**20
_FOLDER = re.compile(r".*\((?P<id>[^()]+)\)")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d{3}")
ATTACHMENTS = "Submission attachment(s)"
Row = dict[str, str]


def read(folder: Folder) -> Reading | None:
    """Read it, if it is one."""
    sheet = next((file for file in folder.files if file.name == SHEET), None)
    rows = _rows(sheet) if sheet else {}
    found = named(folder.folders, _FOLDER.fullmatch) if rows else []
    if not found:
        return None
    pieces = [
        each
        for student, match in found
        for each in _pieces(student, rows.get(match["id"].strip(), {}), match["id"].strip())
    ]
    return Reading(pieces, rest_of(Folder(folder.name, folders=folder.folders), found))


def _rows(sheet: FoundFile) -> dict[str, Row]:
    """Return the rows by the id that stands in the folder's name; nothing of another table."""
    try:
        lines = whole(sheet, MAX_BYTES).decode("utf-8-sig", "replace").splitlines()
        table = list(csv.reader(lines))
    except (UnreadableFile, csv.Error):
        return {}
    header = next((row for row in table if {"Display ID", "Group ID"} & set(row)), None)
    if header is None:
        return {}
    key = "Display ID" if "Display ID" in header else "Group ID"
    after = table[table.index(header) + 1 :]
    rows = [dict(zip(header, map(printable, row), strict=False)) for row in after]
    return {row[key].strip(): row for row in rows if row.get(key)}


def _pieces(folder: Folder, row: Row, id_: str) -> Iterator[Piece]:
    """Give a piece for the student, or for each member of the group."""
    late = row.get("Late Submission", "")
    record = StudentRecord(
        id=id_,
        submitted_at=_time(row.get("Submission Date", "")),
        late={"Late": True, "On time": False}.get(late),
        handed_in_as=folder.full_name,
    )
    work = _work(folder)
    members = [each.strip() for each in row.get("Users", "").split(";") if each.strip()]
    group = row.get("Group", "")
    for member in members:
        # Their names are all there is, and two may have one.
        yield piece(changed(record, id=f"{member}, {group}", name=member, group=group), work)
    if not members:
        name = f"{row.get('First Name', '')} {row.get('Last Name', '')}".strip()
        yield piece(changed(record, name=name, login=id_), work)


def _work(folder: Folder) -> Folder:
    """Return what a student handed in, without what Sakai put beside it."""
    attachments = [each for each in folder.folders if each.name == ATTACHMENTS]
    texts = [each for each in folder.files if each.name.endswith("_submissionText.html")]
    files = [file for each in attachments for file in each.files]
    folders = [below for each in attachments for below in each.folders]
    remarks = [remark for each in (folder, *attachments) for remark in each.remarks]
    return Folder(
        folder.name,
        files=[*files, *(each for each in texts if each.size)],
        folders=folders,
        remarks=remarks,
    )


def _time(text: str) -> str:
    """Return a time in ISO 8601: Sakai's, or what older ones wrote as 17 digits."""
    digits = _COMPACT.fullmatch(text)
    if digits is None:
        return text
    year, month, day, hour, minute, second = digits.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}Z"
