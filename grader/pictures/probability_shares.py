"""A table of probabilities, and what each of its rows and columns sums to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.pictures.shapes import Box, Drawing, Figure, Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.pictures.shapes import Shape
    from grader.results.pictures import Numbers, ProbabilityShares

__all__ = ["probability_shares"]

WIDTH, LEFT, TOP, ROW, SUMS = 360, 58, 24, 28, 66
NARROW = 28  # a column that has room for one decimal only
CLOSE = 1e-3


def probability_shares(picture: ProbabilityShares) -> Figure:
    """Draw a table of probabilities with its sums."""
    rows, columns = _sums(picture.rows), _sums(list(zip(*picture.rows, strict=True)))
    drawing = Drawing(
        title="What rows and columns sum to",
        description=f"Rows: {_list(rows)}. Columns: {_list(columns)}.",
        width=WIDTH,
        height=TOP + ROW * (len(rows) + 1) + 6,
        shapes=tuple(_shapes(picture.rows, rows, columns)),
    )
    return Figure("shares", _caption(rows, columns), (drawing,))


def _sums(lines: Sequence[Numbers]) -> list[float | None]:
    """Add up each line; one with something that is no number has no sum."""
    return [None if None in line else sum(share or 0.0 for share in line) for line in lines]


def _caption(rows: Sequence[float | None], columns: Sequence[float | None]) -> str:
    if all(map(_is_one, rows)):
        return "A row is one example, and each row sums to 1."
    beginning = "A row is one example, so each row should sum to 1."
    if all(map(_is_one, columns)):
        return (
            f"{beginning} Here each column does: it looks as if softmax ran over the batch (dim=0)."
        )
    return f"{beginning} Here the rows sum to {_list(rows)}."


def _is_one(value: float | None) -> bool:
    return value is not None and abs(value - 1) < CLOSE


def _list(sums: Sequence[float | None]) -> str:
    return ", ".join(map(_sum, sums))


def _sum(value: float | None) -> str:
    if value is None:
        return "no number"
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}") if abs(value) < 1000 else "1,000 or more"


def _shapes(
    table: Sequence[Numbers], rows: Sequence[float | None], columns: Sequence[float | None]
) -> Iterator[Shape]:
    width = (WIDTH - LEFT - SUMS) / len(columns)
    bottom = TOP + ROW * len(rows)
    yield Label(WIDTH, TOP - 10, "row sums to", "tick", "end")
    yield Label(0, bottom + 20, "sums to", "tick")
    for place, line in enumerate(table):
        y = TOP + ROW * place
        yield Label(0, y + 18, f"row {place}", "tick")
        yield from _cells(line, y, width)
        yield _row_sum(rows[place], y + 18)
    for place, value in enumerate(columns):
        yield _column_sum(value, LEFT + width * (place + 0.5), bottom + 20, width)


def _cells(line: Numbers, y: float, width: float) -> Iterator[Shape]:
    for place, share in enumerate(line):
        strength = round(min(max(share or 0.0, 0.0), 1.0), 2)
        x = round(LEFT + width * place, 1)
        yield Box(x, y, round(width - 2, 1), ROW - 2, "paper")
        yield Box(x, y, round(width - 2, 1), ROW - 2, "came", strength)


def _row_sum(value: float | None, y: float) -> Label:
    good = _is_one(value)
    sign = "\N{CHECK MARK}" if good else "\N{BALLOT X}"
    return Label(WIDTH, y, f"{_sum(value)} {sign}", "good" if good else "bad", "end")


def _column_sum(value: float | None, x: float, y: float, width: float) -> Label:
    said = _sum(value)
    if width < NARROW:
        said = said[:-1] if len(said) < NARROW / 4 else "\N{HORIZONTAL ELLIPSIS}"
    return Label(round(x, 1), y, said, "tick", "middle")
