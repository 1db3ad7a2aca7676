"""Who hands in again and again, and fails the same test each time, over the runs that are kept."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from grader.results.verdicts import Verdict
from grader.runs.history.comparing import pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from grader.runs.history.kept_runs import Had, KeptRuns, RunRecord
    from grader.runs.history.marks import Mark

__all__ = ["HAND_INS", "Stuck", "stuck_students"]

HAND_INS = 3  # that fail the same test: a second try is how people learn, a third did not help
REMEMBERED = 4_096  # marks, which many students share


class Stuck(NamedTuple):
    """A student whose last hand-ins all fail one test; `title` is the test's sentence."""

    student: str
    exercise: str
    title: str
    hand_ins: int


def stuck_students(runs: KeptRuns) -> tuple[Stuck, ...]:
    """Return who is stuck in the newest run, each at the test that most hand-ins failed.

    The same work counts once, however often it was graded. What can't be read is passed over.
    """
    mark = lru_cache(REMEMBERED)(runs.mark)
    newest, histories = _histories(runs)
    found = []
    for keys in histories.values():
        if len(keys) >= HAND_INS:
            hads = ((run, runs.had(key)) for key, run in keys.items())
            places = list(_places(newest, hads, mark))
            if places:
                found.append(max(places, key=lambda each: each.hand_ins))
    return tuple(found)


def _histories(runs: KeptRuns) -> tuple[RunRecord | None, dict[str, dict[str, RunRecord]]]:
    """Return the newest run, and of each of its students what there was in it and before."""
    newest = run = runs.before()
    found: dict[str, dict[str, RunRecord]] = {each: {} for each in run.students} if run else {}
    while run is not None:
        for student, key in run.students.items():
            if student in found:
                found[student].setdefault(key, run)
        run = runs.before(run.number)
    return newest, found


def _places(
    newest: RunRecord | None,
    hads: Iterable[tuple[RunRecord, Had | None]],
    mark_of: Callable[[str], Mark | None],
) -> Iterator[Stuck]:
    """Give where a student is stuck; what there was comes newest first."""
    student = ""
    marks: dict[str, dict[str, Mark]] = {}  # of each exercise, by the work
    for run, had in hads:
        if had is None:
            continue
        student = student or had.place.record.id
        for exercise, piece in pieces(run, had).items():
            mark = mark_of(piece.mark)
            if mark is not None and piece.work:
                marks.setdefault(exercise, {}).setdefault(piece.work, mark)
    for exercise in newest.circumstances.exercises if newest else ():
        yield from _failed_each_time(student, exercise, list(marks.get(exercise, {}).values()))


def _failed_each_time(student: str, exercise: str, marks: Sequence[Mark]) -> Iterator[Stuck]:
    """Give each test that the newest hand-ins fail, if they are many; `marks` has one of each."""
    outcomes = [{test.name: test.verdict for test in mark.tests} for mark in marks]
    for test in marks[0].tests if len(marks) >= HAND_INS else ():
        if test.public or not test.max_score:
            continue
        count = 0
        for each in outcomes:
            verdict = each.get(test.name, Verdict.MISSING)
            if verdict is Verdict.PASSED or not verdict.was_tried:
                break
            count += 1
        if count >= HAND_INS:
            yield Stuck(student, exercise, test.title or test.name, count)
