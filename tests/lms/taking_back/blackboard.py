"""Blackboard: "Work Offline", "Upload".

Blackboard's help ("Uploading or Downloading Grade Center Items for Working Offline"), and the
examples of nbeaver/offline-grades-upload:

- Tab- or comma-separated; with commas, every cell in quotes. UTF-16 or UTF-8.
- Students are found by `Username`, columns by the number after `|` at the end of the head. A column
  without one makes a *new* text column that is worth nothing.
- `Incomplete` empties a mark; a number is a mark; `Needs Grading` and `In Progress` are what the
  download has where there is none, and change nothing.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from lms.people import CLASS
from lms.taking_back.refusing import Refused, number, table

__all__ = ["Uploaded", "upload"]

ABOUT_STUDENTS = (
    "Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability",
)  # fmt: skip
NO_MARK = re.compile(r"|(Needs Grading|In Progress)(\(.*\))?|Incomplete")


@dataclass
class Uploaded:
    """What an upload changes.

    Attributes:
        marks: by the column's number and the login.
        new_columns: heads without a number, which make columns worth nothing.
        unknown: usernames that are not in the course.
    """

    marks: dict[int, dict[str, float]] = field(default_factory=dict)
    new_columns: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def upload(content: bytes) -> Uploaded:
    """Upload marks.

    Raises:
        Refused: there is no column of usernames, or a row has too many or too few cells.
    """
    text = _decoded(content)
    first = text.partition("\n")[0]
    header, *rows = table(text, "\t" if "\t" in first else ",")
    if "Username" not in header:
        raise Refused("it has no Username")
    uploaded = Uploaded()
    columns = {}
    for place, head in enumerate(header):
        found = re.search(r"\|\s*(\d+)\s*$", head)
        if found:
            columns[place] = int(found[1])
        elif head.strip() not in ABOUT_STUDENTS:
            uploaded.new_columns.append(head)
    for row in filter(None, rows):
        if len(row) != len(header):
            raise Refused(f"{len(row)} cells, and {len(header)} heads")
        _mark(uploaded, columns, row[header.index("Username")], row)
    return uploaded


def _decoded(content: bytes) -> str:
    boms = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    try:
        return content.decode("utf-16" if content.startswith(boms) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("neither UTF-8 nor UTF-16") from error


def _mark(uploaded: Uploaded, columns: dict[int, int], login: str, row: list[str]) -> None:
    if login not in {each.login for each in CLASS}:
        uploaded.unknown.append(login)
        return
    for place, column in columns.items():
        if not NO_MARK.fullmatch(row[place]):
            uploaded.marks.setdefault(column, {})[login] = number(row[place])
