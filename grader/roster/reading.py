"""Read the list of a class, as LMSs and registrars export it: CSV and the like, or XLSX."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.lists.naming import folded
from grader.roster.entries import Entry, Roster
from grader.roster.heading import find_heading, unrecognised
from grader.roster.lines import tables_in
from grader.roster.listed import ListedRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.lists.headings import Holds
    from grader.roster.lines import Line

__all__ = ["read_roster"]

NAMED = 5


def read_roster(path: Path, columns: Mapping[str, str] | None = None) -> Roster:
    """Read a list: the first sheet, or the first encoding, that has a row of headings.

    Args:
        path: a text file with any separator, or a workbook (`.xlsx`).
        columns: headings by what they hold (a key of `COLUMNS`), where they are unusual.

    Raises:
        UsageError: it can't be read, no row looks like a heading, two students have one id, or
            there is nobody.
    """
    said = columns or {}
    first: list[Line] = []
    with closing(tables_in(path)) as tables:
        for lines in tables:
            first = first or lines
            if found := find_heading(lines, said):
                heading, holds = found
                below = lines[lines.index(heading) + 1 :]
                return _people_in(path, below, heading, holds)
    raise unrecognised(path, first, said)


def _people_in(
    path: Path, lines: Sequence[Line], heading: Line, holds: Mapping[Holds, list[int]]
) -> Roster:
    """Return the students below a heading, each once."""
    rows = [ListedRow(line, holds) for line in lines if any(line.cells)]
    nobody = [row for row in rows if row.is_nobody]
    staff = [row for row in rows if row.is_staff and not row.is_nobody]
    students = [row for row in rows if not row.is_nobody and not row.is_staff]
    if not students:
        raise UsageError(f"{path} lists no student below its heading in row {heading.row}")
    numbered_by = _numbered_by(heading, students)
    remarks = [
        *_remark([row for row in nobody if not row.is_usual], "they have no id, login or address"),
        *_remark(staff, "they teach"),
    ]
    return Roster(tuple(_each_once(path, students, numbered_by)), numbered_by, tuple(remarks))


def _numbered_by(heading: Line, rows: Sequence[ListedRow]) -> str:
    """Return which LMS's own numbers a list has: a gradebook of Canvas, a worksheet of Moodle."""
    cells = [folded(cell) for cell in heading.cells]
    if cells[:2] == ["student", "id"] or cells[:3] == ["lastname", "firstname", "id"]:
        return "Canvas"
    words = {match[1] if (match := row.participant) else "" for row in rows}
    return "Moodle" if len(words) == 1 and "" not in words else ""


def _remark(rows: Sequence[ListedRow], why: str) -> Iterator[str]:
    """Name rows of the list that were taken for no students."""
    named = ", ".join(f"{row.called} (row {row.number})" for row in rows[:NAMED])
    more = f" and {len(rows) - NAMED} more" if len(rows) > NAMED else ""
    if rows:
        yield f"Not taken for students, as {why}: {named}{more}."


def _each_once(path: Path, rows: Sequence[ListedRow], numbered_by: str) -> list[Entry]:
    """Return each student once; a list by sections has some in several rows.

    Raises:
        UsageError: an id is that of two students.
    """
    students: list[Entry] = []
    by_mark: dict[tuple[int, str], int] = {}
    for row in rows:
        entry, marks = row.entry(numbered_by), row.marks
        place = next((by_mark[mark] for mark in marks if mark in by_mark), len(students))
        if place == len(students):
            students.append(entry)
        elif folded(students[place].name) == folded(entry.name):
            students[place] = _in_both(students[place], entry)
        else:
            raise UsageError(
                f"{path}: rows {students[place].row} and {entry.row} have an id or login in "
                f"common: {students[place].shown}, {entry.shown}"
            )
        by_mark |= dict.fromkeys(marks, place)
    return students


def _in_both(one: Entry, other: Entry) -> Entry:
    """Return a student of two sections."""
    sections = dict.fromkeys(filter(None, (one.section, other.section)))
    groups = dict.fromkeys(filter(None, (one.group, other.group)))
    return replace(one, section=", ".join(sections), group=", ".join(groups))
