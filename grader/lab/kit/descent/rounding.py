"""To how many digits positions were rounded."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.suite import Answer

__all__ = ["rounding_that"]

MOST_DIGITS = 5  # float32 has few more
APART = 1e-4  # rounded to so many digits, some right position must differ by that much


def rounding_that(
    path: Callable[..., list[float]], answers: Sequence[Answer], walks: Sequence[tuple[Any, ...]]
) -> dict[str, Callable[..., list[float]]]:
    """Give right positions rounded as all answers are; nothing if they are not rounded.

    Args:
        path: gives the right positions of a case.
        answers: what the submission returned.
        walks: the arguments of each case.
    """
    values = [answer.value for answer in answers]
    came = [x for value in values if isinstance(value, list) for x in value]
    if not came or not all(isinstance(x, float) and math.isfinite(x) for x in came):
        return {}
    right = [x for walk in walks for x in path(*walk)]
    for digits in range(MOST_DIGITS):
        if all(x == round(x, digits) for x in came):
            apart = max(abs(x - round(x, digits)) for x in right)
            rounded = {"positions-rounded": rounded_to(digits, path)}
            return rounded if apart > APART else {}
    return {}


def rounded_to(digits: int, path: Callable[..., list[float]]) -> Callable[..., list[float]]:
    """Give positions that are rounded where they are listed."""
    return lambda *walk: [round(x, digits) for x in path(*walk)]
