"""What would be graded again, and why, in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.reports.changes.wording import some
from grader.text.wording import plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.results.students import StudentRecord
    from grader.runs.history.foreseeing import Foreseen

__all__ = ["foreseen_lines", "stop_line"]

MOST_LINES = 12


def foreseen_lines(foreseen: Iterable[Foreseen]) -> Iterator[str]:
    """Give a line for each exercise and reason, the one of most students first."""
    groups: dict[tuple[str, str], list[StudentRecord]] = {}
    for each in foreseen:
        groups.setdefault((each.exercise, each.why), []).append(each.student)
    if not groups:
        yield "Nothing would be graded again: everything is as in the last run."
        return
    results = sum(map(len, groups.values()))
    students = {each.id for whose in groups.values() for each in whose}
    yield f"Would be graded: {plural(results, 'result')} of {plural(len(students), 'student')}."
    ranked = sorted(groups.items(), key=lambda each: -len(each[1]))
    for (exercise, why), whose in ranked[:MOST_LINES]:
        yield f"  {printable(exercise)}, {why}: {some(whose)}"
    if len(ranked) > MOST_LINES:
        yield f"  and {len(ranked) - MOST_LINES} more exercises and reasons"


def stop_line(why: str) -> str:
    """Say that `grade` would grade nothing."""
    return f"`grade` would stop: {printable(why)}."
