"""A table that an LMS gave: single cells are set, everything else stays byte for byte."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Row", "Table", "read_table"]

MAX_BYTES = 64 * 2**20  # 10,000 students with a hundred columns are a tenth of it
SEPARATORS = (",", ";", "\t", "|")
WINDOWS = "cp1252"
LOOKED_AT = 10  # rows that decide what separates the cells
DECLARED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # how Excel is told
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods; .xls as before 2007
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass
class Row:
    """One row as it is written.

    Attributes:
        cells: their raw text, with the quotes.
        end: the line end; empty in a last row without one.
        line: where it begins, from 1.
    """

    cells: list[str]
    end: str
    line: int

    def __getitem__(self, column: int) -> str:
        """Return what a cell says, without quotes and outer blanks; nothing past the end."""
        return _said(self.cells[column]) if column < len(self.cells) else ""

    @property
    def values(self) -> list[str]:
        """What all cells say."""
        return [_said(cell) for cell in self.cells]


@dataclass
class Table:
    """A table of text.

    Attributes:
        rows: all of them, also blank ones.
        separator: what stands between two cells.
    """

    rows: list[Row]
    separator: str
    _bom: bytes
    _encoding: str

    @classmethod
    def parse(cls, content: bytes) -> Table:
        """Take a text apart.

        Raises:
            ValueError: it is no text, or a quoted cell does not end.
        """
        bom, encoding = _encoding(content)
        text = content[len(bom) :].decode(encoding, "surrogateescape")
        if "\0" in text:
            raise ValueError("it is not a text file")
        separator = _separator(text)
        return cls(list(_rows(text, separator)), separator, bom, encoding)

    def content(self) -> bytes:
        """Return the bytes of the whole table."""
        text = "".join(self.separator.join(row.cells) + row.end for row in self.rows)
        return self._bom + text.encode(self._encoding, "surrogateescape")

    @property
    def is_of_windows(self) -> bool:
        """Whether its letters are written as older Windows programs write them."""
        return self._encoding == WINDOWS

    def put(self, row: Row, column: int, number: str) -> None:
        """Set a cell, quoted if it was or must be; a row that ends before it is made longer."""
        row.cells += [""] * (column + 1 - len(row.cells))
        quoted = row.cells[column].strip().startswith('"') or self.separator in number
        row.cells[column] = f'"{number}"' if quoted else number


def read_table(path: Path) -> Table:
    """Read a file that an LMS gave: CSV and the like, in UTF-8, UTF-16 or Windows' encoding.

    Raises:
        UsageError: there is none, it can't be read, or it is no such table.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from error
    if content.startswith(WORKBOOKS):
        raise UsageError(f"{path} is a workbook: pass the text file that the LMS gave")
    if len(content) > MAX_BYTES:
        raise UsageError(
            f"{path} is larger than {MAX_BYTES // 2**20} MB: that is no table of marks"
        )
    try:
        return Table.parse(content)
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is damaged: it is not {error.encoding} text") from error
    except ValueError as error:
        raise UsageError(f"{path} can't be read as a table: {error}") from error


def _encoding(content: bytes) -> tuple[bytes, str]:
    """Return the mark at the beginning, and the encoding."""
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return bom, encoding
    if content[1:20:2].count(0) > 5:
        return b"", "utf-16-le"
    try:
        content.decode()
    except UnicodeDecodeError:
        return b"", WINDOWS
    return b"", "utf-8"


def _separator(text: str) -> str:
    """Return what separates the cells: what the file declares, or what makes most of them."""
    if declared := DECLARED.match(text):
        return declared[1]
    counts = {each: _cells_at_first(text, each) for each in SEPARATORS}
    if counts[";"] == max(counts.values()) and ";" in text:
        return ";"  # as many commas are those of `Smith, Jane`
    return max(counts, key=counts.__getitem__)


def _cells_at_first(text: str, separator: str) -> int:
    return sum(len(row.cells) for row in islice(_rows(text, separator), LOOKED_AT))


def _rows(text: str, separator: str) -> Iterator[Row]:
    """Take rows apart; a separator or a line end inside of quotes belongs to its cell."""
    sign = re.escape(separator)
    outside = rf"[^{sign}\r\n]*"
    cell = rf'(?P<quoted>"[^"]*(?:""[^"]*)*"{outside})|(?P<bare>{outside})'
    cells: list[str] = []
    line = begins = 1
    for match in re.finditer(rf"(?:{cell})(?P<end>{sign}|\r\n|\r|\n|\Z)", text):
        quoted, bare, end = match.groups()
        if not cells and match.start() == len(text):
            return
        if bare and bare.startswith('"'):
            raise ValueError(f"the quotes that begin in line {line} are never closed")
        cells.append(quoted or bare)
        line += len((quoted or "").splitlines()[1:])
        if end != separator:
            yield Row(cells, end, begins)
            line = begins = line + 1
            cells = []


def _said(cell: str) -> str:
    bare = cell.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        bare = bare[1:-1].replace('""', '"')
    return bare.strip()
