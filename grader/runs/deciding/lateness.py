"""How late a hand-in was and what that costs: by the LMS's own mark of the time, or not at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from grader.results.decided import Lateness
from grader.text.wording import moment, number, plural

if TYPE_CHECKING:
    from grader.courses.late_work import Amount, LatePolicy
    from grader.results.students import StudentRecord

__all__ = ["Due", "lateness_of"]

DAY = timedelta(days=1)
NOTHING_OFF = "Nothing is taken off for being late."


@dataclass(frozen=True)
class Due:
    """When a student's hand-in is due.

    Attributes:
        extended: for this student alone, by a decision.
        late_days: how many days late cost the student nothing.
        elsewhere: whether the work was taken from a file that no LMS has dated.
    """

    at: datetime
    extended: bool = False
    late_days: int = 0
    elsewhere: bool = False


def lateness_of(
    record: StudentRecord, due: Due, policy: LatePolicy, score: float, most: float
) -> Lateness:
    """Return how late a student was, and what that takes off a score.

    Args:
        record: the student, with the time that the LMS wrote down.
        due: when the work was due.
        policy: what late work costs.
        score: the points before that.
        most: the points that can be had.
    """
    told = due.at.isoformat()
    begin = f"Due {moment(told)}{', extended by decision' if due.extended else ''}."
    came = None if due.elsewhere else _moment_of(record, policy)
    if came is None:
        why = _unknown(record, due)
        return Lateness(due=told, late=record.late, unknown=True, lines=(begin, why))
    begin += f" Handed in {moment(came.astimezone(due.at.tzinfo).isoformat())}."
    over = came - due.at
    if over <= timedelta():
        return Lateness(due=told, late=False, lines=(begin,))
    if over <= policy.grace:
        return Lateness(due=told, late=False, lines=(begin, "That is within the time of grace."))
    days = math.ceil(over / DAY)
    free = min(days, due.late_days)
    off, lines = _taken_off(days - free, policy, score, most)
    return Lateness(
        due=told,
        late=True,
        days=days,
        free_days=free,
        deduction=off,
        lines=(begin, _counted(over, days, free), *lines),
    )


def _moment_of(record: StudentRecord, policy: LatePolicy) -> datetime | None:
    """Return when a hand-in came, if the LMS says so and it is known in which zone."""
    try:
        came = datetime.fromisoformat(record.submitted_at)
    except ValueError:
        return None
    if came.tzinfo is None and policy.zone:
        return came.replace(tzinfo=ZoneInfo(policy.zone))
    return came if came.tzinfo else None


def _unknown(record: StudentRecord, due: Due) -> str:
    """Say why nothing can be reckoned."""
    if due.elsewhere:
        why = "The work was taken from another file, for which there is no time."
    elif record.submitted_at:
        time = moment(record.submitted_at)
        why = f"Handed in {time}, but the download does not say in which time zone."
    elif record.late:
        why = "The download marks it as late, but does not say when it came."
    else:
        why = "The download does not say when it came."
    return f"{why} {NOTHING_OFF}"


def _counted(over: timedelta, days: int, free: int) -> str:
    hours, minutes = divmod(math.ceil(over / timedelta(minutes=1)), 60)
    span = f"{hours} h {minutes} min" if hours else f"{minutes} min"
    said = f"{span} late: {plural(days, 'day')}, as each that has begun counts"
    if free:
        verb = "costs" if free == 1 else "cost"
        said += f"; {plural(free, 'late day')} {verb} nothing"
    return f"{said}."


def _taken_off(
    days: int, policy: LatePolicy, score: float, most: float
) -> tuple[float, tuple[str, ...]]:
    """Return the points that some days cost, and how that was reckoned."""
    if not days or not policy.per_day.value:
        return 0.0, (NOTHING_OFF,)
    wanted = days * policy.per_day.of(most)
    line = f"{plural(days, 'day')} × {_said(policy.per_day, most)} = {number(wanted)} points"
    off = wanted
    if policy.cap is not None and policy.cap.of(most) < off:
        off = policy.cap.of(most)
        line += f", at most {_said(policy.cap, most)} = {number(off)}"
    left = max(score - policy.lowest.of(most), 0.0)
    if left < off:
        off = left
        line += f", and the score is not brought below {number(policy.lowest.of(most))}"
    end = f"{number(score)} − {number(off)} = {number(score - off)} points."
    return off, (f"{line}.", end)


def _said(amount: Amount, most: float) -> str:
    return (
        f"{number(amount.value)} % of {number(most)}" if amount.is_share else number(amount.value)
    )
