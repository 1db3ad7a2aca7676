"""Read the list of a class, as LMSs and registrars export it: CSV and the like, or XLSX."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from grader.errors import UsageError
from grader.lists.headings import Holds, held_by
from grader.lists.naming import folded
from grader.lists.table import read_table
from grader.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["COLUMNS", "Entry", "Roster", "read_roster"]

MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_UNPACKED = 200 * 2**20  # bytes of a workbook
LOWEST_HEADING = 20  # rows in which the heading is looked for
SHOWN = 12  # columns that an error lists
IDENTITY = (Holds.ID, Holds.LOGIN, Holds.EMAIL)
NAMES = (Holds.NAME, Holds.LAST_NAME, Holds.FIRST_NAME)
TEST_STUDENTS = frozenset({"student test", "test student"})
COLUMNS = {
    "id": Holds.ID,
    "login": Holds.LOGIN,
    "email": Holds.EMAIL,
    "name": Holds.NAME,
    "first": Holds.FIRST_NAME,
    "last": Holds.LAST_NAME,
    "section": Holds.SECTION,
}


@dataclass(frozen=True)
class Entry:
    """One student of the list.

    Attributes:
        ids: what systems call the student by, the first column first.
        name: as it is spoken, `Jane Smith`, also where the list has `Smith, Jane`.
        group: whose work is this student's, too.
        sorted_name: as lists are sorted, `Smith, Jane`, as far as that is known.
        row: which row of the list, from 1.
    """

    ids: tuple[str, ...]
    login: str
    email: str
    name: str
    sorted_name: str
    section: str
    group: str
    row: int

    @property
    def keys(self) -> tuple[str, ...]:
        """All that is surely this student's: ids, login, address."""
        return tuple(filter(None, (*self.ids, self.login, self.email)))

    @property
    def id(self) -> str:
        """What to call the student by."""
        return next(iter(self.keys), self.name)

    @property
    def shown(self) -> str:
        """The student in words."""
        return f"{self.name} ({self.id})" if self.name and self.id != self.name else self.id


@dataclass(frozen=True)
class Roster:
    """The list of a class."""

    entries: tuple[Entry, ...]


class _Line(NamedTuple):
    row: int
    cells: Sequence[str]


def read_roster(path: Path, columns: Mapping[str, str] | None = None) -> Roster:
    """Read a list.

    Args:
        path: a text file with any separator, or a workbook (`.xlsx`).
        columns: headings by what they hold (a key of `COLUMNS`), where they are unusual.

    Raises:
        UsageError: it can't be read, no row looks like a heading, or two students have one id.
    """
    lines = _workbook(path) if _is_workbook(path) else _text(path)
    said = {folded(heading): COLUMNS[kind] for kind, heading in (columns or {}).items()}
    heading, holds = _heading(path, lines, said)
    below = lines[lines.index(heading) + 1 :]
    entries = [entry for line in below if (entry := _entry(line, holds))]
    if not entries:
        raise UsageError(f"{path} lists nobody below its heading in row {heading.row}")
    return Roster(tuple(_each_once(path, entries)))


def _text(path: Path) -> list[_Line]:
    rows = read_table(path).rows[:MAX_ROWS]
    return [_Line(row.line, [*map(printable, row.values)]) for row in rows]


def _is_workbook(path: Path) -> bool:
    try:
        return zipfile.is_zipfile(path)
    except OSError:
        return False


def _workbook(path: Path) -> list[_Line]:
    import openpyxl

    _require_small(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        rows = islice(book.worksheets[0].iter_rows(values_only=True), MAX_ROWS)
        return [
            _Line(number, [printable(_said(cell)) for cell in row[:MAX_COLUMNS]])
            for number, row in enumerate(rows, start=1)
        ]
    except Exception as error:  # of XML and zip, whatever is wrong in them
        raise UsageError(f"{path} can't be read as a workbook (.xlsx): {error}") from error


def _require_small(path: Path) -> None:
    """Refuse a workbook that would fill the memory."""
    with zipfile.ZipFile(path) as parts:
        if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED:
            raise UsageError(f"{path} is too large for the list of a class")


def _said(cell: object) -> str:
    """Return a cell as text: a student's number is one, and no 2026001.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _heading(
    path: Path, lines: Sequence[_Line], said: Mapping[str, Holds]
) -> tuple[_Line, dict[Holds, list[int]]]:
    """Return the first row that tells a student by two things, or by all that was said."""
    for line in lines[:LOWEST_HEADING]:
        kinds = [said.get(folded(cell)) or held_by(cell) for cell in line.cells]
        known = set(kinds) - {None, Holds.SECTION, Holds.GROUP}
        enough = set(said.values()) <= set(kinds) if said else len(known) > 1
        if enough and known:
            holds = {each: [at for at, kind in enumerate(kinds) if kind is each] for each in Holds}
            return line, holds
    first = next((line.cells for line in lines if any(line.cells)), [])
    seen = ", ".join(repr(cell) for cell in first[:SHOWN] if cell) or "nothing"
    raise UsageError(
        f"{path} has no row of headings that tell a student (id, login, e-mail, name); its first "
        f"row has {seen}: name them with --roster-column email='…' (of {', '.join(COLUMNS)})"
    )


def _entry(line: _Line, holds: Mapping[Holds, list[int]]) -> Entry | None:
    """Return a row's student; nothing for sums, points possible and students that are none."""

    def said(kind: Holds) -> list[str]:
        cells = [line.cells[at] for at in holds[kind] if at < len(line.cells)]
        return [cell.lstrip("#").strip() for cell in cells if cell.strip()]

    name, sorted_name = _names(said(Holds.NAME), said(Holds.FIRST_NAME), said(Holds.LAST_NAME))
    known = any(said(kind) for kind in IDENTITY)
    has_identity = any(holds[kind] for kind in IDENTITY)
    if (has_identity and not known) or not (known or name) or folded(name) in TEST_STUDENTS:
        return None
    group = next(iter(said(Holds.GROUP)), "")
    section = ", ".join(dict.fromkeys(said(Holds.SECTION))) or group
    login, email = (next(iter(said(kind)), "") for kind in (Holds.LOGIN, Holds.EMAIL))
    return Entry(tuple(said(Holds.ID)), login, email, name, sorted_name, section, group, line.row)


def _names(whole: Sequence[str], first: Sequence[str], last: Sequence[str]) -> tuple[str, str]:
    """Return a name as it is spoken, and as it is sorted."""
    if whole and not (first and last):
        family, comma, given = map(str.strip, whole[0].partition(","))
        return (f"{given} {family}", f"{family}, {given}") if comma and given else (whole[0], "")
    return " ".join([*first[:1], *last[:1]]), ", ".join([*last[:1], *first[:1]])


def _each_once(path: Path, entries: Sequence[Entry]) -> Iterator[Entry]:
    """Give each student once; a list by sections has some in several rows.

    Raises:
        UsageError: an id is that of two students.
    """
    by_key: dict[str, Entry] = {}
    for entry in entries:
        keys = [key.casefold() for key in entry.keys]
        other = next((by_key[key] for key in keys if key in by_key), None)
        if other is None:
            yield entry
            by_key |= dict.fromkeys(keys, entry)
        elif folded(other.name) != folded(entry.name):
            raise UsageError(
                f"{path}: rows {other.row} and {entry.row} have an id, login or address in common: "
                f"{other.shown}, {entry.shown}"
            )
