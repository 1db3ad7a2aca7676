"""What late work costs: the policy of a course, or of one hand-in."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

__all__ = ["READERS", "Amount", "LatePolicy", "read_amount", "read_duration", "read_time"]

UNITS = {"m": 60, "min": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400}
DURATION = re.compile(r"(?P<count>\d{1,6}(?:\.\d{1,3})?) ?(?P<unit>min|m|hour|h|day|d)s?")
SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?) ?%")


@dataclass(frozen=True)
class Amount:
    """Some points, or some percent of those that can be had."""

    value: float = 0.0
    is_share: bool = False

    def of(self, most: float) -> float:
        """Return the points that it is of so many."""
        return self.value * most / 100 if self.is_share else self.value


@dataclass(frozen=True)
class LatePolicy:
    """What is taken off for each day that a hand-in is late.

    Attributes:
        per_day: for each day that has begun.
        grace: how much too late is not late yet.
        cap: the most that is taken off; None where there is no such limit.
        lowest: what a score is not brought below.
        late_days: how many days cost a student nothing.
        zone: of the times that an LMS writes without one, such as `Europe/Berlin`.
    """

    per_day: Amount = Amount()
    grace: timedelta = timedelta()
    cap: Amount | None = None
    lowest: Amount = field(default_factory=Amount)
    late_days: int = 0
    zone: str = ""


def read_amount(value: object) -> Amount:
    """Read points or percent: `2`, `10%`.

    Raises:
        ValueError: it is neither; the message is what is expected.
    """
    if isinstance(value, str) and (found := SHARE.fullmatch(value.strip())):
        amount = Amount(float(found[1]), is_share=True)
        if amount.value <= 100:
            return amount
    elif isinstance(value, int | float) and math.isfinite(value) and value >= 0:
        return Amount(float(value))
    raise ValueError('a number of points, or a share of all points such as "10%"')


def read_duration(value: object) -> timedelta:
    """Read a time span: `15 min`, `2h`, `1 day`.

    Raises:
        ValueError: it is none; the message is what is expected.
    """
    found = DURATION.fullmatch(str(value).strip().lower())
    if found is None:
        raise ValueError('a time such as "15 min", "2 hours" or "1 day"')
    return timedelta(seconds=float(found["count"]) * UNITS[found["unit"]])


def read_time(value: object) -> datetime:
    """Read a moment with its time zone: `2026-11-27T23:59+01:00`.

    Raises:
        ValueError: it is none, or has no zone; the message is what is expected.
    """
    example = "2026-11-27T23:59+01:00"
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"a date and a time with its zone, such as {example}") from None
    if moment.tzinfo is None:
        raise ValueError(f"a time with its zone, since it is another moment in each: {example}")
    return moment


def read_zone(value: object) -> str:
    """Read the name of a time zone.

    Raises:
        ValueError: there is none of that name here; the message is what is expected.
    """
    try:
        return ZoneInfo(str(value)).key
    except (OSError, ValueError, LookupError):
        raise ValueError('the name of a time zone such as "Europe/Berlin"') from None


def read_days(value: object) -> int:
    """Read a number of days.

    Raises:
        ValueError: it is none; the message is what is expected.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 365:
        return value
    raise ValueError("a whole number of days, from 0")


READERS = {
    "per_day": read_amount,
    "grace": read_duration,
    "cap": read_amount,
    "lowest": read_amount,
    "late_days": read_days,
    "zone": read_zone,
}
