"""Public checks of ex06_manual_update."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from grader.guest.probing import (
    attempt,
    gradient_values,
    named_layers,
    network,
    parameter_values,
    set_gradients,
)
from grader.judge.expect import expect, expect_each
from grader.judge.networks import (
    CLASS_WEIGHTS,
    EQUAL_WEIGHTS,
    gradients_at,
    image_batch,
    layers,
    loss_at,
)
from grader.judge.suite import probe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.judge.student import Student

    Tensors = list[torch.Tensor]
    Named = dict[str, torch.Tensor]


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
def clear(student: Any, weights: Tensors, gradients: Tensors) -> object:
    """Clear the gradients of a network; give them, zeros for None."""
    model = network(weights)
    set_gradients(model, gradients)
    student.clear_gradients(model)
    return named_layers(gradient_values(model.parameters()))


@probe("training_step(model, criterion, images, labels, lr), called twice,")
def two_steps(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, lr: float
) -> object:
    """Take a step on each half of a batch; give the weights and the losses."""
    model = network(weights)
    halves = zip(images.chunk(2), labels.chunk(2), strict=True)
    criterion = nn.NLLLoss(weight=weights[0].new_tensor(CLASS_WEIGHTS))
    losses = [student.training_step(model, criterion, *half, lr) for half in halves]
    return {"weights": named_layers(parameter_values(model)), "losses": losses}


def batch_of_two_halves() -> tuple[Tensors, torch.Tensor, torch.Tensor, float]:
    """Give weights, images, labels and a learning rate."""
    images, labels = image_batch(105, [1, 0, 1, 3, 2, 2])
    return float32(layers(104, 784, 8, 4)), images.float(), labels, 0.2


def stepped(
    weights: Tensors, images: torch.Tensor, labels: torch.Tensor, lr: float, kept: float = 0.0
) -> Named:
    """Give the weights after a step on each half; `kept` is how much old gradients count."""
    first, second = zip(images.chunk(2), labels.chunk(2), strict=True)
    old = gradients_at(weights, *first)
    weights = list(walked(weights, old, lr).values())
    new = gradients_at(weights, *second)
    total = [after + kept * before for after, before in zip(new, old, strict=True)]
    return walked(weights, total, lr)


def test_updated_takes_a_step_against_the_gradient(student: Student) -> None:
    """The new weight is the old one minus the learning rate times the gradient."""
    expect_each(
        student.updated,
        [
            (torch.tensor([1.0, -2.0, 0.5]), torch.tensor([0.5, 0.25, 0.0]), 0.1),
            (torch.tensor([[2.0, -1.0]]), torch.tensor([[-3.0, 4.0]]), 0.5),
        ],
        right=lambda weight, gradient, lr: weight - lr * gradient,
        mistakes={
            "step-uphill": lambda weight, gradient, lr: weight + lr * gradient,
            "lr-missing": lambda weight, gradient, _: weight - gradient,
            "lr-times-everything": lambda weight, gradient, lr: lr * (weight - gradient),
        },
    )


def test_every_weight_and_bias_takes_the_step(student: Student) -> None:
    """One update moves every weight and bias of the model."""
    expect_each(
        partial(update, student),
        [
            (float32(layers(100, 4, 3, 2)), float32(layers(101, 4, 3, 2)), 0.1),
            (float32(layers(102, 2, 5, 3)), float32(layers(103, 2, 5, 3)), 0.5),
        ],
        right=walked,
        mistakes={
            "step-uphill": lambda weights, gradients, lr: walked(weights, gradients, -lr),
            "update-not-stored": lambda weights, *_: named_layers(weights),
            "biases-never-move": lambda weights, gradients, lr: walked(
                weights, [gradient * (gradient.dim() > 1) for gradient in gradients], lr
            ),
        },
    )


def test_every_gradient_is_cleared(student: Student) -> None:
    """After clearing, each gradient is None or zeros."""
    weights, gradients = float32(layers(100, 4, 3, 2)), float32(layers(101, 4, 3, 2))
    expect(clear(student, weights, gradients)).equals(
        named_layers([torch.zeros_like(gradient) for gradient in gradients]),
        mistakes={"gradients-not-cleared": named_layers(gradients)},
    )


def test_two_training_steps_walk_by_their_own_batches(student: Student) -> None:
    """Each of two training steps moves the weights by the gradient of its own batch."""
    case = batch_of_two_halves()
    expect(two_steps(student, *case)["weights"]).equals(
        stepped(*case),
        mistakes={
            "gradients-add-up": lambda: stepped(*case, kept=1.0),
            "step-uphill": lambda: stepped(*case[:3], -case[3]),
        },
    )


def test_a_training_step_gives_its_loss(student: Student) -> None:
    """A training step gives the loss before its update, as a Python float."""
    weights, images, labels, lr = batch_of_two_halves()
    first = (weights, images.chunk(2)[0], labels.chunk(2)[0])
    expect(two_steps(student, weights, images, labels, lr)["losses"][0]).equals(
        loss_at(*first).item(),
        mistakes={
            "loss-is-a-tensor": loss_at(*first),
            "nothing-returned": None,
            "criterion-ignored": loss_at(*first, EQUAL_WEIGHTS).item(),
        },
    )
