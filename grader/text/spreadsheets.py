"""Tables that spreadsheets read, in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from grader.text.characters import LINE_ENDS, any_of
from grader.text.wording import encodable, finite, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import BinaryIO

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

__all__ = ["text_cell", "write_table", "write_workbook"]

FORMULA_STARTS = frozenset("=+-@\N{MINUS SIGN}")  # a spreadsheet runs a cell that begins so
SEPARATORS = any_of(r",;|\t\n\r\v\f\x85", LINE_ENDS)  # of some country or program
SKIPPED = {"Cc", "Cf", "Zs"}  # spaces and invisible characters, which may be trimmed
REMEMBERED = 4096  # texts, most of which stand in many rows
ASCII_FORMULA = re.compile(r"(?:^|[,;|\t\n\r\v\f])[\x00-\x20\x7f]*[=+@-]")


@lru_cache(REMEMBERED)
def text_cell(value: str) -> str:
    """Return a text that a spreadsheet takes as text, also where it takes it for several cells.

    An apostrophe stands before what could begin a formula, also one of full width.
    """
    if value.isascii() and not ASCII_FORMULA.search(value):  # most are
        return value
    text, begins = [], True
    for character in encodable(value):
        plain = unicodedata.normalize("NFKC", character)[:1]
        text += ["'"] if begins and plain in FORMULA_STARTS else []
        text.append(character)
        skipped = unicodedata.category(character) in SKIPPED
        begins = bool(SEPARATORS.match(plain)) or (begins and skipped)
    return "".join(text)


def write_table(
    file: BinaryIO, rows: Iterable[Sequence[str | float]], *, quoted: bool = False
) -> None:
    """Write rows as CSV in UTF-8: numbers as numbers, texts so that none is a formula.

    Args:
        file: stays open.
        rows: the header first.
        quoted: whether every cell stands in quotes, which some programs ask for.
    """
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    table = csv.writer(text, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    for row in rows:
        table.writerow([text_cell(cell) if isinstance(cell, str) else number(cell) for cell in row])
    text.detach()  # flushes; the file stays open


def write_workbook(
    file: BinaryIO, sheets: Mapping[str, Iterable[Sequence[str | float]]], *, fixed: int = 0
) -> None:
    """Write sheets of rows as XLSX: numbers as numbers, an empty text as an empty cell.

    No text is a formula: its cell says that it is text.

    Args:
        file: stays open.
        sheets: by their names, which have 31 characters at most; the header of each comes first.
        fixed: how many columns stay where they are while a sheet is scrolled sideways.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = f"{get_column_letter(fixed + 1)}2"
        for row in rows:
            sheet.append([_workbook_cell(sheet, cell) for cell in row])
    book.save(file)


def _workbook_cell(sheet: WriteOnlyWorksheet, value: str | float) -> object:
    """Return what stands in a cell, with two decimals at most, as in a text table."""
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(value, str):
        return round(finite(value), 2) + 0.0
    if not value:
        return None
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell
