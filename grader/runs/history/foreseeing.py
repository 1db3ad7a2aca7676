"""What a run would grade, and why: found without grading anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from grader.results.changes import UNKNOWN, Cause, judging_causes
from grader.runs.history.comparing import pieces
from grader.runs.history.kept_runs import KeptRuns
from grader.runs.store import result_key, suite_digest, under_of, work_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.results.changes import Under
    from grader.results.students import StudentRecord
    from grader.runs.engine import Plan
    from grader.runs.history.comparing import Piece
    from grader.runs.store import Store
    from grader.submissions import Submission

__all__ = ["Foreseen", "foresee"]

FIRST = "no result yet"
LACKING = "the earlier result was a grader fault, or is no longer there"


class Foreseen(NamedTuple):
    """A result that would be computed."""

    student: StudentRecord
    exercise: str
    why: str


def foresee(submissions: Sequence[Submission], plan: Plan, store: Store) -> Iterator[Foreseen]:
    """Give what would be graded, of one student after the other."""
    runs = KeptRuns(store.database)
    run = runs.before()
    place = plan.device, plan.isolation.value, plan.limits
    suites = {each: (suite_digest(each), under_of(each, *place)) for each in plan.exercises}
    for submission in submissions:
        had = runs.had(run.students.get(submission.student, "")) if run else None
        known = pieces(run, had) if run and had else {}
        for exercise, (suite, under) in suites.items():
            hand_in = submission.hand_in(exercise, plan.course)
            key = result_key(exercise, hand_in, suite, *place)
            if plan.fresh or store.get(key) is None:
                then, work = known.get(exercise.name), work_digest(exercise, hand_in)
                why = "--fresh" if plan.fresh else _why(runs, then, work, under)
                yield Foreseen(submission.record, exercise.name, why)


def _why(runs: KeptRuns, then: Piece | None, work: str, under: Under) -> str:
    if then is None:
        return FIRST
    mark = runs.mark(then.mark)
    is_other = bool(then.work) and then.work != work
    causes = [Cause.HAND_IN] if is_other else []
    causes += judging_causes(mark.under if mark else UNKNOWN, under)
    if is_other and Cause.JUDGED in causes:
        causes.remove(Cause.JUDGED)
    return ", ".join(each.value for each in causes) or LACKING
