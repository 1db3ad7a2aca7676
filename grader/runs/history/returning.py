"""Go back to a run: everybody has again what they had in it, and nothing is graded."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.errors import UsageError
from grader.results.verdicts import newest
from grader.runs.graded_students import GradedStudents
from grader.runs.grading_run import GradingRun
from grader.runs.history.keeping import Keeping
from grader.runs.history.kept_runs import KeptRuns
from grader.runs.history.ledger import Ledger
from grader.runs.history.stuck import stuck_students
from grader.runs.kept_class import KeptClass
from grader.runs.store import plain_key
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.courses import Course
    from grader.runs.deciding.applying import Decisions
    from grader.runs.graded_students import Place
    from grader.runs.history.kept_runs import Had, RunRecord
    from grader.runs.manual import ManualPoints
    from grader.runs.store import Store

__all__ = ["return_to"]


def return_to(
    number: int, course: Course, store: Store, manual: ManualPoints, decisions: Decisions
) -> GradingRun:
    """Make a run's results those of the class again, as a run of its own.

    What people give and decide counts as it does now.

    Raises:
        UsageError: there is no such run, or results of it are not there any more.
    """
    runs = KeptRuns(store.database)
    run = runs.run(number)
    places = _places(runs, run, store)
    done = GradedStudents(store, list(places), places, manual, decisions)
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    ledger = Ledger(store, replace(run, at=now), Keeping(source=run.source, restored=number))
    with store.database.as_one():
        ledger.note_kept(done, places, run)
        changes = ledger.close(done, is_whole=True)
        KeptClass(store.database).keep(run.circumstances, places)
    return GradingRun(
        course=course,
        device=run.circumstances.device,
        sandbox=run.circumstances.sandbox,
        students=done,
        records=tuple(place.record for place in places.values()),
        versions=run.versions,
        title=run.circumstances.title,
        graded_at=newest(place.graded_at for place in places.values()),
        nothing_new=True,
        changes=changes,
        stuck=stuck_students(runs),
    )


def _places(runs: KeptRuns, run: RunRecord, store: Store) -> dict[str, Place]:
    """Return where everybody's results are.

    Raises:
        UsageError: some are not there.
    """
    hads = {student: runs.had(key) for student, key in run.students.items()}
    rows = {
        student: list(_rows(had, runs, store)) if had else [""] for student, had in hads.items()
    }
    if lost := [student for student, keys in rows.items() if not all(keys)]:
        raise UsageError(
            f"run {run.number} can't be restored: results of {plural(len(lost), 'student')} are "
            f"damaged or no longer there, such as those of {lost[0]}; nothing was changed"
        )
    return {
        student: replace(had.place, keys=tuple(rows[student]))
        for student, had in hads.items()
        if had
    }


def _rows(had: Had, runs: KeptRuns, store: Store) -> Iterator[str]:
    """Give the keys under which a student's results are; an empty one for one that is not there."""
    for key, name in zip(had.place.keys, had.marks, strict=True):
        mark = runs.mark(name)
        if plain_key(key) in (had.place.unkept or {}):
            yield key
        else:
            yield store.row_of(key, mark.result().tests) if mark else ""
