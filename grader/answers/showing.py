"""Show a value in a message: what kind of thing it is and its first numbers, in no time."""

from __future__ import annotations

import math

import numpy as np
import torch

from grader.answers.describing import describe_value
from grader.guest.crossing.values import is_int64
from grader.results.message import Value

__all__ = ["shown"]

MAX_SHOWN = 200  # characters of a text
MAX_NUMBERS = 12


def shown(value: object) -> Value:
    """Show a value."""
    if isinstance(value, torch.Tensor | np.ndarray):
        first = value.reshape(-1)[:MAX_NUMBERS].tolist()  # of a tensor with a gradient too
        rounded = tuple(f"{number:.5g}" for number in first)
        if not value.shape:
            return Value(f"{rounded[0]} ({describe_value(value)})")
        count = math.prod(value.shape)
        is_matrix = len(value.shape) == 2 and count <= MAX_NUMBERS
        columns = value.shape[1] if is_matrix else 0
        return Value(describe_value(value), rounded, count > MAX_NUMBERS, columns)
    if isinstance(value, list | tuple) and value and all(map(_is_plain, value[:MAX_NUMBERS])):
        items = tuple(map(_in_words, value[:MAX_NUMBERS]))
        return Value(describe_value(value), items, len(value) > MAX_NUMBERS)
    return Value(_in_words(value))


def _is_plain(value: object) -> bool:
    """Whether a value is told in a few characters, as an item of a list."""
    if isinstance(value, int):
        return is_int64(value)
    return value is None or isinstance(value, float)


def _in_words(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dict):
        keys = ", ".join(sorted(map(str, value))[:12])
        return f"{describe_value(value)} with the keys {keys}" if value else describe_value(value)
    if isinstance(value, str | bytes):
        return repr(value[:MAX_SHOWN])[:MAX_SHOWN]
    return repr(value) if isinstance(value, bool | int) else describe_value(value)
