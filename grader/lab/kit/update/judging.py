"""What is right, and what known mistakes give, for the hidden tests."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch

from grader.guest.probing import (
    named_layers,
)
from grader.suite import expect_each
from kit.networks import (
    EQUAL_WEIGHTS,
    gradients_at,
    image_batch,
    layers,
    loss_at,
    mixed_pixels,
    tensors,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.suite import Student

    Tensors = list[torch.Tensor]
    Named = dict[str, torch.Tensor]
    Batch = tuple[torch.Tensor, torch.Tensor]
    UpdateCase = tuple[Tensors, Tensors, float]
    StepCase = tuple[Tensors, torch.Tensor, torch.Tensor, float]
    Slip = Callable[[Tensors, Tensors, float], Named]
    ClearCase = tuple[Tensors, torch.Tensor, torch.Tensor, bool]
from kit.update.checking import GRADIENTS
from kit.update.probes import (
    clear,
    old_gradients,
)

__all__ = [
    "PART_MISTAKES",
    "STEP_MISTAKES",
    "STRIDE_MISTAKES",
    "UPDATED_MISTAKES",
    "both_halves",
    "clear_cases",
    "gradients_after_clearing",
    "gradients_are_cleared",
    "rate_instead",
    "step_cases",
    "stepped",
    "stepped_at",
    "stepped_by_loss_times_gradient",
    "stepped_twice",
    "two_batch_cases",
    "unmoved",
    "update_cases",
    "updated_cases",
    "walked",
]


def update_cases() -> list[UpdateCase]:
    """Give weights and gradients of two networks of three layers, and learning rates."""
    return [
        (layers(1, 6, 5, 4, 3), layers(2, 6, 5, 4, 3), 0.3),
        (layers(3, 3, 7, 2, 5), layers(4, 3, 7, 2, 5), 0.05),
    ]


def step_cases() -> list[StepCase]:
    """Give weights, a batch and a learning rate, twice."""
    return [
        (layers(5, 784, 5, 4), *image_batch(6, [3, 0, 3, 1, 0, 3]), 0.4),
        (layers(7, 784, 6, 4), *image_batch(8, [1, 2, 1, 1]), 0.15),
    ]


def two_batch_cases() -> list[StepCase]:
    """Give weights, two batches as one, and a learning rate, twice."""
    return [
        (layers(9, 784, 5, 4), *image_batch(10, [2, 0, 2, 1, 3, 3, 2, 2]), 0.3),
        (layers(11, 784, 6, 4), *image_batch(12, [0, 1, 0, 3, 3, 1]), 0.1),
    ]


def clear_cases(*, spoiled: bool = False) -> list[ClearCase]:
    """Give weights, two batches as one, and whether one gradient is missing, twice.

    The gradients of the first batch hold NaN if it is spoiled.
    """
    cases = []
    for (weights, images, labels, _), missing in zip(two_batch_cases(), (False, True), strict=True):
        images[0, 0, 3, 3] = float("inf") if spoiled else images[0, 0, 3, 3]
        cases.append((weights, images, labels, missing))
    return cases


def walked(weights: Tensors, gradients: Tensors, lr: float) -> Named:
    """Give the weights after one step of gradient descent."""
    pairs = zip(weights, gradients, strict=True)
    return named_layers([weight - lr * gradient for weight, gradient in pairs])


def without_biases(gradients: Tensors) -> Tensors:
    """Put zeros in the place of the biases' gradients."""
    return [gradient * (gradient.dim() > 1) for gradient in gradients]


def adam_stride(gradients: Tensors) -> Tensors:
    """Give what Adam's first step multiplies with the learning rate: little more than signs."""
    return [gradient / (gradient.abs() + 1e-8) for gradient in gradients]


def unmoved(weights: Tensors, *_: object) -> Named:
    """Give the weights as they were."""
    return named_layers(weights)


def part_only(place: int, weights: Tensors, gradients: Tensors, lr: float) -> Named:
    """Give the weights of a network after a step of one of its parameters."""
    last = place % len(gradients)
    return walked(weights, [slope * (n == last) for n, slope in enumerate(gradients)], lr)


PART_MISTAKES: Mapping[str, Slip] = {
    "first-parameter-only": partial(part_only, 0),
    "last-parameter-only": partial(part_only, -1),
}

STRIDE_MISTAKES: Mapping[str, Slip] = {
    "step-uphill": lambda weights, gradients, lr: walked(weights, gradients, -lr),
    "lr-missing": lambda weights, gradients, _: walked(weights, gradients, 1.0),
    "lr-twice": lambda weights, gradients, lr: walked(weights, gradients, lr * lr),
    "biases-never-move": lambda weights, gradients, lr: walked(
        weights, without_biases(gradients), lr
    ),
    "adam-step": lambda weights, gradients, lr: walked(weights, adam_stride(gradients), lr),
}


def stepped(weights: Tensors, images: torch.Tensor, labels: torch.Tensor, lr: float) -> Named:
    """Give the weights after one training step."""
    return walked(weights, gradients_at(weights, images, labels), lr)


