"""The student's losses over the right ones, and the first step where they part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.pictures.scales import Scale, said, ticks
from grader.pictures.shapes import Dot, Drawing, Figure, Key, Label, line
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.pictures.shapes import Shape
    from grader.results.pictures import LossCurves, Numbers

__all__ = ["loss_curves"]

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 42, 350, 12, 156
ROOM_ABOVE = 1.5  # how far above the right losses the picture goes, in heights of their range
SAME = 0.01  # of the right loss: what nobody can see
DOTS = 12  # more would hide the line


def loss_curves(picture: LossCurves) -> Figure:
    """Draw losses over those of the right run."""
    parting = _parting(picture) if picture.alike else None
    caption = _caption(picture, parting)
    drawing = Drawing(
        title="Your losses and the reference losses" if picture.expected else "Your losses",
        description=f"Yours: {_list(picture.came)}. Reference: {_list(picture.expected)}.",
        width=WIDTH,
        height=HEIGHT,
        shapes=tuple(_shapes(picture, parting)),
    )
    reference = "the reference's" if picture.alike else "the lesson's own loop"
    keys = (Key("came", "yours"), Key("right", reference))
    return Figure("curves", caption, (drawing,), keys if picture.expected else keys[:1])


def _parting(picture: LossCurves) -> int | None:
    """Return the place of the first loss that is not the reference's."""
    for place, right in enumerate(picture.expected):
        mine = picture.came[place] if place < len(picture.came) else None
        if right is not None and (mine is None or abs(mine - right) > SAME * max(abs(right), 0.1)):
            return place
    return len(picture.expected) if len(picture.came) > len(picture.expected) else None


def _caption(picture: LossCurves, parting: int | None) -> str:
    came, expected, step = picture.came, picture.expected, picture.step
    if not picture.alike:
        fall = f"Your loss goes from {said(came[0])} to {said(came[-1])} over the training"
        if not expected:
            return f"{fall}."
        lesson = f"from {said(expected[0])} to {said(expected[-1])}"
        return f"{fall}; the lesson's own loop, from other random weights, {lesson}."
    if parting is None:
        return f"Your losses match the reference, {step} by {step}."
    if parting >= min(len(came), len(expected)):
        return f"You gave {plural(len(came), 'number')}; the reference gives {len(expected)}."
    where = (
        f"They differ from {step} {parting + 1}"
        if parting
        else f"They differ from the first {step}"
    )
    values = f"yours is {said(came[parting])}, the reference's {said(expected[parting])}"
    return f"{where}: {values}."


def _list(losses: Numbers) -> str:
    return ", ".join(map(said, losses[:10])) + (", and so on" if len(losses) > 10 else "")


def _shapes(picture: LossCurves, parting: int | None) -> Iterator[Shape]:
    count = max(len(picture.came), len(picture.expected))
    across = Scale(1, count, LEFT + 8, RIGHT - 8)
    up = _height(picture)
    yield from _axes(picture, across, up, count)
    yield from _curve(picture.expected, across, up, "right")
    yield from _curve(picture.came, across, up, "came")
    if parting is not None and parting < len(picture.came):
        loss = picture.came[parting]
        if loss is not None:
            yield Dot(across(parting + 1), up(loss), 7, "parting")


def _height(picture: LossCurves) -> Scale:
    """Return a scale that holds the right losses, and the others as far as that leaves detail."""
    right = [loss for loss in picture.expected or picture.came if loss is not None]
    every = [loss for loss in (*picture.came, *right) if loss is not None]
    reach = ROOM_ABOVE * max(max(right) - min(right), 0.2 * abs(max(right)), 0.01)
    low = max(min(every), min(right) - reach)
    high = min(max(every), max(right) + reach)
    margin = 0.06 * max(high - low, 0.01)
    return Scale(low - margin, high + margin, BOTTOM, TOP)


def _axes(picture: LossCurves, across: Scale, up: Scale, count: int) -> Iterator[Shape]:
    for loss in ticks(up.low, up.high):
        yield line([(LEFT, up(loss)), (RIGHT, up(loss))], "grid")
        yield Label(LEFT - 6, up(loss) + 4, said(loss), "tick", "end")
    for step in ticks(1, count, 6) if picture.alike else ():
        if step >= 1 and step == int(step):
            yield Label(across(step), BOTTOM + 15, f"{step:.0f}", "tick", "middle")
    if picture.alike:
        yield Label((LEFT + RIGHT) / 2, BOTTOM + 30, picture.step, "tick", "middle")
    else:
        yield Label(LEFT, BOTTOM + 16, "start of the training", "tick")
        yield Label(RIGHT, BOTTOM + 16, "end", "tick", "end")
    yield Label(4, TOP - 2, "loss", "tick")


def _curve(losses: Numbers, across: Scale, up: Scale, css: str) -> Iterator[Shape]:
    for piece in _pieces(losses):
        points = [(across(place + 1), up(loss)) for place, loss in piece]
        yield line(points, css)
        if len(losses) <= DOTS:
            yield from (Dot(x, y, 3, css) for x, y in points)


def _pieces(losses: Numbers) -> Iterator[Sequence[tuple[int, float]]]:
    """Cut a curve where a loss was not finite."""
    piece: list[tuple[int, float]] = []
    for place, loss in enumerate(losses):
        if loss is None:
            if piece:
                yield piece
            piece = []
        else:
            piece.append((place, loss))
    if piece:
        yield piece
