"""One hand-in of a class, read from its `results.json`: what the book keeps is a line a student."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from grader.errors import UsageError
from grader.exports.handed_in import moodle_file
from grader.exports.results import Standing, read_results
from grader.exports.texts import line, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from grader.courses import Course
    from grader.exports.results import Student

__all__ = ["RESULTS", "Entry", "HandIn", "Made", "read_hand_in"]

RESULTS = "results.json"
NAMED = 3  # exercises in a message
NUMBER = re.compile(r"\d+")


class Made(NamedTuple):
    """A mistake that was made, and in which exercise."""

    slug: str
    exercise: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One student in one hand-in.

    Attributes:
        id: unique in the hand-in.
        lasts: whether the id means the same student in other hand-ins.
        page: the student's page, as a path in the hand-in's folder; empty where there is none.
        mistakes: those that were recognised, each once per exercise.
        decided: whether somebody decided on the student's points.
    """

    id: str
    lasts: bool
    name: str
    email: str
    login: str
    section: str
    score: float
    max_score: float
    standing: Standing
    page: str
    mistakes: tuple[Made, ...]
    decided: bool = False

    @property
    def counts(self) -> bool:
        """Whether there is something to judge: no student is excused here, and there are points."""
        return self.standing is not Standing.EXCUSED and self.max_score > 0

    @property
    def shown(self) -> str:
        """The student in words, the name with the id."""
        return f"{self.name} ({self.id})" if self.name not in {"", self.id} else self.id


@dataclass(frozen=True)
class HandIn:
    """What one run gave to the students of a class.

    Attributes:
        name: its folder's, unique in the book.
        title: what its reports call it, or empty.
        graded_at: in ISO 8601; empty where an older grader wrote it.
        exercises: which counted, in their order.
    """

    folder: Path
    title: str
    graded_at: str
    exercises: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """What the book calls it."""
        return self.folder.name

    @property
    def shown(self) -> str:
        """The name with the title."""
        return f"{self.name} ({self.title})" if self.title not in {"", self.name} else self.name


def read_hand_in(folder: Path, course: Course) -> HandIn:
    """Read the results in a folder.

    Raises:
        UsageError: they can't be read, are of another course, or hold no student.
    """
    path = folder / RESULTS
    results = read_results(path)
    exercises: dict[str, None] = {}
    entries, numbers_anew = [], False
    for student in results.students:
        exercises.update(dict.fromkeys(each.exercise for each in student.exercises))
        numbers_anew = numbers_anew or moodle_file(student.handed_in_as) is not None
        entries.append(_entry(student))
    if not entries:
        raise UsageError(f"{path} holds no student: grade that hand-in, or move its folder away")
    _require_its_course(path, tuple(exercises), course)
    return HandIn(
        folder,
        line(results.title),
        results.graded_at,
        tuple(exercises),
        tuple(_without_numbers(entries) if numbers_anew else entries),
    )


def _require_its_course(path: Path, exercises: tuple[str, ...], course: Course) -> None:
    if exercises and not any(map(course.known, exercises)):
        more = f" and {len(exercises) - NAMED} more" if len(exercises) > NAMED else ""
        raise UsageError(
            f"{path} is of another course: its exercises are {', '.join(exercises[:NAMED])}{more}, "
            f"and {course.folder} has none of them; move its folder away, or name its course with "
            "--course"
        )


def _entry(student: Student) -> Entry:
    settled = student.settled
    made = (
        Made(sys.intern(line(test.mistake)), sys.intern(line(exercise.exercise)))
        for exercise in student.exercises
        for test in exercise.tests
        if test.mistake and (exercise.exercise, test.name) not in settled
    )
    return Entry(
        id=line(student.student),
        lasts=True,
        name=line(student.name),
        email=line(student.email),
        login=line(student.login),
        section=sys.intern(line(student.section)),
        score=student.score,
        max_score=student.max_score,
        standing=student.standing,
        page=plain(student.page or ""),
        mistakes=tuple(dict.fromkeys(made)),
        decided=any(each.change and not each.everybody for each in student.decisions),
    )


def _without_numbers(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Give entries whose numbers say nothing elsewhere: Moodle numbers students in each hand-in."""
    for each in entries:
        yield replace(each, lasts=False) if NUMBER.fullmatch(each.id) else each
