"""What changed from one run to another: of whom, in which exercise and test, and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from grader.errors import UsageError
from grader.results.changes import (
    Cause,
    Change,
    Points,
    Reason,
    change_between,
    gaining,
    hand_in_cause,
    losing,
)
from grader.results.students import StudentRecord
from grader.runs.store import plain_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.results.changes import Side
    from grader.runs.history.kept_runs import Had, KeptRuns, RunRecord
    from grader.runs.history.marks import Mark

__all__ = [
    "Before",
    "Differ",
    "Piece",
    "RunDiff",
    "compare_runs",
    "compare_with_earlier",
    "deducted",
    "pieces",
]

REMEMBERED = 4_096  # results and differences that many students share
DECIMALS = 6  # of a difference: the rest is the machine's
NOBODY = StudentRecord(id="")


class Piece(NamedTuple):
    """What a student has in an exercise: keys of the result, the hand-in and the mark."""

    key: str
    work: str
    mark: str


@dataclass
class RunDiff:
    """All of it, of two runs.

    Attributes:
        compared: how many students were in both.
        changes: what differs in an exercise that both runs have: points, verdicts or names.
        held: results that would have cost their students points, and were not published.
        is_old: whether all of this was so in the run before already, and this one added nothing.
        new: who was not in the run before.
        gone: who is not in the run after.
        unread: of whom what was kept can't be read.
        handed_in_anew: how many results are of another hand-in.
        files_gone: how many results had a hand-in before and have none now.
        without: who they are that lost such a file.
        decided_anew: about how many students there are new decisions that change what counts.
        by_hand: how many students have other points in parts that a person grades.
        late: of how many students late work costs more or less.
        earlier: the points that students had before, of those who have others now.
        instead: runs that exercises are compared with which the run before does not have.
    """

    before: RunRecord
    after: RunRecord
    compared: int = 0
    changes: list[Change] = field(default_factory=list)
    held: Sequence[Change] = ()
    is_old: bool = False
    new: list[StudentRecord] = field(default_factory=list)
    gone: list[StudentRecord] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    handed_in_anew: int = 0
    files_gone: int = 0
    without: list[StudentRecord] = field(default_factory=list)
    decided_anew: int = 0
    by_hand: int = 0
    late: int = 0
    earlier: dict[str, Points] = field(default_factory=dict)
    instead: Mapping[str, RunRecord] = field(default_factory=dict)

    @cached_property
    def net(self) -> dict[str, float]:
        """By how many points each student has more than before, in all exercises together."""
        gains: dict[str, float] = {}
        for each in self._counted:
            gains[each.student.id] = gains.get(each.student.id, 0.0) + each.gain
        return {student: round(gain, DECIMALS) for student, gain in gains.items()}

    @cached_property
    def losing(self) -> list[Change]:
        """Who lost points in an exercise, who lost most first."""
        return losing(self._counted)

    @cached_property
    def gaining(self) -> list[Change]:
        """Who gained points in an exercise, who gained most first."""
        return gaining(self._counted)

    @cached_property
    def named_otherwise(self) -> list[Change]:
        """Where a mistake is named otherwise, or only once, with the same points."""
        return [each for each in self._counted if not each.gain and Cause.NAME in each.causes]

    @cached_property
    def decided(self) -> list[Change]:
        """What people decided or gave that made no points more or less, such as an excuse."""
        return [each for each in self._counted if not each.gain and _is_by_people(each)]

    @property
    def others(self) -> list[Change]:
        """What else differs, with the same points and names."""
        told = {id(each) for each in (*self.named_otherwise, *self.decided)}
        return [each for each in self._counted if not each.gain and id(each) not in told]

    @property
    def failed(self) -> list[Change]:
        """Where the grader failed then or now, so that there is nothing to compare."""
        return [each for each in self.changes if each.reason is Reason.FAULT]

    @property
    def left_out(self) -> list[str]:
        """The exercises that only one of the runs has, and no earlier one."""
        then, now = (each.circumstances.exercises for each in (self.before, self.after))
        then = (*then, *self.instead)
        return [name for name in dict.fromkeys((*then, *now)) if (name in then) != (name in now)]

    @property
    def _counted(self) -> Iterator[Change]:
        return (each for each in self.changes if each.reason is not Reason.FAULT)

    def having(self, cause: Cause) -> int:
        """Return how many students have a change with a cause."""
        return len({each.student.id for each in self.changes if cause in each.causes})

    @property
    def lost(self) -> int:
        """How many students have fewer points than before."""
        return sum(gain < 0 for gain in self.net.values())

    @property
    def gained(self) -> int:
        """How many students have more points than before."""
        return sum(gain > 0 for gain in self.net.values())

    @cached_property
    def by_student(self) -> dict[str, list[Change]]:
        """What changed of each student."""
        found: dict[str, list[Change]] = {}
        for each in self.changes:
            found.setdefault(each.student.id, []).append(each)
        return found


class Before:
    """What students had in a run, and in exercises that it does not have, in the last that does.

    So nothing goes unsaid where a run held some exercises alone.

    Args:
        run: the run.
        exercises: those that are asked for.

    Attributes:
        instead: in which run each exercise was found that the run itself does not have.
    """

    def __init__(self, runs: KeptRuns, run: RunRecord, exercises: Iterable[str]) -> None:
        self._runs = runs
        self._run = run
        self.instead: dict[str, RunRecord] = {}
        missing = dict.fromkeys(exercises)
        for name in run.circumstances.exercises:
            missing.pop(name, None)
        earlier = runs.compared_with(run) if missing else None
        while missing and earlier is not None:
            for name in [each for each in missing if each in earlier.circumstances.exercises]:
                self.instead[name] = earlier
                del missing[name]
            earlier = runs.compared_with(earlier)

    def pieces(self, student: str) -> dict[str, Piece] | None:
        """Return what a student had in each exercise; None of who was not in the run."""
        key = self._run.students.get(student)
        had = self._runs.had(key) if key else None
        return self.with_earlier(student, had) if had else None

    def with_earlier(self, student: str, had: Had) -> dict[str, Piece]:
        """Return the same of a student of whom it is known what the run itself has."""
        found = pieces(self._run, had)
        for name, run in self.instead.items():
            key = run.students.get(student)
            then = self._runs.had(key) if key else None
            piece = pieces(run, then).get(name) if then else None
            found |= {name: piece} if piece else {}
        return found


class Differ:
    """Compares what students had; what many of them share is compared once."""

    def __init__(self, runs: KeptRuns) -> None:
        self._mark = lru_cache(REMEMBERED)(runs.mark)
        self._shared = lru_cache(REMEMBERED)(self._between)

    def changes(
        self, student: StudentRecord, before: Mapping[str, Piece], after: Mapping[str, Piece]
    ) -> Iterator[Change]:
        """Give what differs in the exercises that are on both sides, if it can be read."""
        for exercise, now in after.items():
            then = before.get(exercise)
            if then is None or then.mark == now.mark:
                continue
            found = self._shared(exercise, *_comparable(then, now))
            if found is not None and _is_seen(found):
                yield replace(found, student=student)

    def hand_in(self, before: Piece, after: Piece) -> tuple[Cause, ...]:
        """Return what another hand-in is; nothing where it is the same, or that is not known."""
        if not (before.work and after.work) or before.work == after.work:
            return ()
        then, now = self._mark(before.mark), self._mark(after.mark)
        if then is None or now is None:
            return (Cause.HAND_IN,)
        return hand_in_cause(was_absent=then.is_absent, is_absent=now.is_absent)

    def side(self, piece: Piece) -> Side | None:
        """Return one side; nothing where it can't be read."""
        mark: Mark | None = self._mark(piece.mark)
        return mark.side(piece.key, piece.work) if mark else None

    def _between(self, exercise: str, before: Piece, after: Piece) -> Change | None:
        then, now = self._mark(before.mark), self._mark(after.mark)
        if then is None or now is None:
            return None
        both = {*then.tests}.intersection(now.tests)  # most tests, which no comparison needs
        return change_between(
            NOBODY,
            exercise,
            then.without(both).side(before.key, before.work),
            now.without(both).side(after.key, after.work),
        )


