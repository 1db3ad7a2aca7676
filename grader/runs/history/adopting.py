"""The class of an earlier version, which kept no runs: what everybody has becomes the first one."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from grader.errors import InfrastructureError
from grader.results.verdicts import newest
from grader.runs.graded_students import GradedStudents
from grader.runs.history.keeping import Keeping
from grader.runs.history.kept_runs import KeptRuns, RunRecord
from grader.runs.history.ledger import Ledger
from grader.runs.kept_class import KeptClass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.runs.graded_students import Place
    from grader.runs.manual import ManualPoints
    from grader.runs.store import Store

__all__ = ["adopt_class"]


def adopt_class(store: Store, manual: ManualPoints) -> None:
    """Keep the class as the first run, if there is none yet; of whom nothing can be read, nothing.

    A class of whom some were never graded is that of a run that was stopped, and no run.
    """
    kept = KeptClass(store.database)
    if KeptRuns(store.database).numbers():
        return
    try:
        circumstances = kept.circumstances()
    except InfrastructureError:  # there was no run, or nobody knows of what
        return
    places = dict(_places(kept))
    if not all(len(each.keys) == len(circumstances.exercises) for each in places.values()):
        return
    at = newest(each.graded_at for each in places.values())
    ledger = Ledger(store, RunRecord(number=1, at=at, circumstances=circumstances), Keeping())
    done = GradedStudents(store, list(places), places, manual)
    with store.database.as_one():
        for result in done:
            ledger.note(places[result.student], result)
        if places:
            ledger.close(done, is_whole=True)
            KeptRuns(store.database).note_written()


def _places(kept: KeptClass) -> Iterator[tuple[str, Place]]:
    for student in kept.students():
        with suppress(InfrastructureError):  # an earlier version kept it, or it is damaged
            yield student, kept.place(student)
