"""What differs between two sets of results: student by exercise by test, and why.

Where an exercise has as many points as before, its scores are compared as they are. Else an earlier
score counts as its share of the points now: who had all of them then, and has now, lost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from grader.results.verdicts import Verdict, totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.results.students import StudentRecord
    from grader.results.verdicts import ExerciseResult, TestResult

__all__ = [
    "BY_HAND",
    "UNKNOWN",
    "Cause",
    "Change",
    "Decided",
    "Points",
    "Reason",
    "Side",
    "TestChange",
    "Under",
    "change_between",
    "gain_between",
    "gaining",
    "hand_in_cause",
    "judging_causes",
    "losing",
]

DECIMALS = 6  # of a difference: the rest is the machine's
BY_HAND = "by hand"  # the rule of points for a part that a person grades
REMEMBERED = 4_096  # points and differences of a test, which many students have alike


class Reason(StrEnum):
    """Why a result may be another than before."""

    SAME = "nothing that could change it is different"
    TESTS = "the same work was judged anew, by other tests or with other software or limits"
    WORK = "something else was handed in, or the file is no longer there"
    FIRST = "there is no earlier result"
    GONE = "there is no result any more"
    FAULT = "the grader failed, then or now"


class Cause(StrEnum):
    """What was different; a result may have several of them."""

    HAND_IN = "new hand-in"
    FILE_GONE = "file no longer there"
    SUITE = "changed tests"
    LIMIT = "changed limit"
    SOFTWARE = "other software"
    PLACE = "other device or sandbox"
    JUDGED = "changed tests, limits or software"  # where an earlier version kept no more
    AGAIN = "graded again"
    DECISION = "new decision"
    BY_HAND = "points given by hand"
    DEDUCTION = "late work"
    NAME = "new name of a mistake"


class Under(msgspec.Struct, frozen=True, array_like=True):
    """What a result was computed under, as digests; empty where that is not known."""

    tests: str = ""
    limits: str = ""
    software: str = ""
    place: str = ""


UNKNOWN = Under()  # of what an earlier version kept


class Decided(msgspec.Struct, frozen=True, array_like=True):
    """Points that people gave, in an exercise.

    Attributes:
        about: the test or part that they are for; empty for the whole exercise.
        change: how many more than by grading.
        score: what there is with them.
        rule: what was decided, whatever it comes to; empty where that was not kept.
    """

    about: str
    change: float
    score: float
    rule: str = ""

    def is_like(self, other: Decided) -> bool:
        """Tell whether it is the same decision: to add so many points, or to make it so many."""
        if self.rule and other.rule:
            is_given = self.rule == BY_HAND
            return self.rule == other.rule and (not is_given or self.score == other.score)
        return self.change == other.change or self.score == other.score


@dataclass(frozen=True)
class Side:
    """What a student has in an exercise, before or after.

    Attributes:
        key: under which the store keeps it: another one wherever something could change it.
        work: a digest of what was handed in; empty where that is not known.
        under: what it was computed under.
        decided: points that people gave, which are in the result.
    """

    result: ExerciseResult
    key: str
    work: str = ""
    under: Under = UNKNOWN
    decided: tuple[Decided, ...] = ()

    @property
    def computed(self) -> Points:
        """The points of its tests by grading alone."""
        return Points(self.result.score - self.given, totals(self.result.tests)[1])

    @property
    def given(self) -> float:
        """How many points people gave."""
        return sum(each.change for each in self.decided)

    @property
    def counting(self) -> Points:
        """The points as they count in the student's."""
        weight = self.result.weight
        return _shared_points(
            round(self.result.score * weight, DECIMALS),
            round(self.result.max_score * weight, DECIMALS),
        )

    def decided_otherwise(self, other: Side) -> Iterator[Cause]:
        """Give what people did otherwise, whatever came of grading; each once."""
        mine = {each.about: each for each in self.decided}
        theirs = {each.about: each for each in other.decided}
        both = [(mine.get(about), theirs.get(about)) for about in {**mine, **theirs}]
        unlike = [pair for pair in both if not (pair[0] and pair[1] and pair[0].is_like(pair[1]))]
        by_hand = [any(each and each.rule == BY_HAND for each in pair) for pair in unlike]
        if self.result.weight != other.result.weight or not all(by_hand):
            yield Cause.DECISION
        if any(by_hand):
            yield Cause.BY_HAND


class Points(NamedTuple):
    """A score, and what it could be."""

    score: float
    of: float


