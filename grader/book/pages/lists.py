"""Lists of a book's students: everybody in two orders, and those behind each number of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.book.pages.table import percent_words
from grader.files.output_folder import LISTS
from grader.reports.classes.rolls import ROWS
from grader.reports.sheets import STEPS, cut, links_of, links_on, list_href, tenth
from grader.results.page_names import list_name
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.book.book import Book, Line
    from grader.book.pages.table import BookTable, Tables
    from grader.book.recurring import Recurring
    from grader.reports.marks import Footer
    from grader.reports.sheets import SheetLink

__all__ = [
    "BookSheet",
    "List",
    "by_name",
    "by_total",
    "href_of",
    "links_to",
    "lists",
    "looked_for",
    "of_mistake",
    "of_step",
    "sheets",
    "step_of",
]

FELL = 20  # percentage points below the mean of what a student had before


@dataclass(frozen=True)
class List:
    """Some students in some order.

    Attributes:
        name: what its pages are called.
        title: who they are.
        said_by_total: whether a page of it is known by its totals, and not by its names.
    """

    name: str
    title: str
    lines: Sequence[Line]
    said_by_total: bool = False


@dataclass(frozen=True)
class BookSheet:
    """One page of a list."""

    file: str
    book: str
    title: str
    lead: str
    links: tuple[SheetLink, ...]
    table: BookTable
    footer: Footer


def lists(book: Book) -> Iterator[List]:
    """Give every list that the page of a book links to."""
    yield by_total(book)
    if len(book.lines) > ROWS:  # else they stand on the page itself
        yield by_name(book)
    yield from looked_for(book)
    yield from (of_step(book, step) for step in range(STEPS))
    yield from (of_mistake(book, mistake) for mistake in book.mistakes)


def by_name(book: Book) -> List:
    """Return everybody in the order of the names."""
    return List("by-name", "Students by name", book.lines)


def by_total(book: Book) -> List:
    """Return everybody, the lowest total first; those without one come last."""
    ranked = sorted(book.lines, key=lambda line: (line.total.percent is None, _percent(line)))
    return List("by-total", "Students by total, lowest first", ranked, said_by_total=True)


def looked_for(book: Book) -> tuple[List, ...]:
    """Return whom a teacher looks for first: who fell, and who is not in the newest hand-in."""
    newest = book.hand_ins[-1].name
    there = [line for line in book.lines if line.student.entries[-1]]
    fell = sorted(
        (line for line in there if line.change is not None and line.change <= -FELL),
        key=lambda line: line.change or 0.0,
    )
    gone = [line for line in book.lines if line.student.entries[-1] is None]
    return (
        List("fell", f"are {FELL} % points or more below their earlier mean in {newest}", fell),
        List("not-in-the-newest", f"are not in {newest}", gone),
    )


def of_step(book: Book, step: int) -> List:
    """Return those whose totals are in one tenth."""
    low = 100 * step // STEPS
    lines = [line for line in book.lines if step_of(line) == step]
    return List(f"total-{low}", f"{low} to {low + 100 // STEPS} % of the total", lines)


def step_of(line: Line) -> int | None:
    """Return the tenth that a total is in, from 0; all points belong to the last."""
    if line.total.percent is None:
        return None
    return tenth(line.total.points, line.total.of)


def of_mistake(book: Book, mistake: Recurring) -> List:
    """Return those who made a mistake again, in the order of the names."""
    whose = {id(each.student) for each in mistake.repeats}
    lines = [line for line in book.lines if id(line.student) in whose]
    return List(f"mistake-{mistake.slug}", f"Made again: {mistake.slug}", lines)


def href_of(found: List) -> str:
    """Return where the book's page finds a list."""
    return list_href(found.name)


def links_to(found: List, folder: str = "") -> tuple[SheetLink, ...]:
    """Return links to all pages of a list, each said by its first and last student."""
    pages = cut(found.lines, ROWS)
    return links_of(
        found.name, ((_label(found, page[0]), _label(found, page[-1])) for page in pages), folder
    )


def sheets(found: List, book: Book, tables: Tables, footer: Footer) -> Iterator[BookSheet]:
    """Cut a list into pages; one without students has none."""
    links = links_to(found)
    for page, lines in enumerate(cut(found.lines, ROWS)):
        yield BookSheet(
            file=f"{LISTS}/{list_name(found.name, page + 1)}",
            book=book.title,
            title=found.title,
            lead=plural(len(found.lines), "student"),
            links=links_on(links, page),
            table=tables.table(lines, up="../"),
            footer=footer,
        )


def _label(found: List, line: Line) -> str:
    if found.said_by_total:
        return percent_words(line.total.percent) or "no total"
    return line.student.name or line.student.id


def _percent(line: Line) -> float:
    return line.total.percent or 0.0
