"""A comparison in the terminal: the worst news first, of a large class only the first lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.proving.against import wording
from grader.reports.changes.wording import (
    called,
    cut,
    difference,
    explaining,
    naming,
    points,
    some,
    test_change,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.proving.against.comparison import Comparison
    from grader.results.changes import Change

__all__ = ["told"]

MOST_LINES, MOST_TESTS, MOST_MESSAGE = 10, 3, 300


def told(comparison: Comparison) -> Iterator[str]:
    """Give the lines."""
    yield wording.lead(comparison)
    yield from _section("The grader failed, so these are not compared:", list(_faults(comparison)))
    yield from _section("Would lose:", [*map(_change, comparison.losing)])
    yield from _section("Would gain:", [*map(_change, comparison.gaining)])
    yield from _section("Another name of a mistake:", list(_names(comparison)))
    yield from _section("Tests that all pass, or none:", list(_passing(comparison)))
    anew = f"Handed in anew. {wording.ANEW}"
    yield from _section(anew, [*map(_change, comparison.handed_in_anew)])
    yield from _section("Also:", [f"  {line}" for line in wording.left_out(comparison)])


def _section(heading: str, entries: Sequence[str]) -> Iterator[str]:
    """Give a heading and the first of its entries, if there are any."""
    if not entries:
        return
    yield f"\n{heading}"
    yield from entries[:MOST_LINES]
    if len(entries) > MOST_LINES:
        yield f"  and {len(entries) - MOST_LINES:,} more; --page FILE writes all of them"


def _change(change: Change) -> str:
    gain = f" ({difference(change.gain)})" if change.gain else ""
    head = f"  {called(change.student)}: {change.exercise} {points(change)}{gain}"
    tests = explaining(change)
    lines = [f"      {each.name}: {test_change(each)}" for each in tests[:MOST_TESTS]]
    more = len(tests) - MOST_TESTS
    return "\n".join([head, *lines, *([f"      and {more} more tests"] if more > 0 else [])])


def _faults(comparison: Comparison) -> Iterator[str]:
    for (exercise, test, message), students in comparison.faults.items():
        what = f"  {exercise}, {test}: {cut(message, MOST_MESSAGE)}"
        yield f"{what}\n      {some(students)}"


def _names(comparison: Comparison) -> Iterator[str]:
    for each in comparison.namings:
        who = some(each.students)
        yield f"  {naming(each.before, each.after)} in {each.exercise}, {each.test}: {who}"


def _passing(comparison: Comparison) -> Iterator[str]:
    for each in comparison.telling_nobody_apart:
        now, before = wording.passing(each)
        yield f"  {each.exercise}, {each.test}: {now} (before: {before})"