def compare_runs(runs: KeptRuns, before: RunRecord, after: RunRecord) -> RunDiff:
    """Compare two runs; nothing is graded, and no result is read as a whole.

    Raises:
        UsageError: they are of two courses.
    """
    return _compared(runs, Before(runs, before, ()), before, after)


def compare_with_earlier(runs: KeptRuns, before: RunRecord, after: RunRecord) -> RunDiff:
    """Compare two runs, and in exercises that the first does not have, with the last that does.

    Raises:
        UsageError: they are of two courses.
    """
    return _compared(runs, Before(runs, before, after.circumstances.exercises), before, after)


def _compared(runs: KeptRuns, earlier: Before, before: RunRecord, after: RunRecord) -> RunDiff:
    _require_one_course(before, after)
    diff, differ = RunDiff(before, after, instead=earlier.instead), Differ(runs)
    for student, key in after.students.items():
        key_before = before.students.get(student)
        if key_before == key:
            diff.compared += 1
            continue
        now = runs.had(key)
        then = runs.had(key_before) if key_before else None
        if now is None or (key_before and then is None):
            diff.unread.append(student)
        elif then is None:
            diff.new.append(now.place.record)
        else:
            _add(diff, differ, earlier.with_earlier(student, then), then, now)
    for student in before.students.keys() - after.students.keys():
        had = runs.had(before.students[student])
        diff.gone.append(had.place.record if had else StudentRecord(id=student))
    diff.gone.sort(key=lambda each: each.id)
    diff.by_hand = diff.having(Cause.BY_HAND)
    diff.decided_anew, diff.late = diff.having(Cause.DECISION), diff.having(Cause.DEDUCTION)
    return diff


