"""Which hidden tests to look at first: those whose numbers say that something may be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from grader.reports.ranking import Ranked
from grader.text.wording import plural, share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.reports.classes.class_record import ClassRecord
    from grader.reports.classes.tallies import TestTally

__all__ = ["WEAK", "FirstTests", "TestToLookAt", "anchor_of", "first_tests"]

SHOWN = 10  # of a list that is long, the rest is folded
FEWEST = 5  # who tried a test; that fewer all pass it, or none, says nothing about it
WEAK = 0.2  # below it, passing says little about the rest (Ebel and Frisbie, 1991)
SLOW, FEWEST_SLOW = 0.1, 3  # timeouts that are many: of those who tried, and at least


@dataclass(frozen=True)
class TestToLookAt:
    """One test: in which exercise, where it stands on the page, and why."""

    __test__ = False  # not a test class, whatever pytest reads into its name

    title: str
    exercise: str
    href: str
    why: str


@dataclass(frozen=True)
class FirstTests:
    """The tests to look at, the most urgent first.

    Attributes:
        passed: those that all who tried pass, which is no fault of a test by itself.
    """

    urgent: Ranked[TestToLookAt]
    passed: Ranked[TestToLookAt]


def first_tests(record: ClassRecord) -> FirstTests:
    """Return the tests of a class to look at first; none where there is nothing to be seen."""
    found = sorted(_found(record), key=lambda each: each[0])
    rows = tuple(row for _, row in found)
    folded, passed = rows[SHOWN:], tuple(_passed_by_all(record))
    return FirstTests(
        Ranked(rows[:SHOWN], folded, plural(len(folded), "more test")),
        Ranked((), passed, f"{plural(len(passed), 'test')} that all who tried pass"),
    )


def anchor_of(exercise: str, number: int) -> str:
    """Return what a test's row is called on the page; tests are counted from 1."""
    return f"test-{exercise}-{number}"


def _found(record: ClassRecord) -> Iterator[tuple[tuple[int, float], TestToLookAt]]:
    for exercise, number, test in _tests(record):
        reasons = list(_reasons(test))
        if reasons:
            urgency = min(rank for rank, _, _ in reasons)
            most = max(how_much for rank, how_much, _ in reasons if rank == urgency)
            why = "; ".join(words for _, _, words in sorted(reasons))
            yield (urgency, -most), _row(exercise, number, test, why)


def _passed_by_all(record: ClassRecord) -> Iterator[TestToLookAt]:
    for exercise, number, test in _tests(record):
        if test.tried >= FEWEST and test.passed == test.tried and not any(_reasons(test)):
            yield _row(exercise, number, test, f"{test.tried:,} tried it")


def _tests(record: ClassRecord) -> Iterator[tuple[str, int, TestTally]]:
    for tally in record.exercises.values():
        for number, test in enumerate(tally.tests.values(), start=1):
            yield tally.name, number, test


def _row(exercise: str, number: int, test: TestTally, why: str) -> TestToLookAt:
    return TestToLookAt(test.title, exercise, f"#{quote(anchor_of(exercise, number))}", why)


def _reasons(test: TestTally) -> Iterator[tuple[int, float, str]]:
    """Give why a test is to be looked at: how urgent (from 0), how much of it, and in words."""
    if test.faults:
        yield 0, test.faults, f"{plural(test.faults, 'grader fault')}"
    if test.tried >= FEWEST and not test.passed:
        yield 1, test.tried, f"none of {test.tried:,} who tried pass"
    if test.timed_out >= FEWEST_SLOW and share(test.timed_out, test.tried) >= SLOW:
        yield 2, test.timed_out, f"{test.timed_out:,} of {test.tried:,} timed out"
    relation = test.discrimination
    if relation is None or relation >= WEAK - test.margin:
        return
    figure = f"{relation:.2f}".replace("-", "\N{MINUS SIGN}")
    if relation < -test.margin:
        yield 3, -relation, f"negative discrimination ({figure}): who passes has fewer points"
    else:
        yield 4, -relation, f"weak discrimination ({figure})"
