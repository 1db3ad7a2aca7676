"""Render a run for programs: `results.json` and `grades.csv`."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import msgspec

from grader.reports.wording import encodable, finite, number
from grader.verdicts import SCHEMA

if TYPE_CHECKING:
    from grader.verdicts import ExerciseResult, GradingRun, StudentResult, TestResult

__all__ = ["exercise_names", "grades_csv", "results_json"]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs a cell that begins so


def results_json(run: GradingRun) -> str:
    """Return everything about a run; other programs rely on its keys and their order."""
    students = [_student(result) for result in run.students]
    content = {"schema": SCHEMA, "device": run.device, "students": students}
    return msgspec.json.format(msgspec.json.encode(_plain(content)), indent=2).decode() + "\n"


def grades_csv(run: GradingRun) -> str:
    """Return one row a student: id, score, maximum, and the score of each exercise."""
    names = exercise_names(run)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["student", "score", "max_score", *names])
    for result in run.students:
        scores = {exercise.exercise: number(exercise.score) for exercise in result.exercises}
        totals = [number(result.score), number(result.max_score)]
        table.writerow([_cell(result.student), *totals, *(scores.get(name, "") for name in names)])
    return text.getvalue()


def exercise_names(run: GradingRun) -> list[str]:
    """Return the exercises of a run in the order in which students have them."""
    names = (exercise.exercise for result in run.students for exercise in result.exercises)
    return list(dict.fromkeys(names))


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
