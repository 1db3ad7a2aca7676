"""Why a notebook's cell raised, where the place and the values at hand say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn import functional as F

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["cause_of"]

LOSSES = {F.nll_loss.__code__, F.cross_entropy.__code__}


def cause_of(error: BaseException) -> str:
    """Return the slug of the mistake behind an exception, or nothing.

    Its text is not read: it differs from one edition of torch to the next.
    """
    frame = innermost_frame(error)
    if frame is None:
        return ""
    values = frame.f_locals.get("input")
    if not isinstance(values, torch.Tensor):
        return ""
    if frame.f_code in LOSSES and is_turned_around(values, frame.f_locals.get("target")):
        return "criterion-arguments-swapped"
    layer = frame.f_locals.get("self")
    if isinstance(layer, nn.Linear) and values.dim() == 4:
        fits_flat = values.shape[-1] != layer.in_features == values[0].numel()
        return "images-not-flattened" if fits_flat else ""
    return ""


def innermost_frame(error: BaseException) -> FrameType | None:
    """Return where an exception was raised."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return step.tb_frame if step is not None else None


def is_turned_around(values: torch.Tensor, target: Any) -> bool:
    """Whether a loss was given whole numbers for scores, and fractions for labels."""
    labels_first = not values.is_floating_point() and values.dim() == 1
    return labels_first and isinstance(target, torch.Tensor) and target.is_floating_point()
