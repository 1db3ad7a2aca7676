"""What wrong numbers have in common with the right ones: a sentence that shows none of them.

It is said where no mistake was recognised, so that whoever reads it knows where to look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from grader.answers.difference import difference
from grader.guest.crossing.values import is_int64

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["resemblance"]

FEW = 3  # rows or columns that are listed
NEAR_ONE = 0.01  # a factor so close to 1 is the work of many small differences


def resemblance(came: object, right: object) -> str:
    """Say how numbers are related to the right ones, in a sentence; nothing where they are not.

    Args:
        came: a number, a tensor or an array.
        right: likewise; of the same shape, or nothing is said.
    """
    mine, theirs = _tensor(came), _tensor(right)
    if mine is None or theirs is None or mine.shape != theirs.shape or not theirs.numel():
        return ""
    if not torch.isfinite(mine).all() or not torch.isfinite(theirs).all():
        return ""
    return next(filter(None, _sentences(mine, theirs)), "")


def _tensor(value: object) -> torch.Tensor | None:
    """Return numbers as float64; None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | torch.Tensor | np.ndarray):
        return None
    if isinstance(value, np.ndarray) and value.dtype.kind not in "fiu":
        return None
    if isinstance(value, int) and not is_int64(value):
        return None
    tensor = torch.as_tensor(value)
    return None if tensor.dtype == torch.bool else tensor.detach().double()


def _sentences(mine: torch.Tensor, theirs: torch.Tensor) -> Iterator[str]:
    """Give what may be said, the most telling first."""
    every = "Every number" if theirs.numel() > 1 else "The number"
    if _same(mine, -theirs):
        yield f"{every} has the wrong sign, but the right absolute value."
    elif _same(mine.abs(), theirs.abs()):
        yield "All absolute values are right, but some signs are wrong."
    yield _factor(mine, theirs, every)
    yield _places(mine, theirs)
    if theirs.numel() > 1 and _same(mine.flatten().sort().values, theirs.flatten().sort().values):
        yield "The numbers are right, but in the wrong order."
    if theirs.numel() > 1 and _same(mine - theirs, (mine - theirs).flatten()[0].expand_as(mine)):
        yield f"{every} differs from the right one by the same amount."
    yield _size(mine, theirs, every)


def _same(mine: torch.Tensor, theirs: torch.Tensor) -> bool:
    return difference(mine.float(), theirs.float()) is None


def _factor(mine: torch.Tensor, theirs: torch.Tensor, every: str) -> str:
    """Say by which factor numbers are off; of equal ones it would tell what is right."""
    largest = theirs.abs().argmax()
    if not theirs.flatten()[largest] or _same(mine, mine.flatten()[0].expand_as(mine)):
        return ""
    factor = (mine.flatten()[largest] / theirs.flatten()[largest]).item()
    if abs(factor - 1) < NEAR_ONE or not factor or not _same(mine, factor * theirs):
        return ""
    return f"{every} is {factor:.3g} times the right one."


def _places(mine: torch.Tensor, theirs: torch.Tensor) -> str:
    """Say in which rows or columns of a table alone numbers differ."""
    if theirs.dim() != 2:
        return ""
    far = ~torch.isclose(mine, theirs, rtol=1e-4, atol=1e-5)
    for noun, dim in (("row", 1), ("column", 0)):
        wrong = far.any(dim)
        places = torch.nonzero(wrong).flatten().tolist()
        if 0 < len(places) <= min(FEW, len(wrong) // 2):
            *first, last = map(str, places)
            if not first:
                return f"Only {noun} {last} of {len(wrong)} is wrong."
            return f"Only {noun}s {', '.join(first)} and {last} of {len(wrong)} are wrong."
    return ""


def _size(mine: torch.Tensor, theirs: torch.Tensor, every: str) -> str:
    """Say in which direction all numbers are off."""
    if bool((mine > theirs).all()):
        return f"{every} is too large."
    if bool((mine < theirs).all()):
        return f"{every} is too small."
    return ""
