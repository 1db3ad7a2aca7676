"""Where and how an answer differs from the right one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from grader.answers.describing import describe_shape, describe_value
from grader.answers.tolerances import Tolerance, default_tolerance
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from grader.guest.crossing.tensors import Array

__all__ = ["Gap", "difference"]


@dataclass(frozen=True)
class Gap:
    """The first place where an answer is not right.

    Attributes:
        came: what came back there.
        expected: what is right there.
        words: how they differ, as the end of a sentence that holds no value of either.
        path: the keys that lead there, through lists and dicts.
    """

    came: object
    expected: object
    words: str
    path: tuple[Hashable, ...] = ()

    def under(self, key: Hashable) -> Gap:
        """Return the same gap as an item of something larger."""
        return replace(self, path=(key, *self.path))


def difference(answer: object, right: object, tolerance: Tolerance | None = None) -> Gap | None:
    """Find where an answer differs from the right one; None if it doesn't.

    Type is compared first, then shape, dtype, finiteness and values. NaN equals nothing, and
    nothing is broadcast.

    Args:
        answer: what came back: plain data, or a `Foreign`.
        right: a tensor, array, number, string, bytes, None, or a list, tuple or dict of them.
        tolerance: how close is equal; by dtype when left out.
    """
    if isinstance(right, np.generic):  # an answer's crosses as the number that it is
        right = right.item()
    if isinstance(right, list | tuple):
        return _sequence_difference(answer, right, tolerance)
    if isinstance(right, dict):
        return _dict_difference(answer, right, tolerance)
    if isinstance(right, torch.Tensor):
        words = _tensor_difference(answer, right, tolerance)
    elif isinstance(right, np.ndarray):
        words = _array_difference(answer, right, tolerance)
    elif isinstance(right, float):
        words = _float_difference(answer, right, tolerance)
    elif type(answer) is not type(right):
        words = f"expected {describe_value(right)}."
    else:
        words = "" if answer == right else _of_one_type(right)
    return Gap(answer, right, words) if words else None


def _of_one_type(right: object) -> str:
    return f"expected {right}." if isinstance(right, bool) else "the value is wrong."


def _tensor_difference(answer: object, right: torch.Tensor, tolerance: Tolerance | None) -> str:
    if not isinstance(answer, torch.Tensor):
        return f"expected a tensor of {describe_shape(right.shape)}."
    if answer.shape != right.shape:
        return f"expected {describe_shape(right.shape)}."
    if answer.dtype != right.dtype:
        return f"expected dtype {str(right.dtype).removeprefix('torch.')}."
    return _value_difference(answer.detach(), right.detach(), tolerance)


def _array_difference(answer: object, right: Array, tolerance: Tolerance | None) -> str:
    if not isinstance(answer, np.ndarray):
        return f"expected a NumPy array of {describe_shape(right.shape)}."
    if answer.shape != right.shape:
        return f"expected {describe_shape(right.shape)}."
    if answer.dtype != right.dtype:
        return f"expected dtype {right.dtype}."
    # its own copy, for torch takes none with steps backwards
    return _value_difference(torch.from_numpy(answer), torch.from_numpy(right.copy()), tolerance)


def _value_difference(
    answer: torch.Tensor, right: torch.Tensor, tolerance: Tolerance | None
) -> str:
    if right.dtype.is_floating_point and not torch.isfinite(answer).all():
        return "it holds NaN or infinity."
    allowed = tolerance or default_tolerance(right.dtype)
    bound = allowed.absolute + allowed.relative * right.to(torch.float64).abs()
    near = (answer.to(torch.float64) - right.to(torch.float64)).abs() <= bound
    far = ~(near & torch.isfinite(right))  # everything is within infinity of infinity
    count = int(far.sum())
    if not count:
        return ""
    if right.numel() == 1:
        return "the value is wrong."
    first = torch.nonzero(far)[0].tolist()
    if count == 1:
        return f"1 of {right.numel()} numbers is wrong, at {first}."
    return f"{count} of {right.numel()} numbers are wrong, the first at {first}."


def _float_difference(answer: object, right: float, tolerance: Tolerance | None) -> str:
    if isinstance(answer, bool) or not isinstance(answer, float | int):
        hint = " (`.item()` makes one)" if isinstance(answer, torch.Tensor) else ""
        return f"expected a Python float{hint}."
    if not math.isfinite(answer):
        return "it is NaN or infinity."
    allowed = tolerance or default_tolerance(torch.float32)
    near = abs(answer - right) <= allowed.absolute + allowed.relative * abs(right)
    return "" if near and math.isfinite(right) else "the value is wrong."


def _sequence_difference(
    answer: object, right: Sequence[object], tolerance: Tolerance | None
) -> Gap | None:
    if not isinstance(answer, list | tuple):
        return Gap(answer, right, f"expected {describe_value(right)}.")
    if len(answer) != len(right):
        return Gap(answer, right, f"expected {len(right)} items.")
    for place, (mine, theirs) in enumerate(zip(answer, right, strict=True)):
        if gap := difference(mine, theirs, tolerance):
            return gap.under(place)
    return None


def _dict_difference(
    answer: object, right: Mapping[Hashable, object], tolerance: Tolerance | None
) -> Gap | None:
    if not isinstance(answer, dict):
        return Gap(answer, right, "expected a dict.")
    if answer.keys() != right.keys():
        return Gap(answer, right, _key_difference(answer, right))
    for place, (key, theirs) in enumerate(right.items()):
        if gap := difference(answer[key], theirs, tolerance):
            return gap.under(key if isinstance(key, str) else place)
    return None


def _key_difference(answer: Mapping[Hashable, object], right: Mapping[Hashable, object]) -> str:
    missing = right.keys() - answer.keys()
    others = len(answer.keys() - right.keys())  # what they are called is the guest's to say
    if any(isinstance(key, str) for key in right):
        parts = [f"expected the keys {_named(right)}"]
        parts += [f"missing: {_named(missing)}"] if missing else []
    else:
        are = "is" if len(missing) == 1 else "are"
        parts = [f"{len(missing)} of {len(right)} keys {are} missing"] if missing else []
    parts += [f"not expected: {plural(others, 'other key')}"] if others else []
    return f"{'; '.join(parts)}."


def _named(keys: Iterable[Hashable]) -> str:
    """Name keys that are texts, and count the others: they are what was computed."""
    names = sorted(key for key in keys if isinstance(key, str))
    numbers = sum(not isinstance(key, str) for key in keys)
    return ", ".join([*names, *([f"{numbers} that are no texts"] if numbers else [])]) or "none"
