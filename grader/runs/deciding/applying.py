"""Apply decisions to what grading gave: the computed score stays beside what counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.courses.late_work import LatePolicy, read_time
from grader.results.decided import Kind, Ruling
from grader.runs.deciding.lateness import Due, lateness_of
from grader.runs.deciding.whose import Shared
from grader.text.wording import moment, number, plural, signed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from grader.results.decided import Lateness
    from grader.results.verdicts import ExerciseResult, StudentResult, TestResult
    from grader.runs.deciding.entries import Entry

__all__ = ["Decisions"]

DECIMALS = 6  # of a difference: the rest is the machine's


@dataclass(frozen=True)
class Decisions:
    """The decisions of a class, ready to be applied.

    Attributes:
        due: when the hand-in is due, if that is said.
    """

    shared: Shared = field(default_factory=Shared)
    due: datetime | None = None
    policy: LatePolicy = field(default_factory=LatePolicy)

    def applied(self, result: StudentResult) -> StudentResult:
        """Return a student's result with what people decided."""
        entries = (*self.shared.everybody, *self.shared.own.get(result.student, ()))
        if not entries and self.due is None:
            return result
        exercises, rulings, usual = [], [], 0.0
        for each in result.exercises:
            about = _about(entries, each.exercise)
            changed, found = _of_exercise(each, about)
            exercises.append(changed)
            rulings += found
            usual += each.max_score * _weight([pair for pair in about if pair[0].everybody])
        whole = [_ruling(entry, kind) for entry, kind in _about(entries, "")]
        if any(ruling.kind is Kind.EXCUSED for ruling in whole):
            exercises = [replace(each, weight=0.0) for each in exercises]
        score = sum(each.score * each.weight for each in exercises)
        most = sum(each.max_score * each.weight for each in exercises)
        lateness = self._lateness(result, entries, score, most)
        return replace(
            result,
            record=result.record
            if lateness is None
            else replace(result.record, late=lateness.late),
            exercises=tuple(exercises),
            score=score - (lateness.deduction if lateness else 0.0),
            max_score=most,
            computed=(result.score, result.max_score),
            usual_max=usual,
            rulings=(*whole, *rulings),
            lateness=lateness,
        )

    def _lateness(
        self, result: StudentResult, entries: Sequence[Entry], score: float, most: float
    ) -> Lateness | None:
        """Return how late a student was, where there is a due date and something handed in."""
        own = [entry for entry in entries if not entry.exercise]
        taken_over = any(entry.hand_in for entry in entries)
        is_there = result.has_files or taken_over
        if self.due is None or not is_there or not most:  # of who is excused nothing is late
            return None
        extended = next((read_time(each.due) for each in own if each.due is not None), None)
        days = next((each.late_days for each in own if each.late_days is not None), None)
        due = Due(
            at=extended or self.due,
            extended=extended is not None,
            late_days=self.policy.late_days if days is None else days,
            elsewhere=any(each.hand_in for each in own),
        )
        return lateness_of(result.record, due, self.policy, score, most)


def _about(entries: Sequence[Entry], exercise: str) -> list[tuple[Entry, Kind]]:
    """Return what is decided of an exercise or of the whole; a student's own comes first."""
    found: dict[tuple[str, Kind, object], tuple[Entry, Kind]] = {}
    for entry in entries:
        if entry.exercise == exercise:
            for kind in entry.kinds:
                both = id(entry) if kind is Kind.COMMENT else None  # one does not replace the other
                found[entry.test, kind, both] = (entry, kind)
    return sorted(found.values(), key=lambda each: not each[0].test)  # tests before the exercise


