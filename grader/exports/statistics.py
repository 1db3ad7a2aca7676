"""Every student's every test in one table, for one's own statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.exports.formats import Format, Outcome
from grader.exports.texts import YES_NO, line, plain
from grader.results.verdicts import Verdict
from grader.text.spreadsheets import write_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from grader.exports.formats import Request
    from grader.exports.results import ExerciseEntry

__all__ = ["FORMAT"]

HEAD = (
    "student", "name", "section", "late", "exercise", "test", "title", "public", "verdict",
    "mistake", "score", "max_score",
)  # fmt: skip
NEXT_STEP = "It has a row per test, and names the hidden ones: keep it from students."


def _render(request: Request, file: BinaryIO) -> Outcome:
    outcome = Outcome(NEXT_STEP)
    write_table(file, _rows(request, outcome))
    return outcome


def _rows(request: Request, outcome: Outcome) -> Iterator[tuple[str | float, ...]]:
    """Give everybody's rows: a table that is no mark leaves nobody out."""
    yield HEAD
    for student in request.results.students:
        person = (
            plain(student.student),
            line(student.name),
            line(student.section),
            YES_NO[student.late],
        )
        for exercise in student.exercises:
            yield from ((*person, *row) for row in _tests(exercise))
        outcome.written += 1


def _tests(exercise: ExerciseEntry) -> Iterator[tuple[str | float, ...]]:
    for test in exercise.tests:
        fault = test.verdict is Verdict.GRADER_FAULT  # its points were not judged
        points = ("", "") if fault else (test.score, test.max_score)
        yield (
            exercise.exercise,
            test.name,
            line(test.title),
            YES_NO[test.public],
            test.verdict.value,
            test.mistake or "",
            *points,
        )


FORMAT = Format("csv", "a row per student and test, for statistics", "tests.csv", _render)
