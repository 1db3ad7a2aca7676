"""Changes as lines for a terminal: a heading, and the first of what stands below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from grader.reports.changes.wording import called, explaining, points, test_change
from grader.text.wording import signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.results.changes import Change

__all__ = ["change_lines", "section"]

MOST_TESTS = 3
Entry = TypeVar("Entry")


def section(
    heading: str,
    entries: Sequence[Entry],
    most: int,
    rest: str = "",
    said: Callable[[Entry], str] = str,
) -> Iterator[str]:
    """Give a heading and the first of its entries, if there are any.

    Args:
        heading: what they have in common.
        entries: what stands below it.
        most: how many are shown.
        rest: where the others are, as the end of a sentence.
        said: says an entry, in one or several lines.
    """
    if not entries:
        return
    yield heading
    yield from map(said, entries[:most])
    if len(entries) > most:
        yield f"  and {len(entries) - most:,} more{f'; {rest}' if rest else ''}"


def change_lines(change: Change, exercise: str, why: str = "") -> str:
    """Return what a student gained or lost in an exercise, and below it by which tests."""
    gain = f" ({signed(change.gain)})" if change.gain else ""
    end = f"; {why}" if why else ""
    head = f"  {called(change.student)}: {exercise} {points(change)}{gain}{end}"
    tests = explaining(change)
    lines = [f"      {each.name}: {test_change(each)}" for each in tests[:MOST_TESTS]]
    more = len(tests) - MOST_TESTS
    return "\n".join([head, *lines, *([f"      and {more} more tests"] if more > 0 else [])])
