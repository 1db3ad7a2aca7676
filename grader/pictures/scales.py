"""Bring numbers into a drawing, and say them in few digits."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Scale", "said", "ticks"]


@dataclass(frozen=True)
class Scale:
    """A straight map of the numbers from `low` to `high` onto `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return where a number lies; one outside lies on the nearer edge."""
        width = self.high - self.low
        share = min(max((value - self.low) / width, 0.0), 1.0) if width > 0 else 0.5
        return round(self.start + share * (self.end - self.start), 2)

    def holds(self, value: float) -> bool:
        """Tell whether a number lies inside."""
        return self.low <= value <= self.high


def ticks(low: float, high: float, most: int = 4) -> list[float]:
    """Return round numbers between two others, a few of them."""
    width = high - low
    if not width > 0:
        return [low]
    power = 10 ** math.floor(math.log10(width / most))
    step = next(each * power for each in (1, 2, 5, 10, 20) if width / (each * power) <= most)
    first = math.ceil(low / step - 1e-9)
    return [round(n * step, 10) for n in range(first, math.floor(high / step + 1e-9) + 1)]


def said(value: float | None) -> str:
    """Say a number in three digits; one that was not finite is `no number`."""
    if value is None:
        return "no number"
    if abs(value) >= 100_000:
        return "more than 100,000" if value > 0 else "less than \N{MINUS SIGN}100,000"
    if 0 < abs(value) < 0.0005:
        return "almost 0"
    rounded = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return rounded.replace("-", "\N{MINUS SIGN}")
