"""Changes in the terminal: who lost comes first, and of a large class only the first lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.reports.changes.lines import change_lines, section
from grader.reports.changes.runs_in_words import about, called_run, different, lead, notes, why
from grader.reports.changes.wording import naming, some
from grader.results.changes import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.results.changes import Change
    from grader.results.students import StudentRecord
    from grader.runs.history.comparing import RunDiff

__all__ = ["MOST_LINES", "differences", "namings", "told"]

MOST_LINES = 5


def told(diff: RunDiff, rest: str = "") -> Iterator[str]:
    """Give the lines; `rest` says where everything stands that is too much for them."""
    if diff.is_old:
        see = f"see {rest}" if rest else ""
        yield f"Everything is as in {called_run(diff.after)}."
        yield from section("Held back (--only-gains):", diff.held, MOST_LINES, see, _change)
        return
    yield lead(diff)
    yield from differences(diff, rest)


def differences(diff: RunDiff, rest: str = "") -> Iterator[str]:
    """Give the lines below the first; `rest` as above."""
    see = f"see {rest}" if rest else ""
    yield from filter(None, [different(diff)])
    yield from section("Lost points:", diff.losing, MOST_LINES, see, _change)
    yield from section("Gained points:", diff.gaining, MOST_LINES, see, _change)
    yield from section("By decision:", diff.decided, MOST_LINES, see, _change)
    yield from section("Held back (--only-gains):", diff.held, MOST_LINES, see, _change)
    named = [
        f"  {change} in {exercise}, {test}: {some(students)}"
        for (exercise, test, change), students in namings(diff).items()
    ]
    yield from section("Another name of a mistake:", named, MOST_LINES, see)
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


def _change(change: Change) -> str:
    return change_lines(change, about(change), why(change))