@dataclass(frozen=True, slots=True)
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
    def has_new_name(self) -> bool:
        """Whether another mistake is named, or none any more of an answer that failed alike."""
        if self.before is None or self.after is None or not self.is_named_otherwise:
            return False
        return bool(self.after.mistake) or self.before.verdict is self.after.verdict

    @property
    def is_another_outcome(self) -> bool:
        """Whether it has another verdict, or exists on one side alone."""
        return (
            self.before is None or self.after is None or self.before.verdict != self.after.verdict
        )

    @property
    def newest(self) -> TestResult:
        """The result now; of a test that is gone, the one before."""
        either = self.after or self.before
        if either is None:
            raise ValueError("a test that exists on neither side")
        return either


@dataclass(frozen=True, slots=True)
class Change:
    """One student in one exercise.

    Attributes:
        exercise: empty for what is taken off the whole hand-in.
        before: the points of its tests; None where there was no result.
        after: likewise.
        tests: those that differ, the one that costs most first.
        causes: what was different, as far as that is known.
    """

    student: StudentRecord
    exercise: str
    reason: Reason
    before: Points | None
    after: Points | None
    tests: tuple[TestChange, ...] = ()
    causes: tuple[Cause, ...] = ()

    @property
    def gain(self) -> float:
        """How many of the points now the student has more than before; 0 where that is unknown."""
        return gain_between(self.before, self.after)


def gain_between(before: Points | None, after: Points | None) -> float:
    """Return how many of the points after are more than before; 0 where that is unknown."""
    if not (before and after and before.of > 0 and after.of > 0):
        return 0.0
    return round(after.score - before.score * after.of / before.of, DECIMALS)


def losing(changes: Iterable[Change]) -> list[Change]:
    """Return those that cost points, who lost most first."""
    found = [each for each in changes if each.gain < 0]
    return sorted(found, key=lambda each: (each.gain, each.student.told_apart))


def gaining(changes: Iterable[Change]) -> list[Change]:
    """Return those that give points, who gained most first."""
    found = [each for each in changes if each.gain > 0]
    return sorted(found, key=lambda each: (-each.gain, each.student.told_apart))


def change_between(
    student: StudentRecord, exercise: str, before: Side | None, after: Side | None
) -> Change:
    """Compare what a student has in an exercise with what it was before; one side has something."""
    tests = sorted(_tests(before, after), key=lambda each: each.gain)
    return Change(
        student=student,
        exercise=exercise,
        reason=_reason(before, after),
        before=_points(before),
        after=_points(after),
        tests=tuple(tests),
        causes=tuple(_causes(before, after, tests)) if before and after else (),
    )


def _causes(before: Side, after: Side, tests: Sequence[TestChange]) -> Iterator[Cause]:
    is_known = before.work and after.work
    is_other_work = bool(is_known) and before.work != after.work
    if is_other_work:
        absent = before.result.is_absent, after.result.is_absent
        yield from hand_in_cause(was_absent=absent[0], is_absent=absent[1])
    if before.key != after.key:
        causes = list(judging_causes(before.under, after.under))
        yield from causes if not is_other_work or Cause.JUDGED not in causes else ()
    elif any(each.is_another_outcome for each in tests):
        yield Cause.AGAIN
    yield from before.decided_otherwise(after)
    if not is_other_work and any(each.has_new_name for each in tests):
        yield Cause.NAME


def hand_in_cause(*, was_absent: bool, is_absent: bool) -> tuple[Cause, ...]:
    """Return what another hand-in is: a new one, none any more, or none as before."""
    if is_absent:
        return () if was_absent else (Cause.FILE_GONE,)
    return (Cause.HAND_IN,)


def judging_causes(before: Under, after: Under) -> Iterator[Cause]:
    """Give what is different about how two results were computed."""
    if UNKNOWN in {before, after}:
        yield Cause.JUDGED
        return
    if before.tests != after.tests:
        yield Cause.SUITE
    if before.limits != after.limits:
        yield Cause.LIMIT
    if before.software != after.software:
        yield Cause.SOFTWARE
    if before.place != after.place:
        yield Cause.PLACE


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
    return None if side is None else side.counting


def _tests(before: Side | None, after: Side | None) -> list[TestChange]:
    then, now = _by_name(before), _by_name(after)
    every = [_shared_change(then.get(name), now.get(name)) for name in {**now, **then}]
    return [each for each in every if _what_counts(each.before) != _what_counts(each.after)]


_shared_points = lru_cache(REMEMBERED)(Points)
_shared_change = lru_cache(REMEMBERED)(TestChange)


def _by_name(side: Side | None) -> dict[tuple[str, bool], TestResult]:
    return {} if side is None else {(each.name, each.public): each for each in side.result.tests}


def _what_counts(test: TestResult | None) -> tuple[object, ...]:
    return () if test is None else (test.verdict, test.score, test.max_score, test.mistake)


def _lacking(test: TestResult | None) -> float:
    return 0.0 if test is None else test.max_score - test.score
