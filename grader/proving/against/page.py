"""The page of a comparison: everybody who would lose or gain, by which test, with what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from grader.proving.against import wording
from grader.reports.marks import Footer, Mark, mark
from grader.reports.pages import Pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.courses import Course
    from grader.proving.against.comparison import Comparison
    from grader.results.changes import Change, TestChange
    from grader.results.students import StudentRecord

__all__ = ["comparison_page"]

MOST_MESSAGE = 500  # characters of what a test says


@dataclass(frozen=True)
class _Test:
    """A test that made a difference, and what it says now."""

    name: str
    title: str
    mark: Mark
    change: str
    message: str


@dataclass(frozen=True)
class _Row:
    """A student in an exercise."""

    who: str
    exercise: str
    points: str
    gain: str
    tests: tuple[_Test, ...]


@dataclass(frozen=True)
class _Group:
    """Students whose points differ in the same way."""

    id: str
    title: str
    about: str
    rows: tuple[_Row, ...]


@dataclass(frozen=True)
class _Fault:
    """A fault of the grader, and whom it met."""

    exercise: str
    test: str
    message: str
    who: str


@dataclass(frozen=True)
class _Naming:
    """A test that names another mistake, and for whom."""

    exercise: str
    test: str
    change: str
    who: str


@dataclass(frozen=True)
class _Passing:
    """A test that all pass, or none."""

    exercise: str
    test: str
    title: str
    now: str
    before: str


@dataclass(frozen=True)
class _Page:
    """What the template shows."""

    title: str
    lead: str
    faults: tuple[_Fault, ...]
    groups: tuple[_Group, ...]
    namings: tuple[_Naming, ...]
    passing: tuple[_Passing, ...]
    anew: tuple[_Group, ...]
    notes: tuple[str, ...]
    footer: Footer


def comparison_page(course: Course, comparison: Comparison) -> str:
    """Return the page as HTML; it needs no other file."""
    made = datetime.now().astimezone().strftime("%d %B %Y, %H:%M")
    page = _Page(
        title=f"{course.title}: what changed tests would do",
        lead=wording.lead(comparison),
        faults=tuple(
            _Fault(exercise, test, wording.cut(message, MOST_MESSAGE), _all(students))
            for (exercise, test, message), students in comparison.faults.items()
        ),
        groups=(
            *_group("losing", "Would lose", comparison.losing),
            *_group("gaining", "Would gain", comparison.gaining),
        ),
        namings=tuple(
            _Naming(each.exercise, each.test, wording.naming(each), _all(each.students))
            for each in comparison.namings
        ),
        passing=tuple(
            _Passing(each.exercise, each.test, each.title, *wording.passing(each))
            for each in comparison.telling_nobody_apart
        ),
        anew=tuple(_group("anew", "Handed in anew", comparison.handed_in_anew, wording.ANEW)),
        notes=tuple(wording.left_out(comparison)),
        footer=Footer((("Made", made),), ""),
    )
    return Pages().comparison(page)


def _group(name: str, title: str, changes: Sequence[Change], about: str = "") -> Iterator[_Group]:
    """Give a group, unless nobody is in it."""
    if changes:
        yield _Group(name, title, about, tuple(map(_row, changes)))


def _row(change: Change) -> _Row:
    return _Row(
        who=wording.called(change.student),
        exercise=change.exercise,
        points=wording.points(change),
        gain=wording.difference(change.gain) if change.gain else "",
        tests=tuple(map(_test, wording.explaining(change))),
    )


def _test(change: TestChange) -> _Test:
    said = change.after.message.news if change.after else ""
    return _Test(
        name=change.name,
        title=change.title,
        mark=mark(change.newest.verdict),
        change=wording.test_change(change),
        message=wording.cut(said, MOST_MESSAGE),
    )


def _all(students: Sequence[StudentRecord]) -> str:
    return wording.some(students, most=len(students))
