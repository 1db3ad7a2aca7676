"""`changes.csv`: a row for each test of a student that came out otherwise than before."""

from __future__ import annotations

from io import BytesIO
from itertools import chain, repeat
from typing import TYPE_CHECKING

from grader.reports.changes.runs_in_words import why
from grader.reports.changes.wording import outcome
from grader.results.changes import Reason
from grader.text.spreadsheets import write_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from grader.results.changes import Change, Points, TestChange
    from grader.results.students import StudentRecord
    from grader.runs.history.comparing import RunDiff

__all__ = ["CHANGES", "is_own_table", "write_changes"]

CHANGES = "changes.csv"
HEADINGS = (
    "student",
    "name",
    "section",
    "exercise",
    "why",
    "published",
    "score_before",
    "max_before",
    "score",
    "max_score",
    "gain",
    "test",
    "test_before",
    "test_after",
    "test_gain",
)
FAILED = "the grader failed, then or now"

Row = list[str | float]


def is_own_table(path: Path) -> bool:
    """Tell by its first line whether a file is such a table."""
    heading = BytesIO()
    write_table(heading, [HEADINGS])
    with path.open("rb") as file:
        return file.read(len(heading.getvalue())) == heading.getvalue()


def write_changes(file: BinaryIO, diff: RunDiff) -> None:
    """Write the table; who lost most comes first, and what was held back stands at its end."""
    ranked = sorted(diff.changes, key=lambda each: (each.gain, each.student.told_apart))
    shown = chain(zip(ranked, repeat("yes")), zip(diff.held, repeat("no")))
    people = chain(
        _people(diff.new, "new in the class"), _people(diff.gone, "no longer in the class")
    )
    rows = chain.from_iterable(_rows(change, published) for change, published in shown)
    write_table(file, chain([HEADINGS], rows, people))


def _rows(change: Change, published: str) -> Iterator[Row]:
    """Give a row for each test, or one without any."""
    failed = change.reason is Reason.FAULT
    cause = FAILED if failed else why(change)
    gain: str | float = "" if failed else change.gain
    head = [*_who(change.student), change.exercise, cause, published]
    points = [*_points(change.before), *_points(change.after), gain]
    for test in change.tests or [None]:
        yield [*head, *points, *_test(test)]


def _who(student: StudentRecord) -> Row:
    return [student.id, student.name, student.section]


def _points(points: Points | None) -> Row:
    return [points.score, points.of] if points else ["", ""]


def _test(test: TestChange | None) -> Row:
    if test is None:
        return ["", "", "", ""]
    return [test.name, outcome(test.before), outcome(test.after), test.gain]


def _people(students: Iterable[StudentRecord], cause: str) -> Iterator[Row]:
    for student in students:
        row = [*_who(student), "", cause, "yes"]
        yield [*row, *[""] * (len(HEADINGS) - len(row))]
