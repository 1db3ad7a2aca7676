"""Make pictures of what came back in a public check; whatever came, drawing it raises nothing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from grader.answers.difference import difference
from grader.results.pictures import (
    Confusion,
    Descent,
    Digit,
    DigitRow,
    Gradient,
    GradientBars,
    LossCurves,
    ProbabilityShares,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.results.pictures import Numbers, Points

__all__ = [
    "confusion",
    "confusion_of",
    "descent",
    "digit_row",
    "gradient_bars",
    "loss_curves",
    "probability_shares",
    "shares_of_logs",
]

MAX_STEPS = 400  # of a curve or a walk; a page stays light
MAX_BARS = 12  # of one gradient
MAX_ROWS = 8  # of a table of probabilities
HILL_POINTS = 81
CLASSES = 10
LARGEST = 1e12  # what is beyond has left every picture


def loss_curves(
    came: object, expected: Sequence[float], step: str, *, alike: bool = True
) -> LossCurves | None:
    """Draw losses, if a list of numbers came."""
    if not isinstance(came, list | tuple) or not came:
        return None
    losses = numbers(came)
    return None if None in losses[:1] else LossCurves(losses, numbers(expected), step, alike)


def descent(
    formula: str,
    hill: Callable[[float], float],
    window: tuple[float, float],
    came: object,
    expected: Sequence[float],
) -> Descent | None:
    """Draw a walk, if a list of positions came.

    Args:
        formula: the hill as students read it.
        hill: gives the height at a position.
        window: the left and the right end of what is drawn.
        came: what came back.
        expected: the right positions.
    """
    if not isinstance(came, list | tuple):
        return None
    left, right = window
    ground = [left + (right - left) * place / (HILL_POINTS - 1) for place in range(HILL_POINTS)]
    return Descent(formula, points(hill, ground), points(hill, came), points(hill, expected))


def points(hill: Callable[[float], float], positions: Sequence[object]) -> Points:
    """Give positions and their heights, up to the first that is no finite number."""
    found: list[tuple[float, float]] = []
    for position in numbers(positions):
        try:
            height = math.nan if position is None else hill(position)
        except OverflowError:
            height = math.inf
        if position is None or not math.isfinite(height):
            break
        found.append((position, height))
    return tuple(found)


def gradient_bars(came: object, expected: Mapping[str, torch.Tensor]) -> GradientBars | None:
    """Draw gradients by name, if they came under the right names."""
    if not isinstance(came, dict) or came.keys() != expected.keys():
        return None
    return GradientBars(tuple(gradient(name, came[name], expected[name]) for name in expected))


def gradient(name: str, came: object, expected: torch.Tensor) -> Gradient:
    """Take down one gradient; one of another shape has no numbers to put beside the right ones."""
    alike = came if isinstance(came, torch.Tensor) and came.shape == expected.shape else None
    return Gradient(
        name=name,
        shape=str(tuple(expected.shape)),
        came=() if alike is None else flat(alike)[:MAX_BARS],
        expected=flat(expected)[:MAX_BARS],
        right=difference(came, expected) is None,
    )


def confusion(came: object, expected: torch.Tensor) -> Confusion | None:
    """Draw counts beside the right ones, if a table of their size came."""
    if not isinstance(came, torch.Tensor) or came.shape != expected.shape or came.is_complex():
        return None
    return Confusion(table(came.double().nan_to_num()), table(expected.double()))


def confusion_of(scores: torch.Tensor, labels: torch.Tensor) -> Confusion:
    """Count what a network takes images for.

    Args:
        scores: (n, classes); NaN counts as 0.
        labels: (n,) int64.
    """
    counts = torch.zeros(CLASSES, CLASSES, dtype=torch.float64)
    predicted = scores.nan_to_num().argmax(dim=1)
    counts.index_put_((labels, predicted), torch.ones(len(labels)).double(), accumulate=True)
    return Confusion(table(counts))


def table(counts: torch.Tensor) -> tuple[tuple[int, ...], ...]:
    """Round a table of counts that are finite; nothing in it is longer than six digits."""
    rows: list[list[float]] = counts.clamp(-99_999, 999_999).round().tolist()
    return tuple(tuple(int(count) for count in row) for row in rows)


def digit_row(images: torch.Tensor, labels: Sequence[int], came: object) -> DigitRow | None:
    """Draw images with what a network says of them, if ten numbers came for each.

    Args:
        images: (n, 28, 28) uint8.
        labels: what they show.
        came: probabilities (n, 10), or a list of them for each image.
    """
    if isinstance(came, torch.Tensor) and came.shape == (len(labels), CLASSES):
        came = list(came)
    if not isinstance(came, list) or len(came) != len(labels) or not all(map(is_row, came)):
        return None
    pixels = [image.contiguous().numpy().tobytes() for image in images]
    return DigitRow(tuple(map(Digit, pixels, labels, map(flat, came))))


def is_row(value: object) -> bool:
    """Tell whether a value is one number for each class."""
    return isinstance(value, torch.Tensor) and value.shape == (CLASSES,)


def probability_shares(came: object, _: object = None) -> ProbabilityShares | None:
    """Draw what rows and columns sum to, if a table of probabilities came."""
    if not isinstance(came, torch.Tensor) or came.dim() != 2 or not came.is_floating_point():
        return None
    if not 1 < len(came) <= MAX_ROWS or came.shape[1] > CLASSES:
        return None
    return ProbabilityShares(tuple(map(flat, came)))


def shares_of_logs(came: object, _: object = None) -> ProbabilityShares | None:
    """Draw what rows and columns sum to, if a table of log-probabilities came."""
    if isinstance(came, torch.Tensor) and came.is_floating_point():
        return probability_shares(came.exp())
    return None


def flat(tensor: torch.Tensor) -> Numbers:
    """Give a tensor's numbers."""
    plain = tensor.detach()
    return numbers((plain.abs() if plain.is_complex() else plain.double()).reshape(-1).tolist())


def numbers(values: Sequence[object]) -> Numbers:
    """Give values as numbers, None where one is not a finite number."""
    return tuple(number(value) for value in values[:MAX_STEPS])


def number(value: object) -> float | None:
    """Give a value as a number, rounded to what a picture can show."""
    if isinstance(value, torch.Tensor) and value.numel() == 1 and not value.is_complex():
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(f"{value:.6g}") if -LARGEST < value < LARGEST else None
