"""What a run would grade, and why: found without grading anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from grader.errors import InfrastructureError
from grader.results.changes import UNKNOWN, Cause, hand_in_cause, judging_causes
from grader.runs.history.comparing import Before, Piece
from grader.runs.history.kept_runs import KeptRuns
from grader.runs.kept_class import KeptClass
from grader.runs.store import plain_key, result_key, suite_digest, under_of, work_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.results.changes import Under
    from grader.results.students import StudentRecord
    from grader.runs.database import Database
    from grader.runs.engine import Plan
    from grader.runs.store import Store
    from grader.submissions import Submission

__all__ = ["Foreseen", "foresee"]

FIRST = "no result yet"
LACKING = "the earlier result was a grader fault, or is no longer there"


class Foreseen(NamedTuple):
    """A result that would be another one.

    Attributes:
        is_kept: whether it need not be computed, as an earlier run did that.
    """

    student: StudentRecord
    exercise: str
    why: str
    is_kept: bool = False


class _Work(NamedTuple):
    """What would be judged: a digest of it, and what it would be judged under."""

    exercise: str
    digest: str
    under: Under
    is_absent: bool


def foresee(submissions: Sequence[Submission], plan: Plan, store: Store) -> Iterator[Foreseen]:
    """Give what would be graded, and what would change without that, by student."""
    earlier = _Earlier(store.database, [each.name for each in plan.exercises])
    place = plan.device, plan.isolation.value, plan.limits
    suites = {each: (suite_digest(each), under_of(each, *place)) for each in plan.exercises}
    for submission in submissions:
        known = earlier.pieces(submission.student)
        for exercise, (suite, under) in suites.items():
            hand_in = submission.hand_in(exercise, plan.course)
            key = result_key(exercise, hand_in, suite, *place)
            is_kept = not plan.fresh and store.get(key) is not None
            if is_kept and not _is_another(known, exercise.name, key):
                continue
            digest = work_digest(exercise, hand_in)
            work = _Work(exercise.name, digest, under, is_absent=hand_in.is_absent)
            why = "--fresh" if plan.fresh else earlier.why(known, work)
            yield Foreseen(submission.record, exercise.name, why, is_kept)


def _is_another(known: Mapping[str, Piece] | None, exercise: str, key: str) -> bool:
    """Tell whether a student has another result in an exercise, as far as that is known."""
    piece = (known or {}).get(exercise)
    return piece is not None and plain_key(piece.key) != key


class _Earlier:
    """What everybody has: by the newest run, or where no run has them, by the class."""

    def __init__(self, database: Database, exercises: Sequence[str]) -> None:
        self._runs = KeptRuns(database)
        self._run = self._runs.before()
        self._before = Before(self._runs, self._run, exercises) if self._run else None
        self._class = KeptClass(database)
        self._students = set(self._class.students())

    def pieces(self, student: str) -> Mapping[str, Piece] | None:
        """Return what a student has in each exercise; None where that can't be read."""
        if self._run and self._before and student in self._run.students:
            return self._before.pieces(student)
        return self._in_class(student) if student in self._students else {}

    def _in_class(self, student: str) -> Mapping[str, Piece] | None:
        """Return the same of a class of which no run is kept; nobody knows what judged it."""
        try:
            place, names = self._class.place(student), self._class.circumstances().exercises
        except InfrastructureError:
            return None
        works = place.works or ("",) * len(place.keys)
        found = zip(names, place.keys, works, strict=False)
        return {exercise: Piece(key, work, "") for exercise, key, work in found}

    def why(self, known: Mapping[str, Piece] | None, foreseen: _Work) -> str:
        """Say why work would be judged, by what its student has."""
        if known is None:
            return LACKING
        then = known.get(foreseen.exercise)
        if then is None:
            return FIRST
        mark = self._runs.mark(then.mark)
        is_other = bool(then.work) and then.work != foreseen.digest
        was_absent = mark is not None and mark.is_absent
        absent = {"was_absent": was_absent, "is_absent": foreseen.is_absent}
        causes = [*hand_in_cause(**absent)] if is_other else []
        causes += judging_causes(mark.under if mark else UNKNOWN, foreseen.under)
        if is_other and Cause.JUDGED in causes:
            causes.remove(Cause.JUDGED)
        return ", ".join(each.value for each in causes) or LACKING