def pieces(run: RunRecord, had: Had) -> dict[str, Piece]:
    """Return what a student had in each exercise of a run; nothing of who was not graded."""
    keys = map(plain_key, had.place.keys)
    works = had.place.works or ("",) * len(had.place.keys)
    found = zip(run.circumstances.exercises, keys, works, had.marks, strict=False)
    return {exercise: Piece(key, work, mark) for exercise, key, work, mark in found}


def _add(diff: RunDiff, differ: Differ, before: Mapping[str, Piece], then: Had, now: Had) -> None:
    diff.compared += 1
    after = pieces(diff.after, now)
    diff.changes += differ.changes(now.place.record, before, after)
    both = [(before[name], piece) for name, piece in after.items() if name in before]
    causes = [cause for pair in both for cause in differ.hand_in(*pair)]
    diff.handed_in_anew += causes.count(Cause.HAND_IN)
    diff.files_gone += causes.count(Cause.FILE_GONE)
    if Cause.FILE_GONE in causes:
        diff.without.append(now.place.record)
    if then.deduction != now.deduction:
        diff.changes.append(deducted(then, now))
    if (then.score, then.max_score) != (now.score, now.max_score):
        diff.earlier[now.place.record.id] = Points(then.score, then.max_score)


def deducted(then: Had, now: Had) -> Change:
    """Return what differs beside the exercises, as a change of none of them."""
    return Change(
        student=now.place.record,
        exercise="",
        reason=Reason.SAME,
        before=Points(-then.deduction, then.max_score),
        after=Points(-now.deduction, now.max_score),
        causes=(Cause.DEDUCTION,),
    )


def _comparable(then: Piece, now: Piece) -> tuple[Piece, Piece]:
    """Return two sides whose keys say only whether they differ, so that many are the same."""
    key = "same" if then.key == now.key else "new"
    known = bool(then.work and now.work)
    work = "same" if then.work == now.work else "new"
    return (
        Piece("same", "same" if known else "", then.mark),
        Piece(key, work if known else "", now.mark),
    )


def _is_seen(change: Change) -> bool:
    is_other = change.gain or change.tests or change.before != change.after
    return bool(is_other or _is_by_people(change))


def _is_by_people(change: Change) -> bool:
    return Cause.DECISION in change.causes or Cause.BY_HAND in change.causes


def _require_one_course(before: RunRecord, after: RunRecord) -> None:
    then, now = before.circumstances, after.circumstances
    if not (then.course and now.course):
        one = set(then.exercises) & set(now.exercises)
    else:
        one = {then.course, then.folder} & {now.course, now.folder}
    if not one:
        raise UsageError(
            f"run {before.number} is of the course {then.course!r} ({then.folder}) and run "
            f"{after.number} of {now.course!r} ({now.folder}): runs of two courses can't be "
            "compared"
        )
