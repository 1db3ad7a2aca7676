"""The gradients of a backward pass: a row for each, its numbers as bars beside the right ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.pictures.scales import said
from grader.pictures.shapes import Box, Drawing, Figure, Key, Label, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.pictures.shapes import Shape
    from grader.results.pictures import Gradient, GradientBars, Numbers

__all__ = ["gradient_bars"]

WIDTH, ROW, TOP = 360, 62, 10
LEFT, RIGHT = 78, 352
HALF = 24  # the longest bar
BOUND = 2.0  # how much longer than the longest right bar one is drawn


def gradient_bars(picture: GradientBars) -> Figure:
    """Draw gradients beside the right ones."""
    drawing = Drawing(
        title="Your gradients beside the right ones",
        description=" ".join(map(_described, picture.gradients)),
        width=WIDTH,
        height=TOP + ROW * len(picture.gradients),
        shapes=tuple(_shapes(picture)),
    )
    key = (Key("came", "yours"), Key("right", "right"))
    return Figure("gradients", _caption(picture), (drawing,), key)


def _caption(picture: GradientBars) -> str:
    good = [each.name for each in picture.gradients if each.right]
    bad = [each.name for each in picture.gradients if not each.right]
    if not bad:
        return "All gradients are what autograd finds."
    wrong = f"{_are(bad)} not right"
    return f"{wrong}; {_are(good)}." if good else f"{wrong}."


def _are(names: Sequence[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _described(gradient: Gradient) -> str:
    if gradient.right:
        return f"{gradient.name} {gradient.shape}: right."
    mine = ", ".join(map(said, gradient.came[:6])) or "another shape"
    return f"{gradient.name} {gradient.shape}: {mine}; right: {_first(gradient.expected)}."


def _first(numbers: Numbers) -> str:
    return ", ".join(map(said, numbers[:6]))


def _shapes(picture: GradientBars) -> Iterator[Shape]:
    for place, gradient in enumerate(picture.gradients):
        middle = TOP + ROW * place + ROW / 2
        sign, css = ("\N{CHECK MARK}", "good") if gradient.right else ("\N{BALLOT X}", "bad")
        yield Label(2, middle, gradient.name, "name")
        yield Label(2, middle + 14, gradient.shape, "tick")
        yield Label(LEFT - 12, middle, sign, css, "end")
        yield line([(LEFT, middle), (RIGHT, middle)], "grid")
        yield from _bars(gradient, middle)
        if not gradient.came:
            yield Label((LEFT + RIGHT) / 2, middle - 5, "another shape", "tick", "middle")


def _bars(gradient: Gradient, middle: float) -> Iterator[Shape]:
    right = [abs(number) for number in gradient.expected if number is not None]
    longest = max(right, default=0.0) or 1.0
    mine = [min(abs(number or 0.0), BOUND * longest) for number in gradient.came]
    unit = HALF / max([longest, *mine])
    room = (RIGHT - LEFT) / max(len(gradient.expected), 1)
    for css, numbers in (("right", gradient.expected), ("came", gradient.came)):
        width = room * (0.62 if css == "right" else 0.26)
        for place, number in enumerate(numbers):
            height = min(abs(number or 0.0) * unit, HALF)
            x = LEFT + room * (place + 0.5) - width / 2
            y = middle - height if (number or 0.0) > 0 else middle
            yield Box(round(x, 1), round(y, 1), round(width, 1), round(height, 1), css)
