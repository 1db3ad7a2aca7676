"""Say what kind of thing a value is, without saying what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from grader.guest.crossing.kinds import OF_KINDS
from grader.guest.crossing.values import Foreign
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["describe_result", "describe_shape", "describe_value"]


def describe_result(value: object) -> str:
    """Say the same in a sentence: `a (5, 4) float32 tensor`, `a float`."""
    words = describe_value(value)
    return f"a {words} tensor" if isinstance(value, torch.Tensor) else words


def describe_shape(shape: Sequence[int]) -> str:
    """Name a shape, and say of that of a 0-d tensor what it means."""
    return f"shape {tuple(shape)}" if shape else "shape (), one number"


def describe_value(value: object) -> str:
    """Say what kind of thing a value is: `(5, 4) float32`, `a list of 3 items`, `a float`.

    Of the two values of a bool it is said which.
    """
    if isinstance(value, torch.Tensor):
        dtype = str(value.dtype).removeprefix("torch.")
        return f"{tuple(value.shape)} {dtype}" if value.dim() else f"0-d {dtype}"
    if isinstance(value, np.ndarray):
        return f"a {tuple(value.shape)} {value.dtype} array"
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, list | tuple | dict):
        return f"a {_name(value)} of {plural(len(value), 'item')}"
    if isinstance(value, str | int | float):
        return f"{'an' if type(value) is int else 'a'} {_name(value)}"
    return _foreign(value) if isinstance(value, Foreign) else "something else"


def _name(value: object) -> str:
    kinds = (list, tuple, dict, str)
    return next((kind.__name__ for kind in kinds if isinstance(value, kind)), type(value).__name__)


def _foreign(value: Foreign) -> str:
    """Say what an object is that can't cross, and of a class or a function that it is one."""
    if value.type_name in OF_KINDS:
        name = f" `{value.detail}`" if value.detail else ""
        return f"the {value.type_name}{name} itself"
    detail = f" ({value.detail})" if value.detail else ""
    return f"an object of type {value.type_name}{detail}"
