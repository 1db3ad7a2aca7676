"""Render a run for programs: `results.json` and `grades.csv`."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import msgspec

from grader.courses.mistakes import hint_of, with_sentence
from grader.reports.changes.previous import previous
from grader.reports.marks import lost_by_faults, waiting
from grader.results.verdicts import SCHEMA
from grader.text.spreadsheets import text_cell
from grader.text.wording import encodable, number, rounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from grader.courses import Course
    from grader.reports.classes.class_record import ClassRecord
    from grader.results.decided import Ruling
    from grader.results.students import StudentRecord
    from grader.results.verdicts import ExerciseResult, ManualPart, StudentResult, TestResult
    from grader.runs.grading_run import GradingRun

__all__ = ["ResultsFile", "write_grades"]

INDENT = "  "
WHO = ("student", "name", "email", "section", "late")  # the first columns of grades.csv
LATE = {True: "yes", False: "no", None: ""}


class ResultsFile:
    """The text of `results.json`, a student at a time; other programs rely on keys and order."""

    def __init__(self, write: Callable[[str], object], run: GradingRun) -> None:
        self._write = write
        self._course = run.course
        self._changes = run.changes
        self._between = ""
        about = {"schema": SCHEMA, "device": run.device, "title": encodable(run.title)}
        before = run.changes.before if run.changes else None
        run_before = {"previous": {"run": before.number, "at": before.at}} if before else {}
        head = _formatted({**about, "graded_at": run.graded_at, **run_before, "students": []})
        start, self._end = head.rsplit("]", 1)
        self._write(start)

    def add(self, result: StudentResult, page: str) -> None:
        """Write down a student, whose page is at a path in the output folder."""
        begin = f"\n{2 * INDENT}"
        student = _student(result, self._course, page) | previous(result, self._changes)
        text = _formatted(student).replace("\n", begin)
        self._write(f"{self._between}{begin}{text}")
        self._between = ","

    def end(self) -> None:
        """Write what closes the file."""
        after_students = f"\n{INDENT}" if self._between else ""
        self._write(f"{after_students}]{self._end}\n")


def write_grades(file: TextIO, record: ClassRecord) -> None:
    """Write one row a student: who it is, score, maximum, and the score of each exercise.

    A cell is empty where something does not count, so that no zero becomes a mark.
    """
    names = list(record.exercises)
    table = csv.writer(file)
    table.writerow([*WHO, "score", "max_score", *names])
    for standing in record.standings:
        scores = {part.exercise: number(part.score) for part in standing.parts if part.counts}
        totals = [] if standing.excused else [number(standing.score), number(standing.max_score)]
        row = (scores.get(name, "") for name in names)
        table.writerow([*map(text_cell, _who(standing.record)), *(totals or ["", ""]), *row])


def _who(record: StudentRecord) -> tuple[str, ...]:
    return record.id, record.name, record.email, record.section, LATE[record.late]


def _student(result: StudentResult, course: Course, page: str) -> dict[str, Any]:
    notes = [
        f"{each.exercise}: {note}" for each in result.exercises for note in _notes(each, course)
    ]
    record = result.record
    return {
        "student": encodable(record.id),
        "name": encodable(record.name),
        "email": encodable(record.email),
        "section": encodable(record.section),
        "late": record.late,
        "submitted_at": encodable(record.submitted_at),
        "page": page,
        "unclaimed": [encodable(name) for name in record.unclaimed],
        "score": rounded(result.score),
        "max_score": rounded(result.max_score),
        "notes": [encodable(note) for note in (*result.notes, *notes)],
        "exercises": [_exercise(exercise, course) for exercise in result.exercises],
        "login": encodable(record.login),
        "group": encodable(record.group),
        "handed_in_as": encodable(record.handed_in_as),
        **_decided(result),
    }


def _decided(result: StudentResult) -> dict[str, Any]:
    """Return what people decided, and what being late costs; nothing where there is nothing."""
    found: dict[str, Any] = {}
    if result.computed is not None:
        computed, most = map(rounded, result.computed)
        decisions = [_decision(each) for each in result.rulings]
        found |= {"computed_score": computed, "computed_max_score": most, "decisions": decisions}
        if result.usual_max != result.max_score:
            found["usual_max_score"] = rounded(result.usual_max or 0.0)
    if result.excused:
        found["excused"] = True
    if result.lateness is not None:
        late = msgspec.to_builtins(result.lateness)
        found["lateness"] = late | {"deduction": rounded(result.lateness.deduction)}
    return found


def _decision(ruling: Ruling) -> dict[str, Any]:
    about = {
        name: encodable(getattr(ruling, name))
        for name in ("exercise", "test", "said", "reason", "text")
        if getattr(ruling, name)
    }
    points = {"change": rounded(ruling.change)} if ruling.graded is not None else {}
    everybody = {"everybody": True} if ruling.everybody else {}
    return {"decision": ruling.kind.value, **about, **points, **everybody}


def _notes(exercise: ExerciseResult, course: Course) -> Iterator[str]:
    yield from exercise.notes
    if left := lost_by_faults(exercise, course):
        yield f"{number(left)} points not judged, as the grader failed; they count in no score"
    for part in waiting(exercise):
        points = number(part.max_score)
        yield f"{part.name} ({points} points) is not graded yet; it counts in no score"


def _exercise(result: ExerciseResult, course: Course) -> dict[str, Any]:
    entry = {
        "exercise": result.exercise,
        "verdict": result.verdict.value,
        "score": rounded(result.score),
        "max_score": rounded(result.max_score),
        "source": None if result.source is None else encodable(result.source),
        "seconds": rounded(result.seconds),
        "tests": [_test(test, course) for test in result.tests],
    }
    if result.weight != 1:
        entry["weight"] = rounded(result.weight)
    if result.manual:
        entry["manual"] = [_manual(part) for part in result.manual]
    return entry


def _manual(part: ManualPart) -> dict[str, Any]:
    return {
        "name": encodable(part.name),
        "score": None if part.score is None else rounded(part.score),
        "max_score": rounded(part.max_score),
        "comment": encodable(part.comment),
    }


def _test(test: TestResult, course: Course) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": test.name,
        "title": encodable(test.title),
        "public": test.public,
        "verdict": test.verdict.value,
        "score": rounded(test.score),
        "max_score": rounded(test.max_score),
        "message": encodable(with_sentence(test.message, test.mistake, course).text),
        "mistake": test.mistake,
        "hint": hint_of(test, course),
    }
    if test.fingerprint:
        entry["fingerprint"] = test.fingerprint
    return entry


def _formatted(content: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(content), indent=len(INDENT)).decode()
