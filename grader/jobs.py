"""One submission on its way through the engine: what is known of it, what is still to be graded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.verdicts import ExerciseResult, TestResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.submissions import HandIn, Submission

__all__ = ["Job", "fault"]


@dataclass
class Job:
    """One submission.

    What runs out of time while others are graded beside it may have lost it to them. So it does
    not count before it has been graded once more, alone; then the better result does.

    Attributes:
        keys: of each exercise, under which its result is kept.
        known: results that count.
        todo: what is still to be graded.
        crowded: whether others were graded beside it since the last results.
        late: results of what is to be graded once more.
    """

    submission: Submission
    keys: dict[str, str] = field(default_factory=dict)
    known: dict[str, ExerciseResult] = field(default_factory=dict)
    todo: dict[str, HandIn] = field(default_factory=dict)
    crowded: bool = False
    late: dict[str, ExerciseResult] = field(default_factory=dict)

    def take(self, results: Iterable[ExerciseResult]) -> dict[str, ExerciseResult]:
        """Take the results of all that was to be graded; return those that count, by key."""
        found = {each.exercise: _better(each, self.late.get(each.exercise)) for each in results}
        self.late = {
            name: each for name, each in found.items() if self.crowded and _ran_out_of_time(each)
        }
        self.todo = {name: work for name, work in self.todo.items() if name in self.late}
        self.crowded = False
        counting = {name: each for name, each in found.items() if name not in self.late}
        self.known |= counting
        return {self.keys[name]: each for name, each in counting.items()}


def _ran_out_of_time(result: ExerciseResult) -> bool:
    return any(test.verdict is Verdict.TIMED_OUT for test in result.tests)


def _better(second: ExerciseResult, first: ExerciseResult | None) -> ExerciseResult:
    """Return which of two results of the same work counts; a fault of ours says nothing of it."""
    if first is None or second.verdict is Verdict.GRADER_FAULT:
        return second
    return first if first.score > second.score else second


def fault(exercise: str, reason: str) -> ExerciseResult:
    """Return the result of an exercise that the grader could not grade."""
    test = TestResult(
        name="grading",
        title="The grader could not finish this exercise.",
        public=False,
        verdict=Verdict.GRADER_FAULT,
        score=0.0,
        max_score=0.0,
        message=reason,
    )
    return ExerciseResult(
        exercise=exercise,
        verdict=Verdict.GRADER_FAULT,
        score=0.0,
        max_score=0.0,
        source=None,
        seconds=0.0,
        tests=(test,),
    )
