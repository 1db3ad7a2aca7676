"""What is right, and what known mistakes give, for the hidden tests."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from kit.networks import (
    CLASS_WEIGHTS,
    EQUAL_WEIGHTS,
    image_batch,
    layers,
)

if TYPE_CHECKING:
    from kit.loop.path import Case
    from kit.loop.trajectory import Tensors


__all__ = [
    "loop_cases",
    "one_batch_cases",
    "optimizer_cases",
    "rising_cases",
]


@cache
def loop_cases(lr: float = 0.3, momentum: float = 0.0) -> list[Case]:
    """Give weights, images, labels and the settings of a loop, twice.

    The numbers that the sum of the losses may be divided by wrongly all differ: five batches, the
    last of three images, and three batches, the last of four.
    """
    common = {"momentum": momentum, "class_weights": list(EQUAL_WEIGHTS)}
    first = {"batch_size": 6, "epochs": 2, "lr": lr, **common}
    second = {"batch_size": 5, "epochs": 6, "lr": lr / 2, **common}
    return [
        (layers(1, 784, 5, 4), *image_batch(2, [3, 0, 3, 1, 0, 3, 3, 1, 1] * 3), first),
        (layers(3, 784, 6, 4), *image_batch(4, [1, 2, 1, 1, 0, 2, 2] * 2), second),
    ]


@cache
def one_batch_cases() -> list[Case]:
    """Give loops of a single batch, for a single epoch, with a criterion that weighs classes."""
    one = {"epochs": 1, "class_weights": list(CLASS_WEIGHTS)}
    return [
        (weights, images, labels, settings | one | {"batch_size": len(labels)})
        for weights, images, labels, settings in loop_cases()
    ]


@cache
def rising_cases() -> list[Case]:
    """Give loops of a single batch, whose loss falls in the second epoch and rises in the third.

    At such a learning rate rounding grows from step to step, so there are only three.
    """
    return [
        (weights, images, labels, settings | {"batch_size": len(labels), "epochs": 3})
        for weights, images, labels, settings in loop_cases(lr=1.4)
    ]


@cache
def optimizer_cases() -> list[tuple[Tensors, Tensors, Tensors, float]]:
    """Give weights, the gradients of two steps, and a learning rate, twice."""
    return [
        (layers(5, 6, 5, 4), layers(6, 6, 5, 4), layers(7, 6, 5, 4), 0.3),
        (layers(8, 3, 7, 2), layers(9, 3, 7, 2), layers(10, 3, 7, 2), 0.05),
    ]
