"""The class of twenty as `results.json` has it after a download of an LMS was graded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.downloads import DOWNLOADS
from lms.packing import Form, write
from lms.people import CLASS
from lms.sheets import MAX_SCORE, TITLE
from results_samples import entry, exercise, outcome, write_results
from the_lab import find_class

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from lms.people import Person

__all__ = ["ROSTER", "marks_of", "results_of", "students_of"]

ROSTER = "roster"  # folders that somebody named, and a list that has an address for each


def students_of(source: str) -> Sequence[Person]:
    """Return the students that a download tells of: of a group, maybe one who stands for it."""
    return CLASS if source == ROSTER else [each.person for each in DOWNLOADS[source].expected]


def marks_of(source: str) -> dict[str, float]:
    """Return points by login, of those who handed in a file; members of a group have the same."""
    return {each.login: _mark(each) for each in students_of(source) if each.files}


def results_of(folder: Path, source: str, title: str = TITLE) -> Path:
    """Write the results of the class, found by the reader of the download."""
    told = _from_roster() if source == ROSTER else _from_download(folder, source)
    return write_results(folder, *(_graded(person, **known) for person, known in told), title=title)


def _from_roster() -> Iterator[tuple[Person, dict[str, Any]]]:
    for each in CLASS:
        yield each, {"student": f"folder {each.number}", "email": each.email.upper()}


def _from_download(folder: Path, source: str) -> Iterator[tuple[Person, dict[str, Any]]]:
    into = folder / "download"
    into.mkdir()
    found = find_class(write(DOWNLOADS[source], Form.ZIP, into)).submissions
    records = {each.student: each.record for each in found}
    for expected in DOWNLOADS[source].expected:
        record = records[expected.id]
        known = ("name", "email", "login", "section", "group", "handed_in_as")
        yield (
            expected.person,
            {
                "student": record.id,
                **{name: getattr(record, name) for name in known},
            },
        )


def _graded(person: Person, student: str, **known: str) -> dict[str, Any]:
    graded = outcome(score=_mark(person), max_score=MAX_SCORE)
    missing = outcome("missing", max_score=MAX_SCORE)
    return entry(student, exercise(graded if person.files else missing), **known)


def _mark(student: Person) -> float:
    """Return a student's points: some with decimals, the first has all of them."""
    number = 4412 if student.group else student.number
    return MAX_SCORE - (number - 4401) * 0.5
