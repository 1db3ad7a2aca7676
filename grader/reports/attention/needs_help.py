"""Which students may need help: stuck at one test, far below the class, or hardly begun."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from grader.reports.hand_in import Presence
from grader.text.wording import share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.reports.classes.class_record import ClassRecord, Standing

__all__ = ["NeedingHelp", "needing_help", "nothing_started"]

FEWEST = 8  # students with work; in a smaller class the middle is one or two people's score
FAR = 0.5  # of the class's median; below it a student has less than half of what is usual
TOO_HARD = 0.4  # of the points: where the median is lower, the hand-in is what to look at
MUCH = 0.5  # of the exercises not started; with fewer, most of the work is there
TINY = 1e-9  # which floats lose: 0.29 is 29 %
FEWEST_EXERCISES = 2  # of a single one there is no part to be behind in


@dataclass(frozen=True)
class NeedingHelp:
    """A student, and why, as sentences."""

    standing: Standing
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Usual:
    """What is usual in a class: shares of the points, and exercises that are not started.

    Attributes:
        aside: what the points leave out, where there is such.
    """

    points: float | None
    not_started: float
    aside: str = ""


def needing_help(record: ClassRecord) -> list[NeedingHelp]:
    """Return who may need help; who has most reasons comes first, then the lowest score.

    Who handed in nothing, or nothing that is started, is told elsewhere, and is not among them.
    """
    with_work = [each for each in record.standings if _is_compared(each)]
    usual = _usual(record, with_work)
    found = (NeedingHelp(each, tuple(_reasons(each, record, usual))) for each in with_work)
    return sorted(
        (each for each in found if each.reasons),
        key=lambda each: (-len(each.reasons), _points(each.standing)),
    )


def nothing_started(record: ClassRecord) -> list[Standing]:
    """Return the students who handed in files in which no exercise is started."""
    return [
        each
        for each in record.standings
        if each.presence is Presence.WORK and not each.excused and not _has_started(each)
    ]


def _is_compared(standing: Standing) -> bool:
    return (
        standing.presence is Presence.WORK
        and standing.max_score > 0  # else nothing counts: all is dropped, or the student excused
        and not standing.faulty
        and _has_started(standing)
    )


def _has_started(standing: Standing) -> bool:
    """Tell whether there is any work of a student's, if only in what does not count."""
    return any(part.is_started for part in standing.parts)


def _usual(record: ClassRecord, with_work: list[Standing]) -> _Usual:
    if not with_work:
        return _Usual(None, 0.0)
    points = median(map(_points, with_work))
    enough = len(with_work) >= FEWEST and points >= TOO_HARD
    started = [*with_work, *nothing_started(record)]
    return _Usual(
        points if enough else None,
        median(_not_started(each)[0] for each in started),
        " before late deductions" if any(map(_deduction, with_work)) else "",
    )


def _reasons(standing: Standing, record: ClassRecord, usual: _Usual) -> Iterator[str]:
    stuck = record.stuck.get(standing.student)
    if stuck and stuck.exercise in {part.exercise for part in standing.parts if part.counts}:
        where = f"{stuck.exercise}: {stuck.title}"
        yield f"The last {stuck.hand_ins:,} hand-ins fail the same test in {where}"
    points = _points(standing)
    if usual.points is not None and points < FAR * usual.points:
        middle = f"half of those with work have {_percent(usual.points)} or more"
        yield f"{_percent(points)} of the points{usual.aside}, while {middle}."
    missing, of = _not_started(standing)
    if of >= FEWEST_EXERCISES and missing >= MUCH * of and missing > usual.not_started:
        yield f"{missing} of {of} exercises are not started."


def _percent(points: float) -> str:
    """Say a share in whole percents, rounded down: so many have that much, or more."""
    return f"{int(100 * points + TINY)}\N{NO-BREAK SPACE}%"


def _points(standing: Standing) -> float:
    """Return the share of the points; who is late is not behind by that."""
    return share(standing.score + _deduction(standing), standing.max_score)


def _deduction(standing: Standing) -> float:
    return standing.lateness.deduction if standing.lateness else 0.0


def _not_started(standing: Standing) -> tuple[int, int]:
    """Return how many exercises are not started, and of how many that count."""
    counting = [part for part in standing.parts if part.counts]
    return sum(not part.is_started for part in counting), len(counting)
