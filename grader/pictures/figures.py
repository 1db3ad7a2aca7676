"""Draw any picture that a check may show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.pictures.confusion import confusion
from grader.pictures.descent import descent
from grader.pictures.digit_row import digit_row
from grader.pictures.gradient_bars import gradient_bars
from grader.pictures.loss_curves import loss_curves
from grader.pictures.probability_shares import probability_shares
from grader.results.pictures import (
    Confusion,
    Descent,
    DigitRow,
    GradientBars,
    LossCurves,
    ProbabilityShares,
)

if TYPE_CHECKING:
    from grader.pictures.shapes import Figure
    from grader.results.pictures import Picture

__all__ = ["figure_of"]


def figure_of(picture: Picture) -> Figure:
    """Draw a picture."""
    match picture:
        case LossCurves():
            return loss_curves(picture)
        case Descent():
            return descent(picture)
        case GradientBars():
            return gradient_bars(picture)
        case Confusion():
            return confusion(picture)
        case DigitRow():
            return digit_row(picture)
        case ProbabilityShares():
            return probability_shares(picture)
