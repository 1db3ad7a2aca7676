"""Pictures in a notebook, for cells in which numbers are turned and nothing is checked.

They are drawn as a check's are. Where work is graded, a stand-in has this module's place: nothing
is drawn there, and what `play` stands above is not run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from grader.pictures import in_a_notebook
from grader.pictures.scales import Scale, said, ticks
from grader.pictures.shapes import Box, Dot, Drawing, Figure, Key, Label, line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import torch

    from grader.pictures.shapes import Shape

    Numbers = Sequence[float] | torch.Tensor
    Points = Mapping[str, tuple[Numbers, Numbers]]

__all__ = ["play", "show_curves", "show_digits", "show_table"]

COLOURS = ("own one", "own two", "own three", "own four")
WIDTH, HEIGHT = 420, 240
LEFT, RIGHT, TOP, BOTTOM = 46, 410, 26, 206
MOST_TICKS = 6
CELL, LINE = 58, 26  # width and height of a table's cell
DIGIT, GAP = 58, 16  # the side of a digit, and what lies between two
INK_LEVELS = 5


@dataclass(frozen=True)
class Picture:
    """A figure; where there is no page for it, what it shows is said."""

    figure: Figure

    def __repr__(self) -> str:
        return self.figure.drawings[0].description

    def _repr_html_(self) -> str:
        return in_a_notebook([self.figure], f"play-{id(self)}")


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
    drawn = [(name, _finite(*points), True) for name, points in curves.items()]
    drawn += [(name, _finite(*points), False) for name, points in (dots or {}).items()]
    every = [point for _, points, _ in drawn for point in points] or [(0.0, 0.0)]
    across = _axis([point[0] for point in every], LEFT, RIGHT)
    up = _axis([point[1] for point in every], BOTTOM, TOP)
    shapes, keys = [*_frame(across, up, x, y)], []
    for number, (name, points, joined) in enumerate(drawn):
        css = COLOURS[number % len(COLOURS)]
        places = [(across(a), up(b)) for a, b in points]
        shapes += [line(places, css)] if joined and places else []
        shapes += [] if joined else [Dot(a, b, 4, css) for a, b in places]
        keys.append(Key(css, name))
    words = f"{y} against {x}: {', '.join(name for name, _, _ in drawn)}"
    _show("curves", words, WIDTH, HEIGHT, shapes, keys)


def show_table(values: torch.Tensor, *, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Draw a matrix whose larger numbers are darker, with the sums of its rows and columns."""
    table = values.tolist()
    lines = [["", *columns, "sum"]]
    lines += [
        [name, *map(_number, row), _number(sum(row))] for name, row in zip(rows, table, strict=True)
    ]
    lines.append(["sum", *(_number(sum(column)) for column in zip(*table, strict=True)), ""])
    largest = max(map(max, table)) or 1
    shapes: list[Shape] = [
        Box(CELL * n + 1, LINE * m + 1, CELL - 2, LINE - 2, "came", 0.6 * max(value, 0) / largest)
        for m, row in enumerate(table, start=1)
        for n, value in enumerate(row, start=1)
    ]
    shapes += [
        Label(CELL * (n + 0.5), LINE * m + 17, text, anchor="middle")
        for m, cells in enumerate(lines)
        for n, text in enumerate(cells)
        if text
    ]
    width, height = CELL * (len(columns) + 2), LINE * len(lines)
    _show("table", f"a table of {len(rows)} rows, with their sums", width, height, shapes)


def show_digits(images: torch.Tensor, answers: Numbers, true: Numbers) -> None:
    """Draw images in a row, and below each what was read: ✓ where that is right, ✗ where not.

    Args:
        images: (n, height, width), of any range.
        answers: what was read in each.
        true: what each is.
    """
    shapes: list[Shape] = []
    words = []
    for n, (image, answer, label) in enumerate(
        zip(images.tolist(), _plain(answers), _plain(true), strict=True)
    ):
        is_right, left = answer == label, n * (DIGIT + GAP)
        words.append(f"✓ {answer:g}" if is_right else f"✗ {answer:g}, not {label:g}")
        shapes += _ink(image, left)
        css = "good" if is_right else "bad"
        shapes.append(Label(left + (DIGIT + GAP) / 2, DIGIT + 18, words[-1], css, "middle"))
    _show("row", "; ".join(words), len(words) * (DIGIT + GAP), DIGIT + 26, shapes)


def _show(
    css: str,
    words: str,
    width: float,
    height: float,
    shapes: Sequence[Shape],
    keys: Sequence[Key] = (),
) -> None:
    drawing = Drawing(words.partition(":")[0], words, width, height, tuple(shapes))
    picture = Picture(Figure(css, "", (drawing,), tuple(keys)))
    try:
        from IPython.display import display
    except ImportError:  # a notebook that was saved as a script
        print(picture)
    else:
        display(picture)  # type: ignore[no-untyped-call] # IPython has no types for it


def _axis(values: Sequence[float], start: float, end: float) -> Scale:
    low, high = min(values), max(values)
    return Scale(low, high, start, end) if low < high else Scale(low - 1, high + 1, start, end)


def _frame(across: Scale, up: Scale, x: str, y: str) -> Iterator[Shape]:
    """Draw the axes with their ticks and what they are."""
    for tick in ticks(across.low, across.high, MOST_TICKS):
        yield Label(across(tick), BOTTOM + 15, said(tick), "tick", "middle")
    for tick in ticks(up.low, up.high, MOST_TICKS):
        yield line([(LEFT, up(tick)), (RIGHT, up(tick))], "grid")
        yield Label(LEFT - 6, up(tick) + 4, said(tick), "tick", "end")
    yield Label((LEFT + RIGHT) / 2, BOTTOM + 30, x, "tick", "middle")
    yield Label(4, TOP - 14, y, "tick")


def _finite(xs: Numbers, ys: Numbers) -> list[tuple[float, float]]:
    points = zip(_plain(xs), _plain(ys), strict=True)
    return [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]


def _plain(numbers: Any) -> list[float]:
    return [*map(float, numbers.tolist() if hasattr(numbers, "tolist") else numbers)]


def _number(value: float) -> str:
    return said(value) if math.isfinite(value) else said(None)


def _ink(image: list[list[float]], left: float) -> Iterator[Shape]:
    """Draw an image's pixels, neighbours of one darkness as one box."""
    low, high = min(map(min, image)), max(map(max, image))
    scale = INK_LEVELS / ((high - low) or 1)
    size = DIGIT / max(len(image), len(image[0]))
    for row, pixels in enumerate(image):
        column = 0
        for level, run in groupby(round((pixel - low) * scale) for pixel in pixels):
            length = len([*run])
            if level:
                place = left + GAP / 2 + column * size, row * size
                yield Box(*place, length * size, size, "ink", level / INK_LEVELS)
            column += length
