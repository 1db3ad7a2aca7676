"""The table of a book: a row per student, a cell per hand-in."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote

from grader.book.totals import percent
from grader.exports.results import Standing
from grader.files.output_folder import STUDENTS
from grader.pictures import trend
from grader.reports.classes.class_table import Link
from grader.reports.marks import Mark, mark
from grader.results.verdicts import Verdict
from grader.text.wording import number, percentage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.book.book import Book, Line
    from grader.book.hand_ins import HandIn
    from grader.book.joining import Student
    from grader.pictures.shapes import Drawing

__all__ = ["BookTable", "Cell", "Column", "Row", "Tables", "percent_words", "signed"]

MINUS = "\N{MINUS SIGN}"
INDEX = "index.html"
MARKS = {
    Standing.NOTHING: Mark("missing", mark(Verdict.MISSING).sign, "handed in nothing"),
    Standing.UNRECOGNISED: Mark("unreadable", "?", "no file was recognised"),
    Standing.FAULT: Mark("grader-fault", "!", "not final: the grader failed"),
    Standing.EXCUSED: Mark("missing", mark(Verdict.MISSING).sign, "excused by decision"),
    Standing.WAITING: Mark("not-started", "…", "not final: a person is still to grade"),
}
DECIDED = Mark("decided", "*", "with points by decision")
EXCUSED = "excused"


@dataclass(frozen=True)
class Column:
    """The head of a hand-in's column; `about` is what it is out of, and what it counts."""

    link: Link
    title: str
    about: str


@dataclass(frozen=True)
class Cell:
    """What a student has in a hand-in; of one who is not in it, everything is empty.

    Attributes:
        of: the points that could be had, where these are not what others could have.
        mark: what is particular about it, if anything.
    """

    points: str = ""
    of: str = ""
    href: str = ""
    mark: Mark | None = None
    dropped: bool = False


@dataclass(frozen=True)
class Row:
    """One student's row.

    Attributes:
        about: what stands below the name: id, section.
        total: in percent, empty where nothing counts; `share` is the same for a bar.
        counted: how many hand-ins count, where fewer do than of others.
        trend: the percentages as a line, and `change` in words.
    """

    name: str
    about: tuple[str, ...]
    total: str
    share: str
    counted: str
    trend: Drawing
    change: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class BookTable:
    """Some students, with what their rows use."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    legend: tuple[Mark, ...]
    drops: bool


class Tables:
    """Makes tables of a book that is written to a folder; links lead to the hand-ins' pages."""

    def __init__(self, book: Book, output: Path) -> None:
        self._book = book
        self._output = output

    def table(self, lines: Sequence[Line], up: str = "") -> BookTable:
        """Return the table of some students; `up` leads to the book's folder."""
        rows = tuple(self._row(line, up) for line in lines)
        used = {cell.mark for row in rows for cell in row.cells}
        drops = any(cell.dropped for row in rows for cell in row.cells)
        return BookTable(
            columns=tuple(self._column(place, up) for place in range(len(self._book.hand_ins))),
            rows=rows,
            legend=tuple(each for each in (*MARKS.values(), DECIDED) if each in used),
            drops=drops,
        )

    def link(self, hand_in: HandIn, up: str = "") -> Link:
        """Return the link to the class page of a hand-in; without an address if there is none."""
        there = (hand_in.folder / INDEX).is_file()
        return Link(hand_in.name, f"{up}{self._to(hand_in)}/{INDEX}" if there else "")

    def page_of(self, student: Student, place: int, up: str = "") -> str:
        """Return the address of a student's page in a hand-in; empty where there is none."""
        entry, hand_in = student.entries[place], self._book.hand_ins[place]
        if entry is None or entry.page not in self._pages[place]:
            return ""
        return f"{up}{self._to(hand_in)}/{quote(entry.page)}"

    def newest_page_of(self, student: Student, up: str = "") -> str:
        """Return the address of the newest page that there is of a student."""
        places = reversed(range(len(self._book.hand_ins)))
        return next(filter(None, (self.page_of(student, place, up) for place in places)), "")

    @cached_property
    def _pages(self) -> list[frozenset[str]]:
        """The students' pages that there are, by hand-in; a results.json may lie alone."""
        folders = [hand_in.folder / STUDENTS for hand_in in self._book.hand_ins]
        return [
            frozenset(f"{STUDENTS}/{name}" for name in os.listdir(each))
            if each.is_dir()
            else frozenset()
            for each in folders
        ]

    @cached_property
    def _usual(self) -> list[float]:
        """What most students of each hand-in could have; where as many could have more, that."""
        every = map(self._book.entries, range(len(self._book.hand_ins)))
        maxima = [Counter(it.max_score for it in entries if it.counts) for entries in every]
        return [max(each, key=lambda most: (each[most], most), default=0.0) for each in maxima]

    @cached_property
    def _ways(self) -> dict[str, str]:
        """The way from the book's folder to each hand-in's."""
        return {
            each.name: quote(os.path.relpath(each.folder, self._output))
            for each in self._book.hand_ins
        }

    def _to(self, hand_in: HandIn) -> str:
        return self._ways[hand_in.name]

    def _column(self, place: int, up: str) -> Column:
        hand_in, weights = self._book.hand_ins[place], self._book.weighing.weights
        about = f"of {number(self._usual[place])}"
        if weights is not None:
            about += f", counts {number(weights[place])}"
        return Column(self.link(hand_in, up), hand_in.title, about)

    def _row(self, line: Line, up: str) -> Row:
        student, total = line.student, line.total
        fewer = len(total.counted) < len(self._book.hand_ins) - self._book.weighing.drop_lowest
        return Row(
            name=student.name or student.id,
            about=tuple(filter(None, (student.id if student.name else "", student.section))),
            total=percent_words(total.percent),
            share=percentage(total.points, total.of),
            counted=f"{len(total.counted)} of {len(self._book.hand_ins)} count" if fewer else "",
            trend=trend([percent(each) for each in student.entries]),
            change=signed(line.change),
            cells=tuple(self._cell(line, place, up) for place in range(len(student.entries))),
        )

    def _cell(self, line: Line, place: int, up: str) -> Cell:
        entry = line.student.entries[place]
        if entry is None:
            return Cell()
        href = self.page_of(line.student, place, up)
        if entry.standing is Standing.EXCUSED:
            return Cell(points=EXCUSED, href=href)
        return Cell(
            points=number(entry.score),
            of="" if entry.max_score == self._usual[place] else number(entry.max_score),
            href=href,
            mark=MARKS.get(entry.standing, DECIDED if entry.decided else None),
            dropped=place in line.total.dropped,
        )


def percent_words(value: float | None) -> str:
    """Return a percentage with one decimal at most: `84.5 %`."""
    return "" if value is None else f"{round(value, 1) + 0.0:g} %"


def signed(change: float | None) -> str:
    """Return a difference in whole percentage points, with its sign."""
    if change is None:
        return ""
    whole = round(change)
    return f"+{whole}" if whole > 0 else f"{MINUS}{-whole}" if whole < 0 else "0"
