"""Write a book: its pages, a table and a workbook."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from grader.book.finding import TABLE
from grader.book.hand_ins import RESULTS
from grader.book.pages.lists import lists, sheets
from grader.book.pages.page import book_page
from grader.book.pages.table import INDEX, Tables
from grader.book.tables import write_csv, write_xlsx
from grader.errors import UsageError
from grader.files.output_folder import LISTS, OutputFolder
from grader.reports.marks import Footer
from grader.reports.pages import Pages
from grader.reports.placing import OwnFiles

if TYPE_CHECKING:
    from pathlib import Path

    from grader.book.book import Book

__all__ = ["require_own", "write_book"]

FILES = {TABLE: write_csv, "book.xlsx": write_xlsx}


def require_own(output: Path) -> None:
    """Refuse a folder that holds the reports of a hand-in.

    Raises:
        UsageError: it does.
    """
    if (output / RESULTS).exists():
        raise UsageError(
            f"{output} holds the reports of a hand-in: name another folder with --output"
        )


def write_book(book: Book, output: Path) -> tuple[Path, ...]:
    """Write the files of a book in their folder, the page last; each is whole or not there.

    Returns:
        Files that stood at a place of ours and were not ours, where they are now.

    Raises:
        UsageError: the folder is not ours to write to.
    """
    require_own(output)
    with OutputFolder(output), OwnFiles(output) as own:
        for name, write in FILES.items():
            with own.replacing_bytes(name) as file:
                write(file, book)
        _write_pages(book, own)
        return tuple(own.kept_aside)


def _write_pages(book: Book, own: OwnFiles) -> None:
    pages, tables = Pages(), Tables(book, own.folder)
    footer = Footer((("made", f"{datetime.now().astimezone():%Y-%m-%d %H:%M}"),), "")
    written = set()
    for found in lists(book):
        for sheet in sheets(found, book, tables, footer):
            own.write(sheet.file, pages.book_list(sheet))
            written.add(sheet.file)
    own.keep_only(LISTS, written)
    own.write(INDEX, pages.book(book_page(book, tables, footer)))
