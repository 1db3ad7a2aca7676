"""The lines of a list: of a text with any separator, or of a workbook."""

from __future__ import annotations

import zipfile
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from grader.errors import UsageError
from grader.lists.table import Table, read_table
from grader.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

__all__ = ["Line", "tables_in"]

MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_SHEETS = 20
MAX_UNPACKED = 200 * 2**20  # bytes of a workbook
# What spreadsheets write in China, Japan and Taiwan; the headings tell which it is.
OLDER_ENCODINGS = ("gb18030", "cp932", "big5")


class Line(NamedTuple):
    """One line of a table: its number, from 1, and what its cells say."""

    row: int
    cells: Sequence[str]


def tables_in(path: Path) -> Generator[list[Line]]:
    """Give what may be the list, the likeliest first: sheets, or a text as its letters are read.

    Raises:
        UsageError: it can't be read.
    """
    return _sheets(path) if _is_workbook(path) else _texts(path)


def _texts(path: Path) -> Generator[list[Line]]:
    table = read_table(path)
    yield _lines(table)
    if not table.is_of_windows:
        return
    content = table.content()
    for encoding in OLDER_ENCODINGS:
        try:
            text = content.decode(encoding)
            yield _lines(Table.parse(text.encode()))
        except ValueError:  # of a letter, or of quotes
            continue


def _lines(table: Table) -> list[Line]:
    return [Line(row.line, [*map(printable, row.values)]) for row in table.rows[:MAX_ROWS]]


def _is_workbook(path: Path) -> bool:
    try:
        return zipfile.is_zipfile(path)
    except OSError:
        return False


def _sheets(path: Path) -> Generator[list[Line]]:
    import openpyxl

    _require_small(path)
    try:
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
            for sheet in book.worksheets[:MAX_SHEETS]:
                sheet.reset_dimensions()  # some programs write that a sheet has one cell
                rows = islice(sheet.iter_rows(values_only=True), MAX_ROWS)
                yield [
                    Line(number, [printable(_said(cell)) for cell in row[:MAX_COLUMNS]])
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
