"""Require an answer of some kind, for a test that computes on with it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch

from grader.answers.describing import describe_shape
from grader.answers.forms import uncalled
from grader.errors import WrongAnswer

if TYPE_CHECKING:
    from grader.asking.student import Answer
    from grader.guest.crossing.tensors import Array

__all__ = ["array_of", "number_of", "tensor_of"]

Shape = tuple[int, ...] | None
NOT_FINITE = "it holds NaN or infinity."


def tensor_of(answer: Answer, shape: Shape, dtype: torch.dtype | None) -> torch.Tensor:
    """Return a finite tensor of a shape and dtype; of any floating point one where none is given.

    Raises:
        WrongAnswer: it is something else.
    """
    value = answer.value
    if not isinstance(value, torch.Tensor):
        gap = "expected a tensor."
    elif shape is not None and value.shape != shape:
        gap = f"expected {describe_shape(shape)}."
    elif value.dtype != dtype if dtype else not value.dtype.is_floating_point:
        gap = f"expected dtype {str(dtype or 'float32 or float64').removeprefix('torch.')}."
    elif not torch.isfinite(value).all():
        gap = NOT_FINITE
    else:
        return value.detach()
    raise _wrong(answer, gap)


def array_of(answer: Answer, shape: Shape, dtype: str | None) -> Array:
    """Return a finite NumPy array of a shape and dtype; of any where none is given.

    Raises:
        WrongAnswer: it is something else.
    """
    value = answer.value
    if not isinstance(value, np.ndarray):
        gap = "expected a NumPy array."
    elif shape is not None and value.shape != shape:
        gap = f"expected {describe_shape(shape)}."
    elif dtype is not None and value.dtype != dtype:
        gap = f"expected dtype {dtype}."
    elif not np.isfinite(value).all():
        gap = NOT_FINITE
    else:
        return value
    raise _wrong(answer, gap)


def number_of(answer: Answer) -> float:
    """Return a finite number.

    Raises:
        WrongAnswer: it is something else; a bool and a tensor are none.
    """
    value = answer.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        hint = " (`.item()` makes one)" if isinstance(value, torch.Tensor | np.ndarray) else ""
        raise _wrong(answer, f"expected a number{hint}.")
    if not math.isfinite(value):
        raise _wrong(answer, "it is NaN or infinity.")
    return value


def _wrong(answer: Answer, gap: str) -> WrongAnswer:
    return WrongAnswer(answer.says(gap), answer.nothing or uncalled(answer.value) or None)
