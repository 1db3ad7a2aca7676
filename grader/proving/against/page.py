"""The page of a comparison: everybody who would lose or gain, by which test, with what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from grader.proving.against import wording
from grader.reports.changes.section import Group, Naming, Row, Test
from grader.reports.changes.wording import (
    called,
    cut,
    explaining,
    naming,
    points,
    some,
    test_change,
)
from grader.reports.marks import Footer, mark
from grader.reports.pages import Pages
from grader.text.wording import signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.courses import Course
    from grader.proving.against.comparison import Comparison
    from grader.results.changes import Change, TestChange
    from grader.results.students import StudentRecord

__all__ = ["comparison_page"]

MOST_MESSAGE = 500  # characters of what a test says


@dataclass(frozen=True)
class _Fault:
    """A fault of the grader, and whom it met."""

    exercise: str
    test: str
    message: str
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
    groups: tuple[Group, ...]
    namings: tuple[Naming, ...]
    passing: tuple[_Passing, ...]
    anew: tuple[Group, ...]
    notes: tuple[str, ...]
    footer: Footer


def comparison_page(course: Course, comparison: Comparison) -> str:
    """Return the page as HTML; it needs no other file."""
    made = datetime.now().astimezone().strftime("%d %B %Y, %H:%M")
    page = _Page(
        title=f"{course.title}: what changed tests would do",
        lead=wording.lead(comparison),
        faults=tuple(
            _Fault(exercise, test, cut(message, MOST_MESSAGE), _all(students))
            for (exercise, test, message), students in comparison.faults.items()
        ),
        groups=(
            *_group("losing", "Would lose", comparison.losing),
            *_group("gaining", "Would gain", comparison.gaining),
        ),
        namings=tuple(
            Naming(each.exercise, each.test, naming(each.before, each.after), _all(each.students))
            for each in comparison.namings
        ),
        passing=tuple(
            _Passing(each.exercise, each.test, each.title, *wording.passing(each))
            for each in comparison.telling_nobody_apart
        ),
        anew=tuple(_group("anew", "Another hand-in", comparison.handed_in_anew, wording.ANEW)),
        notes=tuple(wording.left_out(comparison)),
        footer=Footer((("Made", made),), ""),
    )
    return Pages().comparison(page)


def _group(name: str, title: str, changes: Sequence[Change], about: str = "") -> Iterator[Group]:
    """Give a group, unless nobody is in it."""
    if changes:
        yield Group(name, title, about, tuple(map(_row, changes)))


def _row(change: Change) -> Row:
    return Row(
        who=called(change.student),
        exercise=change.exercise,
        points=points(change),
        gain=signed(change.gain) if change.gain else "",
        tests=tuple(map(_test, explaining(change))),
    )


def _test(change: TestChange) -> Test:
    said = change.after.message.news if change.after else ""
    return Test(
        name=change.name,
        title=change.title,
        mark=mark(change.newest.verdict),
        change=test_change(change),
        message=cut(said, MOST_MESSAGE),
    )


def _all(students: Sequence[StudentRecord]) -> str:
    return some(students, most=len(students))
