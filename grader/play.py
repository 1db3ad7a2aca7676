"""Pictures in a notebook, for cells in which numbers are turned and nothing is checked.

They are drawn as SVG in the page's own text colour, so that they can be read on white and on black.
Where work is graded, a stand-in has this module's place: nothing is drawn there, and what `play`
stands above is not run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import torch

    Numbers = Sequence[float] | torch.Tensor
    Points = Mapping[str, tuple[Numbers, Numbers]]

__all__ = ["play", "show_curves", "show_digits", "show_table"]

COLOURS = ("#3987e5", "#d9622b", "#2e9d4f", "#9a5fd0")  # can be read on white and on black
RIGHT, WRONG = COLOURS[2], "#e0524d"
WIDTH, HEIGHT, LEFT, BELOW, ABOVE = 560, 300, 54, 44, 28  # pixels; the last three are margins
MOST_TICKS = 6
ROUND = (1, 2, 5, 10)  # what a step from tick to tick may begin with
CELL, LINE = 64, 26  # width and height of a table's cell
DIGIT = 74  # width of a digit and the gap beside it
INK_LEVELS = 5


@dataclass(frozen=True)
class Picture:
    """A drawing; where there is no page for it, what it shows is said."""

    body: str
    width: float
    height: float
    said: str

    def __repr__(self) -> str:
        return self.said

    def _repr_html_(self) -> str:
        return (
            f'<svg role="img" aria-label="{escape(self.said)}" width="{self.width:g}" '
            f'viewBox="0 0 {self.width:g} {self.height:g}" style="max-width:100%;height:auto;'
            f'color:inherit;font:12px system-ui,sans-serif">{self.body}</svg>'
        )


def play(cell: Callable[[], object]) -> None:
    """Run a function right away; what it makes stays its own."""
    cell()


def show_curves(curves: Points, *, dots: Points | None = None, x: str, y: str) -> None:
    """Draw lines and dots, each given as its name and its numbers along x and y.

    Args:
        curves: what is joined by a line.
        dots: what is not.
        x: what the axis to the right is.
        y: what the axis upwards is.

    A point that is not finite is left out.
    """
    drawn = {("line", name): _finite(*points) for name, points in curves.items()}
    drawn |= {("dots", name): _finite(*points) for name, points in (dots or {}).items()}
    every = [point for points in drawn.values() for point in points] or [(0.0, 0.0)]
    right, up = (_Axis.around([point[n] for point in every]) for n in (0, 1))
    body = [*_frame(right, up, x, y)]
    for n, ((kind, name), points) in enumerate(drawn.items()):
        colour = COLOURS[n % len(COLOURS)]
        places = [(_across(right, a), _upwards(up, b)) for a, b in points]
        body.append(_line(places, colour) if kind == "line" else _dots(places, colour))
        body.append(
            _text(LEFT + 8 + 130 * n, 16, f"{'—' if kind == 'line' else '●'} {name}", colour)
        )
    names = ", ".join(name for _, name in drawn)
    _show(Picture("".join(body), WIDTH, HEIGHT, f"{y} against {x}: {names}"))


def show_table(values: torch.Tensor, *, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Draw a matrix whose larger numbers are darker, with the sums of its rows and columns."""
    table = values.tolist()
    lines = [("", [*columns, "sum"])]
    lines += [
        (name, [*map(_number, row), _number(sum(row))])
        for name, row in zip(rows, table, strict=True)
    ]
    sums = [sum(column) for column in zip(*table, strict=True)]
    lines.append(("sum", [*map(_number, sums), ""]))
    largest = max(map(max, table)) or 1
    body = [
        f'<rect x="{CELL * (n + 1) + 1}" y="{LINE * (m + 1) + 1}" width="{CELL - 2}" '
        f'height="{LINE - 2}" fill="{COLOURS[0]}" '
        f'fill-opacity="{0.6 * max(value, 0) / largest:.2f}"/>'
        for m, row in enumerate(table)
        for n, value in enumerate(row)
    ]
    for m, (name, cells) in enumerate(lines):
        body += [
            _text(CELL * (n + 0.5), LINE * m + 17, text, anchor="middle")
            for n, text in enumerate([name, *cells])
        ]
    width, height = CELL * (len(columns) + 2), LINE * len(lines)
    _show(Picture("".join(body), width, height, f"a table of {len(rows)} rows, with their sums"))


