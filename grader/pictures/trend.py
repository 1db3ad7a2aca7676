"""Draw a few numbers as a small line, as it stands in a row of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.pictures.scales import Scale
from grader.pictures.shapes import Dot, Drawing, line

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["trend"]

WIDTH, HEIGHT, EDGE = 84, 24, 3


def trend(percents: Sequence[float | None]) -> Drawing:
    """Draw percentages in their order; where there is None, the line goes on to the next."""
    across = Scale(0, max(len(percents) - 1, 1), EDGE, WIDTH - EDGE)
    upwards = Scale(0, 100, HEIGHT - EDGE, EDGE)
    points = [(across(n), upwards(each)) for n, each in enumerate(percents) if each is not None]
    ends = (Dot(*points[-1], 2.5, "came"),) if points else ()
    return Drawing("", "", WIDTH, HEIGHT, (line(points, "came"), *ends) if points else ())
