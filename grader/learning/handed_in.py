"""What the students wrote who gave an answer, as the reports' store has kept it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from grader.errors import InfrastructureError, UsageError
from grader.files.output_folder import STORE, as_it_is
from grader.runs.history.kept_runs import KeptRuns
from grader.runs.kept_class import KeptClass
from grader.runs.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["Graded", "class_graded", "codes_of"]

MOST_STUDENTS = 20  # of one answer, whose code is looked at


class Graded(NamedTuple):
    """What was graded last: the file or folder, and which exercises count; empty if not known."""

    source: str = ""
    exercises: tuple[str, ...] = ()


def class_graded(output: Path) -> Graded:
    """Return what was graded last."""
    try:
        with _store(output) as store:
            run = KeptRuns(store.database).before()
            return Graded(run.source, run.circumstances.exercises) if run else Graded()
    except (UsageError, InfrastructureError):
        return Graded()


def codes_of(output: Path, students: Sequence[str], exercise: str) -> dict[str, str]:
    """Return what some students wrote for an exercise, as it was graded; of whom it is known.

    Raises:
        UsageError: the store is not there, or a run is writing to it.
    """
    found = {}
    with _store(output) as store:
        kept = KeptClass(store.database)
        for student in students[:MOST_STUDENTS]:
            try:
                place = kept.place(student)
            except InfrastructureError:
                continue
            for key in place.keys:
                result = (place.unkept or {}).get(key) or store.get(key)
                if result and result.exercise == exercise and result.code:
                    found[student] = result.code.text
    return found


@contextmanager
def _store(output: Path) -> Iterator[Store]:
    if not (output / STORE).is_file():
        raise UsageError(f"{output} has lost {STORE}, which keeps what students wrote")
    with as_it_is(output), Store(output / STORE, read_only=True) as store:
        yield store
