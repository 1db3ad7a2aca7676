"""A walk down a hill: the curve, the student's steps and the right ones."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from grader.pictures.scales import Scale, said, ticks
from grader.pictures.shapes import Dot, Drawing, Figure, Key, Label, line
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.pictures.shapes import Shape
    from grader.results.pictures import Descent, Points

__all__ = ["descent"]

WIDTH, HEIGHT = 360, 210
LEFT, RIGHT, TOP, BOTTOM = 14, 346, 12, 182
NUMBERED = 5  # steps that have room for their number
APART = 8  # units between two numbers that can be read
SAME = 1e-3


def descent(picture: Descent) -> Figure:
    """Draw a walk beside the right one."""
    ways = f"Yours: {_list(picture.came)}. Right: {_list(picture.expected)}."
    drawing = Drawing(
        title=f"The steps on {picture.formula}",
        description=f"Positions, from the start on. {ways}",
        width=WIDTH,
        height=HEIGHT,
        shapes=tuple(_shapes(picture)),
    )
    key = (Key("came", "your steps"), Key("right", "the right steps"))
    return Figure("walk", _caption(picture), (drawing,), key)


def _list(points: Points) -> str:
    more = ", and so on" if len(points) > 8 else ""
    return (", ".join(said(x) for x, _ in points[:8]) or "none") + more


def _caption(picture: Descent) -> str:
    came, expected = picture.came, picture.expected
    on = f"On {picture.formula}"
    lengths = f"you returned {plural(len(came), 'position')}; the right list has {len(expected)}"
    for place, (right, _) in enumerate(expected):
        if place >= len(came):
            return f"{on} {lengths}."
        if abs(came[place][0] - right) > SAME * max(1.0, abs(right)):
            values = f"your position is {said(came[place][0])}, the right one is {said(right)}"
            where = f"after step {place}" if place else "at the start"
            return f"{on}, {where} {values}."
    if len(came) > len(expected):
        return f"{on} {lengths}."
    return f"{on} all your steps are right; they end at {said(came[-1][0])}."


def _shapes(picture: Descent) -> Iterator[Shape]:
    places, heights = zip(*picture.hill, strict=True)
    low, high = min(heights), max(heights)
    across = Scale(min(places), max(places), LEFT, RIGHT)
    up = Scale(low, high, BOTTOM - 14, TOP)
    yield line([(LEFT, BOTTOM), (RIGHT, BOTTOM)], "grid")
    for place in ticks(across.low, across.high, 6):
        yield Label(across(place), BOTTOM + 16, said(place), "tick", "middle")
    yield line([(across(x), up(y)) for x, y in picture.hill], "hill")
    yield from _walk(picture.expected, across, up, "right", 6)
    yield from _walk(picture.came, across, up, "came", 3.5)


def _walk(points: Points, across: Scale, up: Scale, css: str, size: float) -> Iterator[Shape]:
    """Draw the steps up to the first that leaves the picture, which the line still points to."""
    inside = list(takewhile(lambda point: across.holds(point[0]), points))
    way = [(across(x), up(y)) for x, y in points[: len(inside) + 1]]
    if len(way) > 1:
        yield line(way, f"{css} thin")
    for x, y in way[: len(inside)]:
        yield Dot(x, y, size, css)
    if css == "came":
        yield from _step_numbers(way[: min(len(inside), NUMBERED)])


def _step_numbers(places: Sequence[tuple[float, float]]) -> Iterator[Shape]:
    """Number the first steps; where one lies on another, the earlier has the number."""
    taken: list[float] = []
    for step, (x, y) in enumerate(places):
        if all(abs(x - other) > APART for other in taken):
            taken.append(x)
            yield Label(x, y - 9, str(step), "tick", "middle")
