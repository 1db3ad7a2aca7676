"""Public checks of ex04: run them as often as you like while you write."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from beside.repairs import sums_differentiated
from beside.updates import noted_passes
from grader.guest.probing import (
    SwappedCriterion,
    attempt,
    network,
    no_grad_ignored,
    parameter_values,
)
from grader.suite import difference, expect, expect_each, probe
from kit.modes import AUTOGRAD, TRAINING, expect_as_before

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.suite import Student, StudentModule

    Loss = Callable[[Tensor, Tensor], Tensor]


def small_network() -> nn.Sequential:
    """Build a network for three classes, with the same weights each time."""
    generator = torch.Generator().manual_seed(5)
    shapes = ((4, 784), (4,), (3, 4), (3,))
    return network([0.1 * torch.randn(shape, generator=generator) for shape in shapes])


def batch(seed: int) -> tuple[Tensor, Tensor]:
    """Return a batch of four images."""
    images = torch.randn(4, 784, generator=torch.Generator().manual_seed(seed))
    return images, torch.tensor([2, 0, 2, 1])


def gradient_of(student: StudentModule, x: Tensor) -> object:
    """Ask for the gradient; where that fails, find out what would have helped."""
    gradient = student.gradient_of_mean_square
    return attempt(
        lambda: gradient(x),
        {
            "x-not-watched": lambda: gradient(x.clone().requires_grad_()),
            "backward-of-many-numbers": lambda: sums_differentiated()(gradient)(x.clone()),
        },
    )


@probe("gradient_of_mean_square(x)")
def gradient_at(student: StudentModule, x: Tensor) -> object:
    """Ask for the gradient."""
    return gradient_of(student, x)


FIRST, SECOND = "the result for the first batch", "the result for the second batch"


@probe("parameter_gradients(model, criterion, images, labels), for two batches,")
def gradients_of_two_batches(
    student: StudentModule, images: Tensor, labels: Tensor, images_2: Tensor, labels_2: Tensor
) -> dict[str, object]:
    """Collect the gradients of one batch and then of another, with the same model.

    `trace` holds a B for each backward pass.
    """
    trace: list[str] = []
    model, criterion = noted_passes(small_network().to(images.device), trace), nn.NLLLoss()

    def collect(criterion: nn.Module) -> object:
        return student.parameter_gradients(model, criterion, images, labels)

    first = attempt(
        lambda: collect(criterion),
        {
            "criterion-arguments-swapped": lambda: collect(SwappedCriterion(criterion)),
            "prediction-under-no-grad": lambda: no_grad_ignored()(collect)(criterion),
        },
    )
    second = student.parameter_gradients(model, criterion, images_2, labels_2)
    values = parameter_values(model)
    return {FIRST: first, SECOND: second, "parameters": values, "trace": "".join(trace)}


@probe("predict_without_tracking(model, images)")
def prediction(student: StudentModule, images: Tensor) -> dict[str, object]:
    """Run a model without tracking, and look at grad mode afterwards."""
    output = student.predict_without_tracking(small_network().to(images.device), images)
    tracked = isinstance(output, Tensor) and output.requires_grad
    return {
        "the output": output,
        "output.requires_grad": tracked,
        "torch.is_grad_enabled() afterwards": torch.is_grad_enabled(),
    }


WATCHED = "x.requires_grad after the call"


@probe("gradient_of_mean_square(x)")
def watched_afterwards(student: StudentModule, x: Tensor) -> dict[str, object]:
    """Ask for the gradient, and look at x afterwards."""
    gradient_of(student, x)
    return {WATCHED: x.requires_grad, "has a gradient": x.grad is not None}


@probe("predict_without_tracking(model, images)")
def modes_afterwards(student: StudentModule, images: Tensor) -> dict[str, object]:
    """Run a model in both modes, with autograd on and off, and look at it afterwards."""
    model = small_network().to(images.device)
    found: dict[str, object] = {}
    for mode in (True, False):
        with torch.set_grad_enabled(mode):
            student.predict_without_tracking(model.train(mode), images)
            found[AUTOGRAD[mode]] = torch.is_grad_enabled()
        found[TRAINING[mode]] = model.training
    return found | {"trainable": all(each.requires_grad for each in model.parameters())}


def reference_gradients(
    images: Tensor, labels: Tensor, loss: Loss = nn.functional.nll_loss
) -> dict[str, Tensor]:
    """Compute the gradients of a loss for the small network."""
    model = small_network()
    names, parameters = zip(*model.named_parameters(), strict=True)
    found = torch.autograd.grad(loss(model(images), labels), parameters)
    return dict(zip(names, found, strict=True))


def mistaken_gradients(images: Tensor, labels: Tensor) -> dict[str, object]:
    """Say what mistakes give for a batch, whatever came before it."""
    right = reference_gradients(images, labels)
    other = partial(reference_gradients, images, labels)
    return {
        "parameters-not-gradients": dict(small_network().named_parameters()),
        "biases-left-out": {name: right[name] for name in right if name.endswith("weight")},
        "mean-taken-twice": {name: value / len(labels) for name, value in right.items()},
        "criterion-left-out": other(lambda output, _: output.mean()),
        "backward-times-loss": other(
            lambda output, y: nn.functional.nll_loss(output, y).square() / 2
        ),
        "criterion-on-probabilities": other(
            lambda output, y: nn.functional.nll_loss(output.exp(), y)
        ),
        "gradient-is-none": dict.fromkeys(right),
    }


def test_gradient_of_mean_square_is_right(student: Student) -> None:
    """gradient_of_mean_square: the right gradient for two shapes of x."""
    rows = torch.tensor([[3.0, 6.0, -9.0], [0.5, 1.5, 12.0]])
    expect_each(
        partial(gradient_at, student),
        [(rows,), (torch.arange(-4.0, 11.0, dtype=torch.float64).reshape(5, 3),)],
        right=lambda x: 2 * x / x.numel(),
        mistakes={
            "sum-not-mean": lambda x: 2 * x,
            "half-of-x": lambda x: x / 2,
            "mean-over-rows-only": lambda x: 2 * x / len(x),
            "mean-squared": lambda x: torch.full_like(x, 2 * x.mean().item() / x.numel()),
            "backward-twice": lambda x: 4 * x / x.numel(),
            "value-not-gradient": lambda x: (x**2).mean(),
            "backward-times-loss": lambda x: 2 * x * x.square().mean() / x.numel(),
            "gradient-is-none": lambda _: None,
        },
    )


def test_parameter_gradients_are_right_for_two_batches(student: Student) -> None:
    """parameter_gradients: right for two batches; the second call keeps the first result."""
    first, second = batch(6), batch(7)
    answer = gradients_of_two_batches(student, *first, *second)
    moved = difference(answer["parameters"].value, parameter_values(small_network()))
    sentence = "the call changed the values of the parameters."
    expect(answer).satisfies(not moved, sentence, "parameters-updated-too")
    one, two = reference_gradients(*first), reference_gradients(*second)
    cleared = {"gradients-cleared-too-late": {name: 0 * value for name, value in two.items()}}
    expect(answer[SECOND]).equals(
        two,
        mistakes={
            **mistaken_gradients(*second),
            **(cleared if "B" in answer["trace"].text else {}),
            "older-gradients-added": {name: one[name] + two[name] for name in one},
        },
    )
    expect(answer[FIRST]).equals(one, mistakes={"gradients-not-copied": two})


def test_prediction_carries_no_graph(student: Student) -> None:
    """predict_without_tracking: the model's output without a graph; grad mode is on again."""
    images, _ = batch(8)
    answer = prediction(student, images)
    output = small_network()(images).detach()
    expect(answer["the output"]).equals(
        output,
        mistakes={
            "classes-not-output": output.argmax(1),
            "probabilities-not-output": output.exp(),
        },
    )
    expect(answer["output.requires_grad"]).equals(False, mistakes={"graph-still-attached": True})
    expect(answer["torch.is_grad_enabled() afterwards"]).equals(
        True, mistakes={"grad-mode-left-off": False}
    )


def test_what_they_are_given_stays_as_it_was(student: Student) -> None:
    """gradient_of_mean_square, parameter_gradients, predict_without_tracking: change no input."""
    answer = watched_afterwards(student, torch.tensor([[0.5, -1.0]]))
    expect(answer[WATCHED]).equals(False, mistakes={"argument-left-watched": True})
    expect(answer).satisfies(
        answer["has a gradient"].value is False,
        "x.grad is not None after the call.",
        "argument-left-watched",
    )
    expect(answer).leaves_arguments_alone()
    expect(gradients_of_two_batches(student, *batch(9), *batch(10))).leaves_arguments_alone()
    answer = modes_afterwards(student, batch(11)[0])
    expect(answer).leaves_arguments_alone()
    expect(answer).satisfies(
        answer["trainable"].value is True,
        "some of the parameters have requires_grad=False after the call.",
        "parameters-frozen",
    )
    expect_as_before(answer, TRAINING, "left-in-evaluation-mode", "left-in-training-mode")
    expect_as_before(answer, AUTOGRAD, "grad-mode-left-off", "grad-mode-switched-on")
