"""Logarithms of tiny probabilities: lost to infinity, or held back by something small."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from grader.suite import difference, expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.suite import Answer

__all__ = ["held_back", "stays_finite"]


def stays_finite(answer: Answer, mistake: str, milder: Callable[[], bool]) -> None:
    """Require that no number was lost to NaN or infinity.

    Args:
        answer: what came back for scores that lie far apart.
        mistake: what loses numbers there, and nothing else that is wrong.
        milder: whether the same is right for scores that lie nearer to each other.
    """
    value = answer.value
    lost = isinstance(value, Tensor) and not value.isfinite().all()
    name = mistake if lost and milder() else None
    expect(answer).satisfies(not lost, "some numbers are NaN or infinite.", name)


def held_back(
    milder: Callable[[], bool],
    lowest: float,
    came: object,
    scores: Tensor,
) -> Tensor:
    """Give what comes of probabilities to which something is added, or which are clamped.

    Args:
        milder: as for `stays_finite`; where it does not hold, this gives NaN, which nothing equals.
        lowest: the log of what is added, which is left where a probability is 0.
        came: what came back, which says which of the two it is.
        scores: (n, classes).
    """
    if not milder():
        return torch.full_like(scores, math.nan)
    shares = scores.softmax(1)
    bit = math.exp(min(lowest, 0.0))
    added, clamped = (shares + bit).log(), shares.clamp(min=bit).log()
    return clamped if difference(came, clamped) is None else added
