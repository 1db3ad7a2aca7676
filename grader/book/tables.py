"""The book for programs: a table as CSV, and a workbook."""

from __future__ import annotations

from statistics import fmean, median
from typing import TYPE_CHECKING

from grader.exports.results import Standing
from grader.text.spreadsheets import write_table, write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from grader.book.book import Book, Line

__all__ = ["write_csv", "write_xlsx"]

Row = tuple[str | float, ...]
EXCUSED = Standing.EXCUSED
WHO = ("student", "name", "email", "section")
TOTALS = ("score", "max_score", "percent", "change", "dropped", "excused")
OF_A_HAND_IN = (
    "hand_in", "title", "graded_at", "students", "max_score", "weight", "mean_percent",
    "median_percent",
)  # fmt: skip
OF_A_MISTAKE = (
    "student", "name", "mistake", "first_in", "first_exercise", "again_in", "again_exercise",
)  # fmt: skip


def write_csv(file: BinaryIO, book: Book) -> None:
    """Write a row per student, with a column for each hand-in; a blank is not 0."""
    write_table(file, _students(book))


def write_xlsx(file: BinaryIO, book: Book) -> None:
    """Write the same as a workbook, with the hand-ins, the mistakes and what to check."""
    sheets = {
        "Students": _students(book),
        "Hand-ins": _hand_ins(book),
        "Repeated mistakes": _mistakes(book),
        "Please check": (("remark",), *((each,) for each in book.remarks)),
    }
    write_workbook(file, sheets, fixed=2)


def _students(book: Book) -> Iterator[Row]:
    yield (*WHO, *TOTALS, *(each.name for each in book.hand_ins))
    yield from (_student(line, book) for line in book.lines)


def _student(line: Line, book: Book) -> Row:
    student, total = line.student, line.total
    dropped = ", ".join(book.hand_ins[place].name for place in sorted(total.dropped))
    excused = {at for at, it in enumerate(student.entries) if it and it.standing is EXCUSED}
    return (
        student.id,
        student.name,
        student.email,
        student.section,
        total.points,
        total.of,
        _or_blank(total.percent),
        _or_blank(line.change),
        dropped,
        ", ".join(book.hand_ins[place].name for place in sorted(excused)),
        *("" if it is None or at in excused else it.score for at, it in enumerate(student.entries)),
    )


def _or_blank(value: float | None) -> str | float:
    return "" if value is None else value


def _hand_ins(book: Book) -> Iterator[Row]:
    yield OF_A_HAND_IN
    for place, hand_in in enumerate(book.hand_ins):
        found = book.percents(place)
        yield (
            hand_in.name,
            hand_in.title,
            hand_in.graded_at,
            float(len(hand_in.entries)),
            book.most(place),
            _or_blank(book.weighing.weights[place] if book.weighing.weights else None),
            fmean(found) if found else "",
            median(found) if found else "",
        )


def _mistakes(book: Book) -> Iterator[Row]:
    yield OF_A_MISTAKE
    for mistake in book.mistakes:
        for each in mistake.repeats:
            yield (
                each.student.id,
                each.student.name,
                mistake.slug,
                book.hand_ins[each.first.hand_in].name,
                each.first.exercise,
                book.hand_ins[each.again.hand_in].name,
                each.again.exercise,
            )
