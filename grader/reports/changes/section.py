"""Changes on the class page: who lost comes first; of a large class only the first ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.reports.changes.changes_file import CHANGES
from grader.reports.changes.printed import namings
from grader.reports.changes.runs_in_words import about, different, lead, notes, why
from grader.reports.changes.wording import (
    called,
    explaining,
    points,
    some,
    test_change,
)
from grader.reports.marks import Mark, mark
from grader.text.wording import signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.results.changes import Change, TestChange
    from grader.runs.history.comparing import RunDiff

__all__ = ["Changes", "Group", "Naming", "Row", "Test", "changes"]

MOST_ROWS, MOST_TESTS, MOST_NAMED = 10, 3, 10


@dataclass(frozen=True)
class Test:
    """A test that made a difference; `message` is what it says, where that is to be shown."""

    __test__ = False  # not a test class, whatever pytest reads into its name

    name: str
    title: str
    mark: Mark
    change: str
    message: str = ""


@dataclass(frozen=True)
class Row:
    """A student in an exercise; `more` says how many tests are left out."""

    who: str
    exercise: str
    points: str
    gain: str
    tests: tuple[Test, ...]
    why: str = ""
    href: str = ""
    more: str = ""


@dataclass(frozen=True)
class Group:
    """Students whose points differ in the same way.

    Attributes:
        is_open: whether it is read at once, and not only by those who unfold it.
        more: how many are left out here.
    """

    id: str
    title: str
    about: str
    rows: tuple[Row, ...]
    is_open: bool = True
    more: str = ""


@dataclass(frozen=True)
class Naming:
    """A test that names another mistake, and for whom."""

    exercise: str
    test: str
    change: str
    who: str


@dataclass(frozen=True)
class Changes:
    """All that the section shows; `href` is where everything stands."""

    lead: str
    different: str
    groups: tuple[Group, ...]
    namings: tuple[Naming, ...]
    more_namings: str
    notes: tuple[str, ...]
    href: str


def changes(diff: RunDiff, pages: Mapping[str, str]) -> Changes:
    """Return the section; `pages` says where each student's page is."""
    named = [
        Naming(exercise, test, change, some(students, MOST_NAMED))
        for (exercise, test, change), students in namings(diff).items()
    ]
    return Changes(
        lead=lead(diff),
        different=different(diff),
        groups=(
            *_group("lost", "Lost points", diff.losing, pages),
            *_group("held-back", "Held back", diff.held, pages, HELD),
            *_group("gained", "Gained points", diff.gaining, pages, is_open=False),
            *_group("decided", "By decision", diff.decided, pages, is_open=False),
        ),
        namings=tuple(named[:MOST_ROWS]),
        more_namings=_more(len(named) - MOST_ROWS),
        notes=tuple(notes(diff)),
        href=CHANGES,
    )


HELD = (
    "These results would have cost points, and `--only-gains` kept the earlier ones. Without it, "
    "the next run publishes them."
)


def _group(
    name: str,
    title: str,
    found: Sequence[Change],
    pages: Mapping[str, str],
    said: str = "",
    *,
    is_open: bool = True,
) -> Iterator[Group]:
    """Give a group, unless nobody is in it."""
    if found:
        rows = tuple(_row(each, pages) for each in found[:MOST_ROWS])
        heading = f"{title} ({len(found):,})"
        yield Group(name, heading, said, rows, is_open, _more(len(found) - MOST_ROWS))


def _more(count: int) -> str:
    return f"{count:,} more" if count > 0 else ""


def _row(change: Change, pages: Mapping[str, str]) -> Row:
    tests = explaining(change)
    left = len(tests) - MOST_TESTS
    return Row(
        who=called(change.student),
        exercise=about(change),
        points=points(change),
        gain=signed(change.gain) if change.gain else "",
        tests=tuple(map(_test, tests[:MOST_TESTS])),
        why=why(change),
        href=pages.get(change.student.id, ""),
        more=f"and {left:,} more tests" if left > 0 else "",
    )


def _test(change: TestChange) -> Test:
    return Test(change.name, change.title, mark(change.newest.verdict), test_change(change))
