"""Why a loss can't be computed: what it was given for predictions and for labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional as F

from grader.guest.crashes.scene import NO_CAUSE, Cause, is_tensor
from grader.guest.crashes.unfit import unfit

if TYPE_CHECKING:
    from grader.guest.crashes.scene import Scene

__all__ = ["loss"]

OF_CLASSES = {F.nll_loss.__code__, F.cross_entropy.__code__}
OF_YES_AND_NO = {F.binary_cross_entropy.__code__, F.binary_cross_entropy_with_logits.__code__}
OF_NUMBERS = {F.mse_loss.__code__, F.l1_loss.__code__, F.smooth_l1_loss.__code__}
MOST_LABELS = 1_000_000


def loss(scene: Scene) -> Cause:
    """Return what is wrong with the two things that a loss compares."""
    every = OF_CLASSES | OF_YES_AND_NO | OF_NUMBERS
    frame = next((each for each in scene.frames[-2:] if each.f_code in every), None)
    if frame is None:
        return NO_CAUSE
    given, target = frame.f_locals.get("input"), frame.f_locals.get("target")
    if not is_tensor(given) or not is_tensor(target):
        return unfit(target if is_tensor(given) else given)
    if frame.f_code in OF_CLASSES:
        return _of_classes(scene, given, target)
    if frame.f_code in OF_YES_AND_NO:
        return _of_yes_and_no(given, target)
    return _of_shape(given, target)


def _of_classes(scene: Scene, given: Any, target: Any) -> Cause:
    if not given.is_floating_point() and target.is_floating_point():
        return Cause("criterion-arguments-swapped" if given.dim() == 1 else "")
    if target.dim() == 2 and target.shape[1] == 1 and given.dim() == 2:
        return Cause("labels-as-a-column")
    if target.dim() == 2 and target.shape == given.shape:
        return Cause("labels-as-one-hot" if _is_one_hot(target) else "")
    if target.dtype != torch.int64 and target.dim() <= 1:
        return Cause("labels-not-whole-numbers", f"their dtype is {target.dtype}")
    if given.dim() == 2 and target.dim() == 1 and len(given) != len(target):
        words = f"{len(given)} rows of predictions, {len(target)} labels"
        return Cause("batch-sizes-differ", words)
    if type(scene.error) is IndexError and given.dim() == 2 and target.numel():
        outside = int(target.max()) >= given.shape[1] or int(target.min()) < 0
        return Cause("label-out-of-range" if outside else "")
    return NO_CAUSE


def _is_one_hot(target: Any) -> bool:
    if target.numel() > MOST_LABELS:
        return False
    bits = bool(((target == 0) | (target == 1)).all())
    return bits and bool((target.sum(1) == 1).all())


def _of_yes_and_no(given: Any, target: Any) -> Cause:
    if given.shape != target.shape:
        return _of_shape(given, target)
    if not target.is_floating_point():
        return Cause("targets-not-floats", f"their dtype is {target.dtype}")
    outside = given.numel() and not bool(((given >= 0) & (given <= 1)).all())
    return Cause("scores-for-probabilities" if outside else "")


def _of_shape(given: Any, target: Any) -> Cause:
    words = (
        f"the predictions have the shape {tuple(given.shape)}, the targets {tuple(target.shape)}"
    )
    return Cause("targets-of-another-shape", words) if given.shape != target.shape else NO_CAUSE
