"""By which learning rates positions were reached: one that is a constant, or that shrinks."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.suite import Answer

    Path = list[float]

__all__ = ["rates_that"]

ALIKE = 1e-3  # relative: float32 positions give the same rates about as well


def rates_that(
    path: Callable[..., Path],
    slope: Callable[..., float],
    answers: Sequence[Answer],
    walks: Sequence[tuple[Any, ...]],
) -> dict[str, Callable[..., Path]]:
    """Give the mistake in the learning rate that all answers agree on; nothing if there is none.

    Args:
        path: walks for a case, at another rate or by `shares` of it.
        slope: of the curve of a case at a position.
        answers: what came back.
        walks: a curve, start, rate and number of steps for each.
    """
    rates = [
        rates_of(answer.value, slope, walk[0]) for answer, walk in zip(answers, walks, strict=True)
    ]
    if not all(rates):
        return {}
    first = rates[0][0]
    if all(alike(rate, first) for found in rates for rate in found):
        one = {} if alike(first, 1.0) else {"lr-is-a-constant": first}
        return {slug: lambda f, start, _, steps: path(f, start, first, steps) for slug in one}
    shares = [[rate / walk[2] for rate in found] for found, walk in zip(rates, walks, strict=True)]
    longest = max(shares, key=len)
    agree = all(alike(a, b) for each in shares for a, b in zip(each, longest, strict=False))
    shrink = all(0 < later < earlier for earlier, later in pairwise([1 + ALIKE, *longest]))
    return {"lr-shrinks": lambda *walk: path(*walk, shares=longest)} if agree and shrink else {}


def rates_of(came: object, slope: Callable[..., float], curve: Any) -> list[float]:
    """Return by which rate each step went down a curve; nothing where that can't be said."""
    if not isinstance(came, list) or len(came) < 3 or not all(map(is_number, came)):
        return []
    slopes = [slope(curve, x) for x in came[:-1]]
    if not all(slopes):
        return []
    return [(x - then) / at for (x, then), at in zip(pairwise(came), slopes, strict=True)]


def is_number(value: object) -> bool:
    """Whether a value is a finite float."""
    return isinstance(value, float) and math.isfinite(value)


def alike(one: float, other: float) -> bool:
    """Whether two rates are the same."""
    return math.isclose(one, other, rel_tol=ALIKE)