def rate_instead(rate: float, weights: Tensors, gradients: Tensors, _: float) -> Named:
    """Give the weights after a step at a rate of its own."""
    return walked(weights, gradients, rate)


def stepped_at(
    rate: float, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, _: float
) -> Named:
    """Give the weights after a training step at a rate of its own."""
    return stepped(weights, images, labels, rate)


def stepped_by_loss_times_gradient(
    weights: Tensors, images: torch.Tensor, labels: torch.Tensor, lr: float
) -> Named:
    """Give the weights after a training step whose backward pass started from the loss."""
    return stepped(weights, images, labels, lr * loss_at(weights, images, labels).item())


def stepped_wrongly(
    mistake: Slip,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    lr: float,
) -> Named:
    """Give the weights after one training step whose stride is mistaken."""
    return mistake(weights, gradients_at(weights, images, labels), lr)


STEP_MISTAKES: Mapping[str, Callable[..., Named]] = {
    **{slug: partial(stepped_wrongly, stride) for slug, stride in STRIDE_MISTAKES.items()},
    "mean-taken-twice": lambda weights, images, labels, lr: stepped(
        weights, images, labels, lr / len(labels)
    ),
    "two-steps-a-batch": lambda weights, images, labels, lr: stepped(
        weights, images, labels, 2 * lr
    ),
    "pixels-of-images-mixed": lambda weights, images, labels, lr: stepped(
        weights, mixed_pixels(images), labels, lr
    ),
    "criterion-ignored": lambda weights, images, labels, lr: walked(
        weights, gradients_at(weights, images, labels, EQUAL_WEIGHTS), lr
    ),
}


def both_halves(
    step: Callable[..., Named],
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    lr: float,
) -> Named:
    """Give the weights after a step on each half of a batch, none of which sees old gradients."""
    for part, marks in zip(images.chunk(2), labels.chunk(2), strict=True):
        weights = list(step(weights, part, marks, lr).values())
    return named_layers(weights)


def stepped_twice(
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    lr: float,
    *,
    keeps: tuple[float, float],
) -> Named:
    """Give the weights after one training step on each half of a batch.

    `keeps` says how much the gradients that lie there count in the first and in the second step.
    """
    before = old_gradients(weights)
    for kept, part, marks in zip(keeps, images.chunk(2), labels.chunk(2), strict=True):
        fresh = gradients_at(weights, part, marks)
        before = [new + kept * old for new, old in zip(fresh, before, strict=True)]
        weights = list(walked(weights, before, lr).values())
    return named_layers(weights)


def gradients_after_clearing(
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    missing: bool,
    *,
    erased: bool = False,
) -> Named:
    """Give the gradients of the second half of a batch, alone.

    `missing` says that the first half has left no gradient of the last bias, and `erased`, that the
    weights were set to zero in between.
    """
    del missing
    at = [torch.zeros_like(weight) for weight in weights] if erased else weights
    return named_layers(gradients_at(at, images.chunk(2)[1], labels.chunk(2)[1]))


def gradients_of_both(
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    missing: bool,
    *,
    erased: bool = False,
    cleared: int | None = None,
) -> Named:
    """Give the gradients of the second half of a batch on top of those of the first.

    `cleared` is the place of the one parameter whose older gradient was cleared.
    """
    *old, last = gradients_at(weights, images.chunk(2)[0], labels.chunk(2)[0])
    fresh = gradients_after_clearing(weights, images, labels, missing, erased=erased)
    older = [*old, last * (not missing)]
    if cleared is not None:
        older[cleared] = torch.zeros_like(older[cleared])
    pairs = zip(fresh.items(), older, strict=True)
    return {name: new + before for (name, new), before in pairs}


def updated_cases() -> list[tuple[torch.Tensor, torch.Tensor, float]]:
    """Give single weights, gradients and learning rates in both precisions."""
    weight, gradient, bias, slope = tensors(15, (3, 4), (3, 4), (5,), (5,))
    return [(weight, gradient, 0.3), (bias, slope, 0.02), (weight.float(), gradient.float(), 0.7)]


UPDATED_MISTAKES: Mapping[str, Callable[..., torch.Tensor]] = {
    "step-uphill": lambda weight, gradient, lr: weight + lr * gradient,
    "lr-missing": lambda weight, gradient, _: weight - gradient,
    "lr-twice": lambda weight, gradient, lr: weight - lr * lr * gradient,
    "lr-times-everything": lambda weight, gradient, lr: lr * (weight - gradient),
    "stride-instead-of-weight": lambda _, gradient, lr: lr * gradient,
    "gradient-minus-weight": lambda weight, gradient, lr: lr * gradient - weight,
}


def gradients_are_cleared(student: Student) -> None:
    """Expect that a batch has its own gradients after clearing."""
    expect_each(
        lambda *case: clear(student, *case)[GRADIENTS],
        clear_cases(),
        right=gradients_after_clearing,
        mistakes={
            "gradients-not-cleared": gradients_of_both,
            "weights-cleared": partial(gradients_of_both, erased=True),
            "first-parameter-only": partial(gradients_of_both, cleared=0),
        },
    )