def show_digits(images: torch.Tensor, answers: Numbers, true: Numbers) -> None:
    """Draw images in a row, and below each what was read: ✓ where that is right, ✗ where not.

    Args:
        images: (n, height, width), of any range.
        answers: what was read in each.
        true: what each is.
    """
    body, said = [], []
    read, labels = _plain(answers), _plain(true)
    for n, (image, answer, label) in enumerate(zip(images, read, labels, strict=True)):
        is_right = answer == label
        words = f"✓ {answer:g}" if is_right else f"✗ {answer:g}, not {label:g}"
        body.append(f'<g transform="translate({n * DIGIT} 0)">{_ink(image.tolist())}</g>')
        colour = RIGHT if is_right else WRONG
        body.append(_text(n * DIGIT + DIGIT / 2, DIGIT + 14, words, colour, "middle"))
        said.append(words)
    _show(Picture("".join(body), len(said) * DIGIT, DIGIT + 22, "; ".join(said)))


def _show(picture: Picture) -> None:
    try:
        from IPython.display import display
    except ImportError:  # a notebook that was saved as a script
        print(picture)
    else:
        display(picture)  # type: ignore[no-untyped-call] # IPython has no types for it


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float
    ticks: tuple[float, ...]

    @classmethod
    def around(cls, values: Sequence[float]) -> _Axis:
        """Return an axis with round numbers on it that holds some values."""
        low, high = min(values), max(values)
        if low == high:
            low, high = low - 1, high + 1
        least = (high - low) / MOST_TICKS
        power = 10 ** math.floor(math.log10(least))
        step = power * next(each for each in ROUND if each * power >= least * (1 - 1e-9))
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return cls(low, high, tuple(n * step for n in range(first, last + 1)))

    def share(self, value: float) -> float:
        """Return how far along a value is, from 0 to 1."""
        return (value - self.low) / (self.high - self.low)


def _finite(xs: Numbers, ys: Numbers) -> list[tuple[float, float]]:
    points = zip(_plain(xs), _plain(ys), strict=True)
    return [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]


def _plain(numbers: Any) -> list[float]:
    return [*map(float, numbers.tolist() if hasattr(numbers, "tolist") else numbers)]


def _across(axis: _Axis, value: float) -> float:
    return LEFT + (WIDTH - LEFT - 12) * axis.share(value)


def _upwards(axis: _Axis, value: float) -> float:
    return HEIGHT - BELOW - (HEIGHT - BELOW - ABOVE) * axis.share(value)


def _frame(right: _Axis, up: _Axis, x: str, y: str) -> Iterator[str]:
    """Draw the axes with their ticks and what they are."""
    bottom = HEIGHT - BELOW
    for tick in right.ticks:
        yield _text(_across(right, tick), bottom + 16, _number(tick), anchor="middle")
    for tick in up.ticks:
        height = _upwards(up, tick)
        yield _text(LEFT - 6, height + 4, _number(tick), anchor="end")
        yield f'<path d="M{LEFT} {height:.1f}H{WIDTH - 12}" stroke="currentColor" opacity=".15"/>'
    yield _text((LEFT + WIDTH) / 2, HEIGHT - 8, x, anchor="middle")
    yield _text(4, 16, y)


def _line(places: Sequence[tuple[float, float]], colour: str) -> str:
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _dots(places: Sequence[tuple[float, float]], colour: str) -> str:
    return "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places)


def _text(
    x: float, y: float, words: str, colour: str = "currentColor", anchor: str = "start"
) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(words)}</text>"


def _number(value: float) -> str:
    return f"{value + 0:.3g}"  # adding 0 makes -0 a 0


def _ink(image: list[list[float]]) -> str:
    """Draw an image's pixels, neighbours of one darkness as one stroke."""
    low, high = min(map(min, image)), max(map(max, image))
    scale = INK_LEVELS / ((high - low) or 1)
    strokes: dict[int, str] = {}
    for row, pixels in enumerate(image):
        column = 0
        for level, run in groupby(round((pixel - low) * scale) for pixel in pixels):
            length = len([*run])
            strokes[level] = strokes.get(level, "") + f"M{column} {row + 0.5}h{length}"
            column += length
    size = (DIGIT - 6) / max(len(image), len(image[0]))
    drawn = (
        f'<path d="{path}" stroke="currentColor" opacity="{level / INK_LEVELS:g}"/>'
        for level, path in sorted(strokes.items())
        if level
    )
    return f'<g transform="scale({size:.3f})">{"".join(drawn)}</g>'
