"""What the public checks ask, and what is right and mistaken in what they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from beside.repairs import of_size, only_64
from beside.updates import noted_passes, noted_updates
from grader.guest.probing import (
    SwappedCriterion,
    attempt,
    gradient_values,
    named_layers,
    network,
    parameter_values,
    set_gradients,
)
from grader.suite import probe
from kit.networks import (
    CLASS_WEIGHTS,
    gradients_at,
    image_batch,
    layers,
    loss_at,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    Tensors = list[torch.Tensor]
    Batch = tuple[torch.Tensor, torch.Tensor]
    Named = dict[str, torch.Tensor]

__all__ = [
    "GRADIENTS",
    "LOSSES",
    "PARAMETERS",
    "batch_of_two_halves",
    "clear",
    "float32",
    "halves_of",
    "trail",
    "two_steps",
    "update",
    "walked",
]

PARAMETERS, GRADIENTS = "the parameters afterwards", "the gradients afterwards"

LOSSES = ("the loss that the first call returns", "the loss that the second call returns")


def float32(tensors: Sequence[torch.Tensor]) -> Tensors:
    """Make single precision of float64 tensors."""
    return [tensor.float() for tensor in tensors]


def walked(weights: Tensors, gradients: Tensors, lr: float) -> Named:
    """Give the weights after one step of gradient descent."""
    pairs = zip(weights, gradients, strict=True)
    return named_layers([weight - lr * gradient for weight, gradient in pairs])


@probe("update_parameters(model, lr)")
def update(student: Any, weights: Tensors, gradients: Tensors, lr: float) -> object:
    """Update a network of two layers; give its weights."""

    def run(model: nn.Module) -> None:
        set_gradients(model, gradients)
        student.update_parameters(model, lr)

    model = network(weights)
    attempt(
        lambda: run(model),
        {"update-outside-no-grad": lambda: torch.no_grad()(run)(network(weights))},
    )
    return named_layers(parameter_values(model))


@probe("clear_gradients(model)")
def clear(student: Any, weights: Tensors, gradients: list[torch.Tensor | None]) -> object:
    """Clear the gradients of a network; give them, zeros for None."""

    def run(slopes: Sequence[torch.Tensor | None] = gradients) -> nn.Module:
        model = network(weights)
        set_gradients(model, slopes)
        student.clear_gradients(model)
        return model

    filled = [
        torch.zeros_like(weight) if slope is None else slope
        for weight, slope in zip(weights, gradients, strict=True)
    ]
    model = attempt(run, {"missing-gradient-not-skipped": lambda: run(filled)})
    return {
        PARAMETERS: named_layers(parameter_values(model)),
        GRADIENTS: named_layers(gradient_values(model.parameters())),
    }


@probe("training_step(model, criterion, images, labels, lr), called twice,")
def two_steps(
    student: Any,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    lr: float,
    old: Sequence[torch.Tensor] | None = None,
) -> object:
    """Take a step on each half of a batch; give the weights and the losses.

    `old` are gradients that the model holds before, if there are any.
    `trace` holds a B for each backward pass, a U for each update that finds a gradient and a u for
    one that finds none, and ends with a g if gradients are there at the end.
    """
    criterion = nn.NLLLoss(weight=weights[0].new_tensor(CLASS_WEIGHTS))
    trace: list[str] = []

    def run(
        parts: Sequence[Batch], criterion: nn.Module = criterion
    ) -> tuple[nn.Module, list[object]]:
        model = noted_passes(network(weights), trace)
        set_gradients(model, old or [None] * len(weights))
        with noted_updates(student, trace):
            return model, [student.training_step(model, criterion, *part, lr) for part in parts]

    halves = halves_of(images, labels)
    model, losses = attempt(
        lambda: run(halves),
        {
            "images-not-flattened": lambda: run(halves_of(images.flatten(start_dim=1), labels)),
            "criterion-arguments-swapped": lambda: run(halves, SwappedCriterion(criterion)),
            "fixed-batch-size": lambda: only_64(
                lambda size: run([of_size(size, *half) for half in halves])
            ),
        },
    )
    trace += ["g"] * any(bool(slope.any()) for slope in gradient_values(model.parameters()))
    moved = named_layers(parameter_values(model))
    returned = dict(zip(LOSSES, losses, strict=True))
    return {PARAMETERS: moved, "trace": "".join(trace), **returned}


def batch_of_two_halves() -> tuple[Tensors, torch.Tensor, torch.Tensor, float]:
    """Give weights, images, labels and a learning rate."""
    images, labels = image_batch(105, [1, 0, 1, 3, 2, 2])
    return float32(layers(104, 784, 8, 4)), images.float(), labels, 0.2


def halves_of(images: torch.Tensor, labels: torch.Tensor) -> list[Batch]:
    """Give both halves of a batch."""
    return list(zip(images.chunk(2), labels.chunk(2), strict=True))


def trail(
    parts: Sequence[Batch],
    lr: float,
    kept: float = 0.0,
    class_weights: Sequence[float] = CLASS_WEIGHTS,
    from_the_loss: bool = False,
) -> list[Tensors]:
    """Give the weights before, between and after the steps.

    `kept` is how much old slopes count; `from_the_loss`, whether a backward pass starts from the
    loss and not from 1.
    """
    places = [batch_of_two_halves()[0]]
    total = [torch.zeros_like(weight) for weight in places[0]]
    for part in parts:
        start = loss_at(places[-1], *part, class_weights).item() if from_the_loss else 1.0
        fresh = [start * slope for slope in gradients_at(places[-1], *part, class_weights)]
        total = [new + kept * old for new, old in zip(fresh, total, strict=True)]
        places.append(list(walked(places[-1], total, lr).values()))
    return places
