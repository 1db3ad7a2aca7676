"""Changes in the terminal: who lost comes first, and of a large class only the first lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.reports.changes.runs_in_words import about, called_run, different, lead, notes, why
from grader.reports.changes.wording import (
    called,
    difference,
    explaining,
    naming,
    points,
    some,
    test_change,
)
from grader.results.changes import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.results.changes import Change
    from grader.results.students import StudentRecord
    from grader.runs.history.comparing import RunDiff

__all__ = ["MOST_LINES", "namings", "told"]

MOST_LINES, MOST_TESTS = 5, 3


def told(diff: RunDiff, rest: str = "") -> Iterator[str]:
    """Give the lines; `rest` says where everything stands that is too much for them."""
    if diff.is_old:
        yield f"Everything is as in {called_run(diff.after)}."
        yield from _section("Held back (--only-gains):", [*map(_change, diff.held)], rest)
        return
    yield lead(diff)
    yield from filter(None, [different(diff)])
    yield from _section("Lost points:", [*map(_change, diff.losing)], rest)
    yield from _section("Gained points:", [*map(_change, diff.gaining)], rest)
    yield from _section("By decision:", [*map(_change, diff.decided)], rest)
    yield from _section("Held back (--only-gains):", [*map(_change, diff.held)], rest)
    named = [
        f"  {change} in {exercise}, {test}: {some(students)}"
        for (exercise, test, change), students in namings(diff).items()
    ]
    yield from _section("Another name of a mistake:", named, rest)
    yield from notes(diff)


def namings(diff: RunDiff) -> dict[tuple[str, str, str], list[StudentRecord]]:
    """Return who has another name of a mistake: by exercise, test, and which was which."""
    found: dict[tuple[str, str, str], list[StudentRecord]] = {}
    for change in diff.changes:
        for test in change.tests if Cause.NAME in change.causes else ():
            if test.has_new_name and test.before and test.after:
                names = naming(test.before.mistake, test.after.mistake)
                found.setdefault((change.exercise, test.name, names), []).append(change.student)
    return dict(sorted(found.items(), key=lambda each: -len(each[1])))


def _section(heading: str, entries: Sequence[str], rest: str) -> Iterator[str]:
    """Give a heading and the first of its entries, if there are any."""
    if not entries:
        return
    yield heading
    yield from entries[:MOST_LINES]
    if len(entries) > MOST_LINES:
        yield f"  and {len(entries) - MOST_LINES:,} more{f'; see {rest}' if rest else ''}"


def _change(change: Change) -> str:
    gain = f" ({difference(change.gain)})" if change.gain else ""
    head = f"  {called(change.student)}: {about(change)} {points(change)}{gain}; {why(change)}"
    tests = explaining(change)
    lines = [f"      {each.name}: {test_change(each)}" for each in tests[:MOST_TESTS]]
    more = len(tests) - MOST_TESTS
    return "\n".join([head, *lines, *([f"      and {more} more tests"] if more > 0 else [])])
