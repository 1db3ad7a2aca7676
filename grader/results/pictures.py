"""Pictures that a public check puts beside its sentence: what is drawn, as plain data.

A public check's data may be shown in full, so they may be drawn; a hidden test has no picture.
Numbers that came from a submission may be None, where they were not finite.
"""

from __future__ import annotations

import msgspec

__all__ = [
    "Confusion",
    "Descent",
    "Digit",
    "DigitRow",
    "Gradient",
    "GradientBars",
    "LossCurves",
    "Picture",
    "ProbabilityShares",
]

Numbers = tuple[float | None, ...]
Points = tuple[tuple[float, float], ...]


class LossCurves(msgspec.Struct, frozen=True, tag="loss_curves"):
    """The losses of a training run beside those of the right one.

    Attributes:
        step: what one number belongs to: `batch` or `epoch`.
        alike: whether both runs start from the same weights, so that equal numbers are right.
    """

    came: Numbers
    expected: Numbers
    step: str
    alike: bool = True


class Descent(msgspec.Struct, frozen=True, tag="descent"):
    """A walk down a hill beside the right one, as positions and heights.

    Attributes:
        formula: the hill as students read it.
        hill: points of the curve, from left to right.
    """

    formula: str
    hill: Points
    came: Points
    expected: Points


class Gradient(msgspec.Struct, frozen=True):
    """One gradient: the first of its numbers as they came, and as they are right."""

    name: str
    shape: str
    came: Numbers
    expected: Numbers
    right: bool


class GradientBars(msgspec.Struct, frozen=True, tag="gradient_bars"):
    """The gradients of a backward pass, as the way back meets them."""

    gradients: tuple[Gradient, ...]


class Confusion(msgspec.Struct, frozen=True, tag="confusion"):
    """Counts of images, a row for each true class and a column for each predicted one.

    Attributes:
        expected: the right counts; empty where the counts are those of a network's answers.
    """

    came: tuple[tuple[int, ...], ...]
    expected: tuple[tuple[int, ...], ...] = ()


class Digit(msgspec.Struct, frozen=True):
    """One image and what a network says about it.

    Attributes:
        pixels: 28 rows of 28 bytes, 0 for paper and 255 for ink.
        label: what it shows.
        probabilities: of the ten classes.
    """

    pixels: bytes
    label: int
    probabilities: Numbers


class DigitRow(msgspec.Struct, frozen=True, tag="digit_row"):
    """Images with their class probabilities beside them, as the lesson shows a prediction."""

    digits: tuple[Digit, ...]


class ProbabilityShares(msgspec.Struct, frozen=True, tag="probability_shares"):
    """Probabilities, a row for each example, and so what each row and column sums to."""

    rows: tuple[Numbers, ...]


Picture = LossCurves | Descent | GradientBars | Confusion | DigitRow | ProbabilityShares
