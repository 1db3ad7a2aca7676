"""What differs between two sets of results: student by exercise by test, and why.

Where an exercise has as many points as before, its scores are compared as they are. Else an earlier
score counts as its share of the points now: who had all of them then, and has now, lost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from grader.results.verdicts import Verdict, totals

if TYPE_CHECKING:
    from grader.results.students import StudentRecord
    from grader.results.verdicts import ExerciseResult, TestResult

__all__ = ["Change", "Points", "Reason", "Side", "TestChange", "change_between"]

DECIMALS = 6  # of a difference: the rest is the machine's


class Reason(StrEnum):
    """Why a result may be another than before."""

    SAME = "nothing that could change it is different"
    TESTS = "the same work was judged anew, by other tests or with other software or limits"
    WORK = "something else was handed in"
    FIRST = "there is no earlier result"
    GONE = "there is no result any more"
    FAULT = "the grader failed, then or now"


@dataclass(frozen=True)
class Side:
    """What a student has in an exercise, before or after.

    Attributes:
        key: under which the store keeps it: another one wherever something could change it.
        work: a digest of what was handed in; empty where that is not known.
    """

    result: ExerciseResult
    key: str
    work: str = ""


class Points(NamedTuple):
    """A score, and what it could be."""

    score: float
    of: float


@dataclass(frozen=True)
class TestChange:
    """A test with another result than before; on the side where it did not exist, it has none."""

    __test__ = False  # not a test class, whatever pytest reads into its name

    before: TestResult | None
    after: TestResult | None

    @property
    def name(self) -> str:
        """The test function's name."""
        return self.newest.name

    @property
    def title(self) -> str:
        """The student's line, as it is now."""
        return self.newest.title

    @property
    def public(self) -> bool:
        """Whether the student can run it too."""
        return self.newest.public

    @property
    def gain(self) -> float:
        """By how many points less than before it keeps its student from having all."""
        return round(_lacking(self.before) - _lacking(self.after), DECIMALS)

    @property
    def is_named_otherwise(self) -> bool:
        """Whether it failed both times, and another mistake was named, or one only once."""
        if self.before is None or self.after is None:
            return False
        failed = Verdict.PASSED not in (self.before.verdict, self.after.verdict)
        return failed and self.before.mistake != self.after.mistake

    @property
    def newest(self) -> TestResult:
        """The result now; of a test that is gone, the one before."""
        either = self.after or self.before
        if either is None:
            raise ValueError("a test that exists on neither side")
        return either


@dataclass(frozen=True)
class Change:
    """One student in one exercise.

    Attributes:
        before: the points of its tests; None where there was no result.
        after: likewise.
        tests: those that differ, the one that costs most first.
    """

    student: StudentRecord
    exercise: str
    reason: Reason
    before: Points | None
    after: Points | None
    tests: tuple[TestChange, ...] = ()

    @property
    def gain(self) -> float:
        """How many of the points now the student has more than before; 0 where that is unknown."""
        if not (self.before and self.after and self.before.of > 0 and self.after.of > 0):
            return 0.0
        earlier = self.before.score * self.after.of / self.before.of
        return round(self.after.score - earlier, DECIMALS)


def change_between(
    student: StudentRecord, exercise: str, before: Side | None, after: Side | None
) -> Change:
    """Compare what a student has in an exercise with what it was before; one side has something."""
    return Change(
        student=student,
        exercise=exercise,
        reason=_reason(before, after),
        before=_points(before),
        after=_points(after),
        tests=tuple(sorted(_tests(before, after), key=lambda each: each.gain)),
    )


def _reason(before: Side | None, after: Side | None) -> Reason:
    if before is None or after is None:
        return Reason.FIRST if before is None else Reason.GONE
    if before.result.has_fault or after.result.has_fault:
        return Reason.FAULT
    if before.key == after.key:
        return Reason.SAME
    is_known = before.work and after.work
    return Reason.WORK if is_known and before.work != after.work else Reason.TESTS


def _points(side: Side | None) -> Points | None:
    return None if side is None else Points(*totals(side.result.tests))


def _tests(before: Side | None, after: Side | None) -> list[TestChange]:
    then, now = _by_name(before), _by_name(after)
    every = [TestChange(then.get(name), now.get(name)) for name in {**now, **then}]
    return [each for each in every if _what_counts(each.before) != _what_counts(each.after)]


def _by_name(side: Side | None) -> dict[tuple[str, bool], TestResult]:
    return {} if side is None else {(each.name, each.public): each for each in side.result.tests}


def _what_counts(test: TestResult | None) -> tuple[object, ...]:
    return () if test is None else (test.verdict, test.score, test.max_score, test.mistake)


def _lacking(test: TestResult | None) -> float:
    return 0.0 if test is None else test.max_score - test.score
