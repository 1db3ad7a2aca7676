"""A confusion matrix: the darker a cell, the larger its share of the row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.pictures.shapes import Box, Drawing, Figure, Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.pictures.shapes import Shape
    from grader.results.pictures import Confusion

__all__ = ["confusion"]

CELL, LEFT, TOP = 29, 52, 40
NAMED = 3  # confusions that the caption names


def confusion(picture: Confusion) -> Figure:
    """Draw a confusion matrix, with the cells marked that are not right."""
    size = len(picture.came)
    drawing = Drawing(
        title="Confusion matrix",
        description=_description(picture.came),
        width=LEFT + CELL * size + 4,
        height=TOP + CELL * size + 4,
        shapes=tuple(_shapes(picture)),
    )
    caption = _differences(picture) if picture.expected else _most_confused(picture.came)
    return Figure("matrix", caption, (drawing,))


def _description(counts: Sequence[Sequence[int]]) -> str:
    rows = (f"{label}: {', '.join(map(str, row))}." for label, row in enumerate(counts))
    return "Rows are true classes, columns predicted ones. " + " ".join(rows)


def _differences(picture: Confusion) -> str:
    wrong = list(_wrong_cells(picture))
    if not wrong:
        return "Every count is right."
    row, column = wrong[0]
    first = f"row {row}, column {column} has {picture.came[row][column]}"
    right = picture.expected[row][column]
    return f"Wrong counts (framed): {len(wrong)}. The first: {first}, and {right} is right."


def _wrong_cells(picture: Confusion) -> Iterator[tuple[int, int]]:
    for row, (mine, right) in enumerate(zip(picture.came, picture.expected, strict=False)):
        for column, (came, expected) in enumerate(zip(mine, right, strict=False)):
            if came != expected:
                yield row, column


def _most_confused(counts: Sequence[Sequence[int]]) -> str:
    total = sum(map(sum, counts))
    right = sum(row[label] for label, row in enumerate(counts))
    found = [
        (count, label, taken)
        for label, row in enumerate(counts)
        for taken, count in enumerate(row)
        if label != taken and count > 0
    ]
    worst = sorted(found, key=lambda each: (-each[0], each[1:]))[:NAMED]
    named = ", ".join(f"{label} as {taken} ({count})" for count, label, taken in worst)
    most = f" Most often misclassified: {named}." if named else ""
    return f"{right} of {total} images are recognised.{most}"


def _shapes(picture: Confusion) -> Iterator[Shape]:
    size = len(picture.came)
    middle = LEFT + CELL * size / 2
    yield Label(middle, 12, "predicted class", "tick", "middle")
    yield Label(0, TOP - 8, "true", "tick")
    wrong = set(_wrong_cells(picture))
    for row, counts in enumerate(picture.came):
        yield Label(LEFT - 10, _y(row) + 19, str(row), "name", "end")
        yield Label(_x(row) + CELL / 2, TOP - 8, str(row), "name", "middle")
        largest = max(map(abs, counts)) or 1
        for column, count in enumerate(counts):
            yield from _cell(row, column, count, abs(count) / largest, (row, column) in wrong)


def _cell(row: int, column: int, count: int, share: float, wrong: bool) -> Iterator[Shape]:
    x, y = _x(column), _y(row)
    yield Box(x, y, CELL - 2, CELL - 2, "paper diagonal" if row == column else "paper")
    if count:
        yield Box(x, y, CELL - 2, CELL - 2, "came", strength=round(0.1 + 0.35 * share, 2))
        yield Label(x + CELL / 2 - 1, y + 18, str(count), "count", "middle")
    if wrong:
        yield Box(x, y, CELL - 2, CELL - 2, "frame")


def _x(column: int) -> float:
    return LEFT + CELL * column


def _y(row: int) -> float:
    return TOP + CELL * row