def _of_exercise(
    result: ExerciseResult, decided: Sequence[tuple[Entry, Kind]]
) -> tuple[ExerciseResult, list[Ruling]]:
    """Return an exercise with what was decided of it.

    Points for everybody are for those who handed it in.
    """
    rulings: list[Ruling] = []
    for entry, kind in decided:
        if kind is Kind.POINTS and entry.everybody and result.is_absent:
            continue
        if kind is not Kind.POINTS:
            rulings.append(_ruling(entry, kind))
        elif entry.test:
            result, ruling = _of_test(result, entry)
            rulings.append(ruling)
        else:
            score = _points(entry, result.score, result.max_score)
            rulings.append(_changed(entry, result.score, score))
            result = replace(result, score=score)
    return replace(result, weight=_weight(decided)), rulings


def _weight(decided: Sequence[tuple[Entry, Kind]]) -> float:
    """Return how often the points of an exercise count."""
    if any(kind in {Kind.EXCUSED, Kind.DROPPED} for _, kind in decided):
        return 0.0
    return next((entry.weight for entry, kind in decided if kind is Kind.WEIGHT), None) or 1.0


def _of_test(result: ExerciseResult, entry: Entry) -> tuple[ExerciseResult, Ruling]:
    """Return an exercise in which a test's points are as decided; the test stays as graded."""
    test = _named(result.tests, entry.test)
    if test is None:
        said = f"No points for {entry.test!r}, which has no result here,"
        return result, _ruling(entry, Kind.POINTS, said)
    score = _points(entry, test.score, test.max_score)
    ruling = replace(_changed(entry, test.score, score), test=test.name, title=test.title)
    return replace(result, score=result.score + ruling.change), ruling


def _named(tests: Sequence[TestResult], name: str) -> TestResult | None:
    """Return a hidden test by its name; or by its sentence, or as the only case of its function."""
    hidden = [each for each in tests if not each.public]
    found = [each for each in hidden if each.name == name]
    found = found or [each for each in hidden if each.title == name]
    found = found or [each for each in hidden if each.name.partition("[")[0] == name]
    return found[0] if len(found) == 1 else None


def _points(entry: Entry, graded: float, most: float) -> float:
    """Return the points that count: no more than there are to be had."""
    wanted = graded + (entry.add or 0.0) if entry.points is None else entry.points
    return min(wanted, max(most, graded))


def _changed(entry: Entry, graded: float, score: float) -> Ruling:
    change = round(score - graded, DECIMALS)
    given = graded + (entry.add or 0.0) if entry.points is None else entry.points
    said = f"{signed(change)} {'point' if abs(change) == 1 else 'points'}"
    if round(given - score, DECIMALS) > 0:
        said += f" (up to the maximum of {number(score)})"
    elif not change:
        said = f"{number(score)} points, as graded,"
    return replace(_ruling(entry, Kind.POINTS, said), change=change, graded=graded)


def _ruling(entry: Entry, kind: Kind, said: str = "") -> Ruling:
    return Ruling(
        kind=kind,
        exercise=entry.exercise,
        test=entry.test,
        reason=entry.reason.strip(),
        said=said or _said(entry, kind),
        text=entry.comment if kind is Kind.COMMENT else "",
        everybody=entry.everybody,
        rule=_rule(entry) if kind is Kind.POINTS else "",
    )


def _rule(entry: Entry) -> str:
    return f"+{entry.add:g}" if entry.points is None else f"={entry.points:g}"


def _said(entry: Entry, kind: Kind) -> str:
    """Say what is decided, as the beginning of a sentence."""
    match kind:
        case Kind.EXCUSED:
            return "Excused"
        case Kind.DROPPED:
            return "Does not count"
        case Kind.WEIGHT:
            return f"Counts {number(entry.weight or 1.0)} times"
        case Kind.DUE:
            return f"Due {moment(read_time(entry.due).isoformat())}"
        case Kind.LATE_DAYS:
            return f"{plural(entry.late_days or 0, 'late day')} without a deduction"
        case Kind.HAND_IN:
            return f"Taken from another file ({entry.hand_in.rpartition('/')[2]})"
        case _:
            return "Comment"
