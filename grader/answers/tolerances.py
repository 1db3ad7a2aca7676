"""How close is equal, by name and reason."""

from __future__ import annotations

from dataclasses import dataclass

import torch

__all__ = [
    "F32_CLOSE",
    "F32_FAR_APART",
    "F64_EXACT",
    "LOOSE",
    "Tolerance",
    "default_tolerance",
    "over_many_steps",
]


@dataclass(frozen=True)
class Tolerance:
    """Two numbers are equal when they differ by at most `absolute + relative * |expected|`."""

    relative: float
    absolute: float


F64_EXACT = Tolerance(1e-9, 1e-11)  # the same formula with its sums in another order
F32_CLOSE = Tolerance(1e-4, 1e-5)  # float32 through a few layers, on a CPU or a GPU
F32_FAR_APART = Tolerance(1e-4, 2e-2)  # differences of float32 scores that lie thousands apart
LOOSE = Tolerance(1e-3, 1e-4)  # float32 through many training steps
EXACT = Tolerance(0.0, 0.0)


def default_tolerance(dtype: torch.dtype) -> Tolerance:
    """Return the tolerance that fits what is expected."""
    if dtype == torch.float64:
        return F64_EXACT
    return F32_CLOSE if dtype.is_floating_point else EXACT


def over_many_steps(dtype: torch.dtype) -> Tolerance:
    """Return the tolerance that fits what many training steps in a dtype have led to."""
    return LOOSE if dtype == torch.float32 else default_tolerance(dtype)
