"""All that can be recognised of an exception, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.guest.crashes.backward_passes import backward_pass
from grader.guest.crashes.layers import layer, model, optimizer, without_return
from grader.guest.crashes.losses import loss
from grader.guest.crashes.machines import machine
from grader.guest.crashes.operations import dimension, sizes, wrong_type
from grader.guest.crashes.scene import NO_CAUSE, Cause, scene_of
from grader.guest.crashes.spelling import missing_attribute, missing_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.guest.loading.sources import Cell

__all__ = ["recognised"]

NOTHING = "none-used-as-a-value"
EVERY = (
    machine,
    model,
    layer,
    loss,
    backward_pass,
    optimizer,
    missing_name,
    missing_attribute,
    wrong_type,
    dimension,
    sizes,
)


def recognised(error: BaseException, cells: Mapping[str, Cell]) -> Cause:
    """Return the mistake behind an exception; nothing where no value around it proves one.

    Args:
        error: the exception.
        cells: the student's code, by what it was compiled as.
    """
    scene = scene_of(error, cells)
    if not isinstance(error, Exception) or any(each.raised for each in scene.spots[-1:]):
        return NO_CAUSE
    cause = next((cause for each in EVERY if (cause := each(scene)).slug), NO_CAUSE)
    if cause.slug == NOTHING and any(map(without_return, scene.frames)):
        return Cause("forward-without-return")
    return cause
