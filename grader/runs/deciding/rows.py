"""`decisions.csv` beside `decisions.toml`: the same entries from a spreadsheet, a row for each.

    student,exercise,test,add,excused,reason
    4401,hw3,test_rows_add_up,2,,The test was too strict.
    4402,,,,yes,Ill

The first line names the columns, which are the keys of an entry; an empty cell says nothing. A row
that only names a student or what it would be about is one that is prepared, and decides nothing.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from grader.courses.declared.strict import meant
from grader.lists.table import read_table
from grader.runs.deciding.entries import EXPECTED
from grader.runs.deciding.entries_file import EntriesFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.courses import Course
    from grader.courses.declared.strict import Place
    from grader.errors import UsageError
    from grader.lists.table import Row
    from grader.runs.deciding.entries_file import Found

__all__ = ["read_rows"]

WORDS = {
    **dict.fromkeys(("true", "yes", "x", "1"), True),
    **dict.fromkeys(("false", "no", "0"), False),
}
FLAGS = {"everybody", "excused", "dropped"}
NUMBERS = {"points", "add", "weight"}
WHOLE = {"late_days"}
PREPARED = {"student", "exercise", "test"}  # what a row is about, without what is decided
BETWEEN = re.compile(r"[\s-]+")  # of a heading's words: `late days`, `hand-in`


def read_rows(path: Path, course: Course) -> tuple[list[Found], list[UsageError]]:
    """Read a table of decisions; return its entries and what can't be meant.

    Raises:
        UsageError: it can't be read, or a column has no name that is known.
    """
    rows = [row for row in read_table(path).rows if any(row.values)]
    if not rows:
        return [], []
    file = _RowsFile(path, rows)
    return file.checked(file.tables, course)


class _RowsFile(EntriesFile):
    """A table while it is read."""

    def __init__(self, file: Path, rows: list[Row]) -> None:
        super().__init__(file, "")
        self._columns = list(self._named(rows[0]))
        found = [(row.line, self._table(row)) for row in rows[1:]]
        said = [(line, table) for line, table in found if table.keys() - PREPARED]
        self._lines = [line for line, _ in said]
        self.tables = [table for _, table in said]

    def line_of(self, place: Place) -> int:
        """Return the line of an entry's row."""
        return self._lines[int(place[1])]

    def _named(self, heading: Row) -> Iterator[str]:
        """Give the key of each column; none for one without a heading."""
        earlier: set[str] = set()
        for name in heading.values:
            key = BETWEEN.sub("_", name.casefold())
            if name and key not in EXPECTED:
                words = f"the first line names the columns; {meant(key, EXPECTED)}"
                raise self._error_in(heading.line, f"there is no column {name!r}: {words}")
            if key and key in earlier:
                raise self._error_in(heading.line, f"two columns are called {name!r}")
            earlier.add(key)
            yield key

    def _table(self, row: Row) -> dict[str, Any]:
        said = list(enumerate(row.values))
        for number, text in said:
            if text and not "".join(self._columns[number : number + 1]):
                raise self._error_in(row.line, f"{text!r} stands in a column without a name")
        values = {self._columns[number]: text for number, text in said if text}
        table = {key: _value(key, text) for key, text in values.items()}
        return {key: value for key, value in table.items() if value is not False}


def _value(key: str, text: str) -> object:
    """Return what a cell says; where that is none of its kind, its text."""
    if key in FLAGS:
        return WORDS.get(text.casefold(), text)
    if key in NUMBERS:
        with suppress(ValueError):
            return float(text.replace(",", "."))
    if key in WHOLE:
        with suppress(ValueError):
            return int(text)
    return text
