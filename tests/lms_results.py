"""The class of twenty as `results.json` has it after a download of each LMS was graded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.canvas import attachments, squashed
from lms.moodle import participant, prefix
from lms.people import CLASS
from lms.sheets import MAX_SCORE, TITLE
from results_samples import entry, exercise, outcome, write_results

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lms.people import Person

__all__ = ["FROM", "MARKED", "mark", "results_of"]

MARKED = [each for each in CLASS if each.files]  # one only wrote a text, one handed in nothing


def mark(student: Person) -> float:
    """Return a student's points: some with decimals, the first all of them, some the same."""
    return MAX_SCORE - (student.number - 4401) * 0.5


def from_canvas(student: Person) -> dict[str, Any]:
    """Say what Canvas's download tells."""
    start = f"{squashed(student.sortable)}{'_LATE' * student.late}_{student.number}"
    names = [f"{start}_{number}_{file.name}" for number, file in attachments(student)]
    told = {"student": str(student.number), "name": squashed(student.sortable)}
    return told | {"handed_in_as": [*names, f"{start}_text.html"][0]}


def from_moodle(student: Person) -> dict[str, Any]:
    """Say what Moodle's tells."""
    folder = f"{prefix(student)}_assignsubmission_file"
    told = {"student": str(participant(student)), "name": student.name}
    return told | {"handed_in_as": folder}


def from_blind_moodle(student: Person) -> dict[str, Any]:
    """Say what Moodle's tells while nobody is to know who is who."""
    number = str(participant(student))
    return {"student": number, "handed_in_as": f"Participant_{number}_assignsubmission_file"}


def with_login(student: Person) -> dict[str, Any]:
    """Say what a download with logins tells."""
    return {"student": student.login, "name": student.name, "login": student.login}


def with_email(student: Person) -> dict[str, Any]:
    """Say what a roster knows of folders that the instructor named."""
    return {"student": f"folder {student.number}", "email": student.email.upper()}


FROM: dict[str, Callable[[Person], dict[str, Any]]] = {
    "canvas": from_canvas,
    "moodle": from_moodle,
    "blind": from_blind_moodle,
    "login": with_login,
    "email": with_email,
}


def results_of(folder: Path, source: str, title: str = TITLE) -> Path:
    """Write the results of the whole class."""
    students = []
    for each in CLASS:
        told = FROM[source](each)
        graded = outcome(score=mark(each), max_score=MAX_SCORE)
        work = exercise(graded if each.files else outcome("missing", max_score=MAX_SCORE))
        students.append(entry(told.pop("student"), work, **told))
    return write_results(folder, *students, title=title)
