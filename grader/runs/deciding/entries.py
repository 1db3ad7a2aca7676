"""One entry of `decisions.toml`: what may stand in it, and what can't be meant."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

import msgspec

from grader.courses.late_work import read_time
from grader.results.decided import Kind
from grader.text.wording import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.courses import Course

__all__ = ["EXPECTED", "Entry", "faults"]

Words = Annotated[str, msgspec.Meta(max_length=300)]
Points = Annotated[float, msgspec.Meta(ge=0, le=10_000)]

EXPECTED = {
    "student": "an id, a login, an e-mail address or a name, in quotes",
    "everybody": "true",
    "exercise": "the name of an exercise, in quotes",
    "test": "the name of a hidden test or its sentence in the report, in quotes",
    "points": "a number of points from 0",
    "add": "a number of points from 0",
    "excused": "true",
    "dropped": "true",
    "weight": "a number above 0, up to 100",
    "due": "a date and a time with its zone, such as 2026-11-27T23:59:00+01:00",
    "late_days": "a whole number of days, from 0",
    "comment": "a text in Markdown, up to 10,000 characters",
    "hand_in": "the path of a file, a folder or an archive, in quotes",
    "reason": "a text of up to 1,000 characters",
}
ABOUT_ALL = {"due", "late_days"}  # the hand-in as a whole
ABOUT_ONE = {"test", "points", "add", "dropped", "weight"}  # exercise, or a part of it
NO_TEST = {"excused", "dropped", "weight", "comment", "hand_in"}
OWN = ("excused", "due", "late_days", "hand_in")  # are about single students
EVERYBODYS = ("dropped", "weight")
INSTEAD = {
    "excused": "use `dropped` for an exercise that does not count",
    "due": "write it under `[late]`",
    "late_days": "write it under `[late]`",
    "hand_in": "name one student",
}


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands under one `[[decisions]]`.

    Attributes:
        student: as the file names the student.
        exercise: its full name, once the entry has been read; empty for the whole hand-in.
        points: what the student has, whatever grading gives.
        add: what the student has more than grading gives.
    """

    student: Words = ""
    everybody: bool = False
    exercise: Words = ""
    test: Words = ""
    points: Points | None = None
    add: Points | None = None
    excused: bool = False
    dropped: bool = False
    weight: Annotated[float, msgspec.Meta(gt=0, le=100)] | None = None
    due: object = None
    late_days: Annotated[int, msgspec.Meta(ge=0, le=365)] | None = None
    comment: Annotated[str, msgspec.Meta(max_length=10_000)] = ""
    hand_in: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    reason: Annotated[str, msgspec.Meta(max_length=1_000)] = ""

    @property
    def kinds(self) -> Iterator[Kind]:
        """What it decides."""
        if self.points is not None or self.add is not None:
            yield Kind.POINTS
        for kind, value in (
            (Kind.EXCUSED, self.excused),
            (Kind.DROPPED, self.dropped),
            (Kind.WEIGHT, self.weight is not None),
            (Kind.DUE, self.due is not None),
            (Kind.LATE_DAYS, self.late_days is not None),
            (Kind.COMMENT, self.comment.strip()),
            (Kind.HAND_IN, self.hand_in),
        ):
            if value:
                yield kind

    @property
    def about(self) -> str:
        """What it is about, as people read it."""
        return ", ".join(filter(None, (self.exercise, self.test)))


def faults(entry: Entry, course: Course) -> Iterator[tuple[str, str]]:
    """Give the key and what is wrong with it, for everything that can't be meant."""
    said = {key for key in EXPECTED if _is_said(getattr(entry, key))}
    if bool(entry.student.strip()) == entry.everybody:
        yield (
            "everybody" if entry.everybody else "",
            "a decision is about one `student`, or says `everybody = true`",
        )
    yield from _of_whom(entry, said)
    yield from _of_what(entry, said)
    yield from _of_values(entry, course)


def _is_said(value: object) -> bool:
    return value is not None and value is not False and value != ""


def _of_whom(entry: Entry, said: set[str]) -> Iterator[tuple[str, str]]:
    for key in OWN if entry.everybody else EVERYBODYS:
        if key in said:
            instead = INSTEAD.get(key, "it is for all students: say `everybody = true`")
            yield key, f"{key!r} is not for {_whom(entry)}: {instead}"


def _whom(entry: Entry) -> str:
    return "everybody" if entry.everybody else "one student"


def _of_what(entry: Entry, said: set[str]) -> Iterator[tuple[str, str]]:
    """Say what a decision lacks, and what it has that does not go together."""
    kinds = set(entry.kinds)
    if not kinds:
        yield "", "it decides nothing: add `points`, `excused`, `due`, `comment` or another one"
    if kinds - {Kind.COMMENT} and not entry.reason.strip():
        yield "", "it has no `reason`"
    wrong = [(ABOUT_ALL, "is about the whole hand-in: leave `exercise` out")]
    if "exercise" not in said:
        wrong = [(ABOUT_ONE, "needs the `exercise` that it is about")]
    if "test" in said:
        wrong.append((NO_TEST, "is not about a single test: leave `test` out"))
    for keys, words in wrong:
        yield from ((key, f"{key!r} {words}") for key in sorted(said & keys))
    for first, second in (("points", "add"), ("dropped", "weight")):
        if {first, second} <= said:
            yield second, f"a decision has either {first!r} or {second!r}"


def _of_values(entry: Entry, course: Course) -> Iterator[tuple[str, str]]:
    for key in ("points", "add", "weight"):
        if not math.isfinite(getattr(entry, key) or 0.0):
            yield key, f"{key!r} must be {EXPECTED[key]}"
    if entry.due is not None:
        try:
            read_time(entry.due)
        except ValueError as error:
            yield "due", f"'due' takes {error}, not {str(entry.due)!r}"
    exercise = course.known(entry.exercise)
    if exercise and not entry.test and entry.points:
        most = exercise.points + sum(exercise.manual.values())
        if entry.points > most:
            yield "points", f"{exercise.name} is worth {number(most)} points, not {entry.points:g}"
