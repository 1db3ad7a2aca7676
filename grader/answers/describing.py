"""Say what kind of thing a value is, without saying what it holds."""

from __future__ import annotations

import numpy as np
import torch

__all__ = ["describe_value"]


def describe_value(value: object) -> str:
    """Say what kind of thing a value is: `(5, 4) float32`, `a list of 3`, `a float`."""
    if isinstance(value, torch.Tensor):
        dtype = str(value.dtype).removeprefix("torch.")
        return f"{tuple(value.shape)} {dtype}" if value.dim() else f"0-d {dtype}"
    if isinstance(value, np.ndarray):
        return f"a {tuple(value.shape)} {value.dtype} array"
    if value is None:
        return "None"
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, list | tuple | dict):
        return f"a {_name(value)} of {len(value)}"
    if isinstance(value, str | bool | int | float):
        return f"{'an' if type(value) is int else 'a'} {_name(value)}"
    type_name, detail = getattr(value, "type_name", "something else"), getattr(value, "detail", "")
    return f"{type_name} ({detail})" if detail else str(type_name)


def _name(value: object) -> str:
    kinds = (list, tuple, dict, str, bool)
    return next((kind.__name__ for kind in kinds if isinstance(value, kind)), type(value).__name__)
