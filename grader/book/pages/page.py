"""What the page of a book says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING

from grader.book.pages.lists import (
    by_name,
    by_total,
    href_of,
    links_to,
    looked_for,
    of_mistake,
    of_step,
    step_of,
)
from grader.book.pages.table import percent_words
from grader.book.settings import FILE, Order
from grader.courses.mistakes import known_mistakes
from grader.exports.results import Standing
from grader.files.output_folder import LISTS
from grader.reports.classes.class_findings import People
from grader.reports.classes.class_page import Figure, Step
from grader.reports.classes.class_table import Link
from grader.reports.classes.rolls import ROWS
from grader.reports.sheets import STEPS
from grader.text.wording import moment, number, percentage, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.book.book import Book, Line
    from grader.book.pages.lists import List
    from grader.book.pages.table import BookTable, Tables
    from grader.book.recurring import Place, Recurring
    from grader.reports.marks import Footer
    from grader.reports.sheets import SheetLink

__all__ = ["BookPage", "book_page", "how_it_counts"]

PEOPLE_NAMED = 8
WAYS_NAMED = 3


@dataclass(frozen=True)
class HandInRow:
    """How one hand-in went; `counts` is its weight, and empty where none has one."""

    link: Link
    title: str
    graded: str
    students: str
    nothing: str
    mean: str
    share: str
    median: str
    counts: str


@dataclass(frozen=True)
class MistakeRow:
    """A mistake that was made again: by how many, of how many, where first and where again."""

    slug: str
    sentence: str
    count: str
    of: str
    share: str
    ways: tuple[str, ...]
    people: People


@dataclass(frozen=True)
class Group:
    """Students to look at."""

    title: str
    count: str
    people: People


@dataclass(frozen=True)
class BookPage:
    """The whole page.

    Attributes:
        table: everybody, where a page holds them.
        by_name: links to the pages that hold everybody, where one page does not.
        by_total: links to the same, the lowest total first.
    """

    title: str
    lead: str
    figures: tuple[Figure, ...]
    spread: tuple[Step, ...]
    remarks: tuple[str, ...]
    groups: tuple[Group, ...]
    hand_ins: tuple[HandInRow, ...]
    about: tuple[str, ...]
    mistakes: tuple[MistakeRow, ...]
    table: BookTable | None
    by_name: tuple[SheetLink, ...]
    by_total: tuple[SheetLink, ...]
    footer: Footer


def book_page(book: Book, tables: Tables, footer: Footer) -> BookPage:
    """Return what the page says of a book."""
    fits = len(book.lines) <= ROWS
    students = plural(len(book.lines), "student")
    return BookPage(
        title=book.title,
        lead=f"{students} in {plural(len(book.hand_ins), 'hand-in')}",
        figures=tuple(_figures(book)),
        spread=tuple(_spread(book)),
        remarks=book.remarks,
        groups=tuple(_group(each, tables) for each in looked_for(book) if each.lines),
        hand_ins=tuple(_hand_ins(book, tables)),
        about=tuple(how_it_counts(book)),
        mistakes=tuple(_mistake(each, book, tables) for each in book.mistakes),
        table=tables.table(book.lines) if fits else None,
        by_name=() if fits else links_to(by_name(book), f"{LISTS}/"),
        by_total=links_to(by_total(book), f"{LISTS}/"),
        footer=footer,
    )


def how_it_counts(book: Book) -> Iterator[str]:
    """Say in which order the hand-ins are, and how a total is made."""
    if book.order is Order.GRADED:
        yield f"Hand-ins are in the order in which they were graded, as {FILE} says."
    else:
        yield f'Hand-ins are in the order of their names; order = "graded" in {FILE} is by time.'
    if book.weighing.weights is None:
        yield "The total is the points of all hand-ins as a share of those that could be had."
    else:
        yield f"Each hand-in counts by its share of points, with the weights of {FILE}."
    if lowest := book.weighing.drop_lowest:
        many = "hand-in is" if lowest == 1 else f"{lowest} hand-ins are"
        yield f"The lowest {many} dropped for each student, by percentage."
    yield (
        "A blank says that a student is not in a hand-in. That counts neither for nor against, and "
        "so does a hand-in that a student is excused from."
    )
    yield (
        "The change is the last hand-in in percent minus the mean of those before. A mistake "
        "is repeated if it was made again in another exercise of a later hand-in."
    )


def _figures(book: Book) -> Iterator[Figure]:
    yield Figure(f"{len(book.lines):,}", "", "student" if len(book.lines) == 1 else "students")
    totals = [it for line in book.lines if (it := line.total.percent) is not None]
    if totals:
        yield Figure(percent_words(fmean(totals)), "", "mean total")
        yield Figure(percent_words(median(totals)), "", "median total")


def _spread(book: Book) -> Iterator[Step]:
    """Count the students in each tenth of the total."""
    found = [step_of(line) for line in book.lines]
    counts = Counter(each for each in found if each is not None)
    tallest = max(counts.values(), default=0)
    for step in range(STEPS):
        low = 100 * step // STEPS
        yield Step(
            label=str(low),
            words=f"{low} to {low + 100 // STEPS} %",
            count=f"{counts[step]:,}",
            height=percentage(counts[step], tallest),
            href=href_of(of_step(book, step)) if counts[step] else "",
        )


def _group(found: List, tables: Tables) -> Group:
    return Group(found.title, f"{len(found.lines):,}", _people(found, tables))


def _people(found: List, tables: Tables) -> People:
    """Name the first of a list; each name leads to the student's newest page, if there is one."""
    named = tuple(
        Link(_called(line), tables.newest_page_of(line.student))
        for line in found.lines[:PEOPLE_NAMED]
    )
    more = len(found.lines) - PEOPLE_NAMED
    return People(named, f"and {more:,} more" if more > 0 else "", href_of(found))


def _called(line: Line) -> str:
    return line.student.name or line.student.id


def _hand_ins(book: Book, tables: Tables) -> Iterator[HandInRow]:
    for place, hand_in in enumerate(book.hand_ins):
        entries, found = book.entries(place), book.percents(place)
        nothing = sum(each.standing is Standing.NOTHING for each in entries)
        weights = book.weighing.weights
        yield HandInRow(
            link=tables.link(hand_in),
            title=hand_in.title if hand_in.title != hand_in.name else "",
            graded=moment(hand_in.graded_at) if hand_in.graded_at else "",
            students=f"{len(entries):,}",
            nothing=f"{nothing:,}",
            mean=percent_words(fmean(found)) if found else "",
            share=percentage(fmean(found), 100) if found else "0%",
            median=percent_words(median(found)) if found else "",
            counts=number(weights[place] if weights else book.most(place)),
        )


def _mistake(found: Recurring, book: Book, tables: Tables) -> MistakeRow:
    known = known_mistakes(book.course).get(found.slug)
    ways = [
        f"{_place(first, book)} \N{RIGHTWARDS ARROW} {_place(again, book)} ({count:,})"
        for (first, again), count in found.ways.most_common()
    ]
    more = len(ways) - WAYS_NAMED
    return MistakeRow(
        slug=found.slug,
        sentence=known.sentence if known else "",
        count=f"{len(found.repeats):,}",
        of=f"{found.made:,}",
        share=percentage(len(found.repeats), found.made),
        ways=(*ways[:WAYS_NAMED], *([f"and {more} more ways"] if more > 0 else [])),
        people=_people(of_mistake(book, found), tables),
    )


def _place(place: Place, book: Book) -> str:
    return f"{book.hand_ins[place.hand_in].name}, {place.exercise}"
