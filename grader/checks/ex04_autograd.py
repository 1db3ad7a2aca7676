"""Public checks of ex04: run them as often as you like while you write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from grader.guest.probing import network
from grader.judge.expect import expect, expect_each
from grader.judge.suite import probe

if TYPE_CHECKING:
    from grader.guest.submission import StudentModule
    from grader.judge.student import Student


def small_network() -> nn.Sequential:
    """Build a network for three classes, with the same weights each time."""
    generator = torch.Generator().manual_seed(5)
    shapes = ((4, 784), (4,), (3, 4), (3,))
    return network([0.1 * torch.randn(shape, generator=generator) for shape in shapes])


def batch(seed: int) -> tuple[Tensor, Tensor]:
    """Return a batch of four images."""
    images = torch.randn(4, 784, generator=torch.Generator().manual_seed(seed))
    return images, torch.tensor([2, 0, 2, 1])


@probe("parameter_gradients(model, criterion, images, labels)")
def gradients_of_two_batches(
    student: StudentModule, images: Tensor, labels: Tensor, later: Tensor, later_labels: Tensor
) -> dict[str, object]:
    """Collect the gradients of one batch and then of another, with the same model."""
    model = small_network().to(images.device)
    first = student.parameter_gradients(model, nn.NLLLoss(), images, labels)
    second = student.parameter_gradients(model, nn.NLLLoss(), later, later_labels)
    return {"first": first, "second": second}


@probe("predict_without_tracking(model, images)")
def prediction(student: StudentModule, images: Tensor) -> dict[str, object]:
    """Run a model without tracking, and look at grad mode afterwards."""
    output = student.predict_without_tracking(small_network().to(images.device), images)
    tracked = isinstance(output, Tensor) and output.requires_grad
    return {"output": output, "tracked": tracked, "grad mode": torch.is_grad_enabled()}


def reference_gradients(images: Tensor, labels: Tensor) -> dict[str, Tensor]:
    """Compute the gradients of the mean loss for the small network."""
    model = small_network()
    names, parameters = zip(*model.named_parameters(), strict=True)
    loss = nn.functional.nll_loss(model(images), labels)
    return dict(zip(names, torch.autograd.grad(loss, parameters), strict=True))


def test_gradient_of_mean_square_is_right(student: Student) -> None:
    """The gradient of the mean of the squares is right for two shapes of x."""
    expect_each(
        student.gradient_of_mean_square,
        [(torch.tensor([[3.0, 6.0, -9.0], [0.5, 1.5, 12.0]]),), (torch.tensor([1.0, -4.0, 2.5]),)],
        right=lambda x: 2 * x / x.numel(),
        mistakes={
            "sum-not-mean": lambda x: 2 * x,
            "half-of-x": lambda x: x / 2,
            "value-not-gradient": lambda x: (x**2).mean(),
            "gradient-is-none": lambda _: None,
        },
    )


def test_parameter_gradients_are_right_for_two_batches(student: Student) -> None:
    """The gradients of two batches are right, and the first ones stay what they were."""
    first, second = batch(6), batch(7)
    answer = gradients_of_two_batches(student, *first, *second)
    one, two = reference_gradients(*first), reference_gradients(*second)
    expect(answer["second"]).equals(
        two, mistakes={"older-gradients-added": {name: one[name] + two[name] for name in one}}
    )
    expect(answer["first"]).equals(one, mistakes={"gradients-not-copied": two})


def test_prediction_carries_no_graph(student: Student) -> None:
    """The prediction is what the model gives, without a graph, and grad mode is on again."""
    images, _ = batch(8)
    answer = prediction(student, images)
    expect(answer["output"]).equals(small_network()(images).detach())
    expect(answer["tracked"]).equals(False, mistakes={"graph-still-attached": True})
    expect(answer["grad mode"]).equals(True, mistakes={"grad-mode-left-off": False})
