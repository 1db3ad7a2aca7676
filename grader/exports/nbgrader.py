"""The table that `nbgrader export` writes, for what reads that."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from grader.exports.formats import Format, Outcome
from grader.exports.texts import line, plain
from grader.text.spreadsheets import write_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from grader.exports.formats import Request
    from grader.exports.results import Student

__all__ = ["FORMAT"]

HEAD = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip
NEXT_STEP = "It has the columns of `nbgrader export`, with everything as one assignment."


def _render(request: Request, file: BinaryIO) -> Outcome:
    outcome = Outcome(NEXT_STEP)
    write_table(file, _rows(request, outcome))
    return outcome


def _rows(request: Request, outcome: Outcome) -> Iterator[tuple[str | float, ...]]:
    yield HEAD
    assignment = line(request.results.title).replace("+", " ") or "lab"  # nbgrader takes no +
    for student in outcome.final(request.results.students):
        when = _timestamp(student.submitted_at)
        person = plain(student.student), *_names(student), line(student.email)
        due = _timestamp(student.lateness.due) if student.lateness else ""
        penalty = student.lateness.deduction if student.lateness else 0.0
        scores = student.score + penalty, penalty, student.score, student.max_score
        yield assignment, due, when, *person, *scores
        outcome.written += 1


def _names(student: Student) -> tuple[str, str]:
    """Return last and first name; where nothing says which is which, all of it is the last."""
    last, _, first = line(student.name).partition(", ")
    return last, first


def _timestamp(submitted_at: str) -> str:
    """Return a time as nbgrader has it: UTC, without saying so."""
    try:
        time = datetime.fromisoformat(submitted_at)
    except ValueError:
        return line(submitted_at)
    if time.tzinfo:
        time = time.astimezone(UTC).replace(tzinfo=None)
    return str(time)


FORMAT = Format("nbgrader", "the columns of nbgrader export", "nbgrader.csv", _render)
