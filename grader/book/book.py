"""The book of a term: students, hand-ins, totals, and what to check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.book.finding import folders_of, read_hand_ins, unfinished
from grader.book.joining import join
from grader.book.recurring import recurring_mistakes
from grader.book.remarks import remarks
from grader.book.settings import read_settings
from grader.book.totals import Weighing, change, percent
from grader.exports.results import Standing
from grader.text.ordering import in_order
from grader.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.book.hand_ins import Entry, HandIn
    from grader.book.joining import Student
    from grader.book.recurring import Recurring
    from grader.book.settings import Order
    from grader.book.totals import Total
    from grader.courses import Course

__all__ = ["Book", "Line", "make_book"]


@dataclass(frozen=True)
class Line:
    """One student's line.

    Attributes:
        change: how the last hand-in differs from the mean of those before, in percentage points;
            None where there are not two.
    """

    student: Student
    total: Total
    change: float | None


@dataclass(frozen=True)
class Book:
    """All of a term.

    Attributes:
        lines: a line a student, in order of name.
        mistakes: those made again in a later exercise, those of most students first.
        remarks: what to check, as sentences.
    """

    course: Course
    title: str
    order: Order
    weighing: Weighing
    hand_ins: tuple[HandIn, ...]
    lines: tuple[Line, ...]
    mistakes: Sequence[Recurring]
    remarks: tuple[str, ...]

    def entries(self, place: int) -> list[Entry]:
        """Return what there is in one hand-in."""
        found = (line.student.entries[place] for line in self.lines)
        return [each for each in found if each is not None]

    def most(self, place: int) -> float:
        """Return what a hand-in is out of; for some students it may be less."""
        found = (each.max_score for each in self.entries(place) if each.counts)
        return max(found, default=0.0)

    def percents(self, place: int) -> list[float]:
        """Return what students have in a hand-in, in percent, where no grader fault is in it."""
        final = (each for each in self.entries(place) if each.standing is not Standing.FAULT)
        return [it for each in final if (it := percent(each)) is not None]


def make_book(folder: Path, course: Course) -> Book:
    """Read the hand-ins in a folder, and put them together; nothing is written.

    Raises:
        UsageError: there are none, one can't be read or is of another course, two are the same, or
            `book.toml` can't be followed.
    """
    folders = folders_of(folder)
    settings = read_settings(folder)
    hand_ins = read_hand_ins(folders, settings, course)
    students = join(hand_ins, settings)
    students.sort(key=lambda each: (in_order(each.name or each.id), each.id))
    weights = tuple(settings.weights[each.name] for each in hand_ins) if settings.weights else None
    weighing = Weighing(weights, settings.drop_lowest)
    return Book(
        course=course,
        title=settings.title or "The term",
        order=settings.order,
        weighing=weighing,
        hand_ins=tuple(hand_ins),
        lines=tuple(
            Line(each, weighing.total(each.entries), change(each.entries)) for each in students
        ),
        mistakes=recurring_mistakes(students),
        remarks=tuple(map(printable, [*_left_out(folder), *remarks(hand_ins, students, settings)])),
    )


def _left_out(folder: Path) -> Iterator[str]:
    """Say which hand-ins are not in the book."""
    for name in unfinished(folder):
        yield f"{name} is left out: its grading has not finished, so there are no results yet."
