"""Render a run for programs: `results.json` and `grades.csv`."""

from __future__ import annotations

import csv
import io
import textwrap
from typing import TYPE_CHECKING, Any

import msgspec

from grader.reports.wording import encodable, finite, number
from grader.verdicts import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.reports.class_record import ClassRecord
    from grader.verdicts import ExerciseResult, StudentResult, TestResult

__all__ = ["ResultsFile", "grades_csv"]

INDENT = "  "
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs a cell that begins so


class ResultsFile:
    """The text of `results.json`, a student at a time; other programs rely on keys and order."""

    def __init__(self, write: Callable[[str], object], device: str) -> None:
        self._write = write
        self._between = ""
        head = _formatted({"schema": SCHEMA, "device": device, "students": []})
        start, self._end = head.rsplit("]", 1)
        self._write(start)

    def add(self, result: StudentResult) -> None:
        """Write down a student."""
        text = textwrap.indent(_formatted(_student(result)), 2 * INDENT)
        self._write(f"{self._between}\n{text}")
        self._between = ","

    def end(self) -> None:
        """Write what closes the file."""
        after_students = f"\n{INDENT}" if self._between else ""
        self._write(f"{after_students}]{self._end}\n")


def grades_csv(record: ClassRecord) -> str:
    """Return one row a student: id, score, maximum, and the score of each exercise."""
    names = list(record.exercises)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["student", "score", "max_score", *names])
    for standing in record.standings:
        scores = {part.exercise: number(part.score) for part in standing.parts}
        totals = [number(standing.score), number(standing.max_score)]
        row = (scores.get(name, "") for name in names)
        table.writerow([_cell(standing.student), *totals, *row])
    return text.getvalue()


def _cell(student: str) -> str:
    """Return an id that a spreadsheet takes as text and not as a formula."""
    text = encodable(student)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _student(result: StudentResult) -> dict[str, Any]:
    notes = [
        f"{exercise.exercise}: {note}" for exercise in result.exercises for note in exercise.notes
    ]
    return {
        "student": result.student,
        "score": result.score,
        "max_score": result.max_score,
        "notes": [*result.notes, *notes],
        "exercises": [_exercise(exercise) for exercise in result.exercises],
    }


def _exercise(result: ExerciseResult) -> dict[str, Any]:
    return {
        "exercise": result.exercise,
        "verdict": result.verdict.value,
        "score": result.score,
        "max_score": result.max_score,
        "source": result.source,
        "seconds": result.seconds,
        "tests": [_test(test) for test in result.tests],
    }


def _test(test: TestResult) -> dict[str, Any]:
    return {
        "name": test.name,
        "title": test.title,
        "public": test.public,
        "verdict": test.verdict.value,
        "score": test.score,
        "max_score": test.max_score,
        "message": test.message,
        "mistake": test.mistake,
        "hint": test.hint,
    }


def _formatted(content: dict[str, Any]) -> str:
    plain = msgspec.json.encode(_plain(content))
    return msgspec.json.format(plain, indent=len(INDENT)).decode()


def _plain(value: Any) -> Any:
    """Return a value that every JSON parser reads: finite numbers, text that UTF-8 can hold."""
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case float():
            return round(finite(value), 6)  # 0.1 + 0.2 is 0.3 to whoever reads a score
        case str():
            return encodable(value)
    return value
