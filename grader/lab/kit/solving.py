"""Solve for a number that a submission has put in the place of one that it was handed."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.suite import Answer

__all__ = ["solved_for"]

ALIKE = 1e-3  # relative: float32 answers give the same number about as well; then all are compared


def solved_for(
    slug: str,
    at: Callable[..., object],
    answers: Sequence[Answer],
    cases: Sequence[tuple[object, ...]],
    besides: Sequence[float] = (0.0,),
) -> dict[str, Callable[..., object]]:
    """Give a mistake with the number that all answers agree on; nothing where there is none.

    Args:
        slug: the mistake.
        at: what it gives for the number and the arguments of a case; the number changes it evenly.
        answers: what came back, for at least two cases that differ in the number that is right.
        cases: the arguments of each, those with the most exact answer first.
        besides: numbers that have a name of their own.
    """
    if len(answers) < 2:
        return {}
    found = [solution(answer.value, at, case) for answer, case in zip(answers, cases, strict=True)]
    if any(not math.isclose(number, found[0], rel_tol=ALIKE) for number in found):
        return {}
    number = found[0]
    if any(math.isclose(number, known, rel_tol=ALIKE, abs_tol=1e-6) for known in besides):
        return {}
    return {slug: partial(at, number)}


def solution(came: object, at: Callable[..., object], case: tuple[object, ...]) -> float:
    """Return the number for which `at` comes nearest to an answer; NaN where it is of no use."""
    answer, start, unit = flat(came), flat(at(0.0, *case)), flat(at(1.0, *case))
    if answer.shape != start.shape:
        return math.nan
    along = unit - start
    return (((answer - start) @ along) / (along @ along)).item()


def flat(value: object) -> torch.Tensor:
    """Put a float, or the numbers of a tensor or of a dict or list, into a row of float64."""
    if isinstance(value, torch.Tensor | float):
        return torch.as_tensor(value, dtype=torch.float64).detach().flatten()
    parts = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(parts, list) or not parts:
        return torch.zeros(0, dtype=torch.float64)
    return torch.cat([flat(part) for part in parts])
