"""Public checks of ex06_manual_update."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from grader.guest.probing import (
    SwappedCriterion,
    attempt,
    gradient_values,
    named_layers,
    network,
    parameter_values,
    set_gradients,
)
from grader.suite import expect, expect_each, probe
from kit.networks import (
    CLASS_WEIGHTS,
    EQUAL_WEIGHTS,
    gradients_at,
    image_batch,
    layers,
    loss_at,
    mixed_pixels,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.suite import Answer, Student

    Tensors = list[torch.Tensor]
    Batch = tuple[torch.Tensor, torch.Tensor]
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
    gradients = gradient_values(model.parameters())
    return {
        "weights": named_layers(parameter_values(model)),
        "gradients": named_layers(gradients),
    }


@probe("training_step(model, criterion, images, labels, lr), called twice,")
def two_steps(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, lr: float
) -> object:
    """Take a step on each half of a batch; give the weights and the losses.

    `trace` holds a B for each backward pass and ends with a g if gradients are there at the end.
    """
    criterion = nn.NLLLoss(weight=weights[0].new_tensor(CLASS_WEIGHTS))
    trace: list[str] = []

    def run(parts: Sequence[Batch], criterion: nn.Module = criterion) -> tuple[nn.Module, object]:
        model = network(weights)
        *_, last = model.parameters()
        last.register_post_accumulate_grad_hook(lambda _: trace.append("B"))
        return model, [student.training_step(model, criterion, *part, lr) for part in parts]

    halves = halves_of(images, labels)
    many = torch.arange(64) % len(labels)
    model, losses = attempt(
        lambda: run(halves),
        {
            "images-not-flattened": lambda: run(halves_of(images.flatten(start_dim=1), labels)),
            "criterion-arguments-swapped": lambda: run(halves, SwappedCriterion(criterion)),
            "fixed-batch-size": lambda: run([(images[many], labels[many])]),
        },
    )
    trace += ["g"] * any(bool(slope.any()) for slope in gradient_values(model.parameters()))
    moved = named_layers(parameter_values(model))
    return {"weights": moved, "losses": losses, "trace": "".join(trace)}


def why_unmoved(answer: Answer) -> str:
    """Name the mistake behind weights that both steps left as they were."""
    trace = answer["trace"].text
    if "B" not in trace:
        return "backward-never-called"
    return "step-not-taken" if trace.endswith("g") else "gradients-gone-before-the-step"


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
) -> list[Tensors]:
    """Give the weights before, between and after the steps; `kept` is how much old slopes count."""
    places = [batch_of_two_halves()[0]]
    total = [torch.zeros_like(weight) for weight in places[0]]
    for part in parts:
        fresh = gradients_at(places[-1], *part, class_weights)
        total = [new + kept * old for new, old in zip(fresh, total, strict=True)]
        places.append(list(walked(places[-1], total, lr).values()))
    return places


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
            "lr-twice": lambda weight, gradient, lr: weight - lr**2 * gradient,
            "lr-times-everything": lambda weight, gradient, lr: lr * (weight - gradient),
            "stride-instead-of-weight": lambda _, gradient, lr: lr * gradient,
            "gradient-minus-weight": lambda weight, gradient, lr: lr * gradient - weight,
            "update-not-stored": lambda weight, *_: weight,
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
            "lr-missing": lambda weights, gradients, _: walked(weights, gradients, 1.0),
            "lr-twice": lambda weights, gradients, lr: walked(weights, gradients, lr**2),
            "adam-step": lambda weights, gradients, lr: walked(
                weights, [gradient.sign() for gradient in gradients], lr
            ),
            "update-not-stored": lambda weights, *_: named_layers(weights),
            "biases-never-move": lambda weights, gradients, lr: walked(
                weights, [gradient * (gradient.dim() > 1) for gradient in gradients], lr
            ),
        },
    )


def test_every_gradient_is_cleared(student: Student) -> None:
    """After clearing, each gradient is None or zeros."""
    weights, gradients = float32(layers(100, 4, 3, 2)), float32(layers(101, 4, 3, 2))
    kept, old = named_layers(weights), named_layers(gradients)
    zeros = {name: torch.zeros_like(weight) for name, weight in kept.items()}
    expect(clear(student, weights, gradients)).equals(
        {"weights": kept, "gradients": zeros},
        mistakes={
            "gradients-not-cleared": {"weights": kept, "gradients": old},
            "weights-cleared": {"weights": zeros, "gradients": old},
        },
    )


def test_two_training_steps_walk_by_their_own_batches(student: Student) -> None:
    """Each of two training steps moves the weights by the gradient of its own batch."""
    weights, images, labels, lr = batch_of_two_halves()
    halves = halves_of(images, labels)
    answer = two_steps(student, weights, images, labels, lr)

    def after(*given: Any, **changed: Any) -> Callable[[], Named]:
        return lambda: named_layers(trail(*given, **changed)[-1])

    mixed = [(mixed_pixels(pixels), marks) for pixels, marks in halves]
    expect(answer["weights"]).equals(
        after(halves, lr)(),
        mistakes={
            "gradients-add-up": after(halves, lr, kept=1.0),
            "step-uphill": after(halves, -lr),
            "two-steps-a-batch": after(halves, 2 * lr),
            "mean-taken-twice": after(halves, lr / len(halves[0][1])),
            "pixels-of-images-mixed": after(mixed, lr),
            "criterion-ignored": after(halves, lr, class_weights=EQUAL_WEIGHTS),
            why_unmoved(answer): named_layers(weights),
        },
    )


def test_a_training_step_gives_its_loss(student: Student) -> None:
    """Each training step gives the loss before its update, as a Python float."""
    weights, images, labels, lr = batch_of_two_halves()
    halves = halves_of(images, labels)
    start, between, end = trail(halves, lr)

    def losses(*places: Tensors, weighing: Sequence[float] = CLASS_WEIGHTS) -> Tensors:
        pairs = zip(places, halves, strict=True)
        return [loss_at(place, *half, weighing) for place, half in pairs]

    right = losses(start, between)
    _, other, _ = trail(halves, lr, class_weights=EQUAL_WEIGHTS)
    ignored = losses(start, other, weighing=EQUAL_WEIGHTS)
    expect(two_steps(student, weights, images, labels, lr)["losses"]).equals(
        [loss.item() for loss in right],
        mistakes={
            "loss-after-the-step": [loss.item() for loss in losses(between, end)],
            "loss-is-a-tensor": right,
            "criterion-ignored": [loss.item() for loss in ignored],
            "nothing-returned": [None, None],
        },
    )
