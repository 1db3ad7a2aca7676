"""A comparison in the terminal: the worst news first, of a large class only the first lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from grader.proving.against import wording
from grader.reports.changes.lines import change_lines, section
from grader.reports.changes.wording import cut, naming, some

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.proving.against.comparison import Comparison
    from grader.results.changes import Change

__all__ = ["told"]

MOST_LINES, MOST_MESSAGE = 10, 300
Entry = TypeVar("Entry")


def told(comparison: Comparison) -> Iterator[str]:
    """Give the lines."""
    yield wording.lead(comparison)
    yield from _section("The grader failed, so these are not compared:", list(_faults(comparison)))
    yield from _section("Would lose:", comparison.losing, _change)
    yield from _section("Would gain:", comparison.gaining, _change)
    yield from _section("Another name of a mistake:", list(_names(comparison)))
    yield from _section("Tests that all pass, or none:", list(_passing(comparison)))
    anew = f"Another hand-in. {wording.ANEW}"
    yield from _section(anew, comparison.handed_in_anew, _change)
    yield from _section("Also:", [f"  {line}" for line in wording.left_out(comparison)])


def _section(
    heading: str, entries: Sequence[Entry], said: Callable[[Entry], str] = str
) -> Iterator[str]:
    return section(f"\n{heading}", entries, MOST_LINES, "--page FILE writes all of them", said)


def _change(change: Change) -> str:
    return change_lines(change, change.exercise)


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
