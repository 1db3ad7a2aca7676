"""Results of several hand-ins, made by hand, and the book that is made of them."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from report_samples import grading_run
from results_samples import entry, exercise, outcome, write_results
from the_lab import LAB
from typer.testing import CliRunner

from grader.cli import app
from grader.errors import UsageError
from grader.reports.classes.class_record import ClassRecord
from grader.reports.data_files import ResultsFile, write_grades

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from typer.testing import Result

    from grader.results.verdicts import StudentResult

__all__ = [
    "book",
    "complaint",
    "csv_rows",
    "edited",
    "graded",
    "hand_in",
    "line_of",
    "refused",
    "scored",
]


def scored(
    student: str, score: float, of: float = 10, exercise_name: str = "ex01_losses", **changed: Any
) -> dict[str, Any]:
    """Return a student with one exercise of one test, and some points for it."""
    verdict = "passed" if score == of else "wrong"
    test = outcome(verdict, score=score, max_score=of)
    return entry(student, exercise(test, exercise=exercise_name), **changed)


def hand_in(
    folder: Path, *students: dict[str, Any], schema: int = 2, title: str | None = None
) -> Path:
    """Write the results of a hand-in into its folder, with the folder's name as its title."""
    folder.mkdir(parents=True)
    return write_results(
        folder, *students, schema=schema, title=folder.name if title is None else title
    )


def graded(folder: Path, students: Iterable[StudentResult]) -> None:
    """Write results.json and grades.csv of a run, as the reports have them, and no pages."""
    folder.mkdir()
    run, record = grading_run(*students), ClassRecord(LAB)
    with (folder / "results.json").open("w", encoding="utf-8") as file:
        results = ResultsFile(file.write, run)
        for student in run.students:
            record.add(student, "")
            results.add(student, "")
        results.end()
    with (folder / "grades.csv").open("w", encoding="utf-8", newline="") as file:
        write_grades(file, record)


def edited(path: Path, **changed: Any) -> None:
    """Change what stands at the top of a `results.json`."""
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | changed), encoding="utf-8")


def book(*arguments: str | Path) -> Result:
    """Run `grader book`; it has to end well."""
    result = CliRunner().invoke(app, ["book", *map(str, arguments)])
    assert result.exit_code == 0, result.exception or result.output
    return result


def complaint(*arguments: str | Path) -> str:
    """Return the one line with which a book is refused."""
    result = CliRunner().invoke(app, ["book", *map(str, arguments)])
    assert isinstance(result.exception, UsageError), result.exception or result.output
    assert "\n" not in str(result.exception)
    assert not result.stdout
    return str(result.exception)


def refused(folder: Path) -> str:
    """Return the line with which the book of a folder is refused; nothing was written then."""
    before = set(folder.rglob("*"))
    words = complaint(folder)
    assert set(folder.rglob("*")) == before
    return words


def csv_rows(file: Path) -> list[dict[str, str]]:
    """Read a table."""
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def line_of(folder: Path, student: str) -> dict[str, str]:
    """Return a student's row of the book of a folder."""
    (row,) = (each for each in csv_rows(folder / "book/book.csv") if each["student"] == student)
    return row
