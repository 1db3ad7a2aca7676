"""What would be graded again, and why, in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.reports.changes.wording import some
from grader.text.wording import plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.results.students import StudentRecord
    from grader.runs.history.foreseeing import Foreseen

__all__ = ["foreseen_lines", "stop_lines"]

MOST_LINES = 12

Groups = dict[tuple[str, str], "list[StudentRecord]"]  # by exercise and reason


def foreseen_lines(foreseen: Iterable[Foreseen]) -> Iterator[str]:
    """Give a line for each exercise and reason, the one of most students first."""
    anew: Groups = {}
    kept: Groups = {}
    for each in foreseen:
        groups = kept if each.is_kept else anew
        groups.setdefault((each.exercise, each.why), []).append(each.student)
    if anew:
        yield from _lines("Would be graded", anew)
    else:
        yield "Nothing would be graded again."
    if kept:
        yield from _lines("Would change to what an earlier run found", kept)


def _lines(what: str, groups: Groups) -> Iterator[str]:
    results = sum(map(len, groups.values()))
    students = {each.id for whose in groups.values() for each in whose}
    yield f"{what}: {plural(results, 'result')} of {plural(len(students), 'student')}."
    ranked = sorted(groups.items(), key=lambda each: -len(each[1]))
    for (exercise, why), whose in ranked[:MOST_LINES]:
        yield f"  {printable(exercise)}, {why}: {some(whose)}"
    if len(ranked) > MOST_LINES:
        yield f"  and {len(ranked) - MOST_LINES} more exercises and reasons"


def stop_lines(why: str) -> list[str]:
    """Say that `grade` would grade nothing, with a line for each reason."""
    return [f"`grade` would stop: {printable(each)}." for each in why.splitlines()]
