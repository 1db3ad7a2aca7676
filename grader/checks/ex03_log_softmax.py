"""Public checks of ex03: run them as often as you like while you write."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from grader.guest.probing import RejectedError, network, require_module
from grader.judge.drawing import probability_shares, shares_of_logs
from grader.judge.expect import expect, expect_each
from grader.judge.suite import probe

if TYPE_CHECKING:
    from grader.guest.submission import StudentModule
    from grader.judge.student import Student


def two_answers() -> Tensor:
    """Return the probabilities of three classes, for two images."""
    return torch.tensor([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]])


def random_images(*shape: int) -> Tensor:
    """Return images of random pixels, the same ones each time."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(3))


def small_network() -> nn.Sequential:
    """Build a network for three classes that stands in for the model."""
    generator = torch.Generator().manual_seed(4)
    shapes = ((4, 784), (4,), (3, 4), (3,))
    return network([0.1 * torch.randn(shape, generator=generator) for shape in shapes])


@probe("build_model()(images)")
def output_and_size(student: StudentModule, images: Tensor) -> dict[str, object]:
    """Run a fresh model, and count the numbers that it can learn."""
    model = require_module(student.build_model(), "build_model()").to(images.device).eval()
    output = model(images)
    return {"output": output, "parameters": sum(p.numel() for p in model.parameters())}


@probe("build_criterion()(log_probabilities, labels)")
def criterion_value(student: StudentModule, log_probabilities: Tensor, labels: Tensor) -> object:
    """Compute the student's criterion on log-probabilities."""
    criterion = student.build_criterion()
    if isinstance(criterion, type):
        raise RejectedError("`build_criterion()` gave back a class.", "class-not-object")
    if not callable(criterion):
        raise RejectedError(f"`build_criterion()` gave back {type(criterion).__name__}.")
    return criterion(log_probabilities, labels)


@probe("batch_loss(model, criterion, images, labels)")
def loss_of_batch(student: StudentModule, images: Tensor, labels: Tensor) -> dict[str, object]:
    """Compute the loss of a batch with a small network."""
    model = small_network().to(images.device)
    loss = student.batch_loss(model, nn.NLLLoss(), images, labels)
    return {"loss": loss, "has a graph": isinstance(loss, Tensor) and loss.requires_grad}


def test_model_gives_ten_log_probabilities_for_each_image(student: Student) -> None:
    """The model has 109,386 numbers to learn and gives ten log-probabilities for each image."""
    answer = output_and_size(student, random_images(4, 784))
    output = expect(answer["output"]).tensor(shape=(4, 10), dtype=torch.float32)
    expect(answer["output"], draw=shares_of_logs).equals(
        torch.log_softmax(output, 1),
        mistakes={
            "log-softmax-over-batch": lambda: torch.log_softmax(output, 0),
            "softmax-without-log": lambda: output / output.sum(1, keepdim=True),
        },
    )
    expect(answer["parameters"]).equals(109_386, mistakes={"no-biases": 109_184})


def test_criterion_is_the_mean_negative_log_likelihood(student: Student) -> None:
    """The criterion takes minus the log-probability of the true class, averaged over the batch."""
    log_probabilities = two_answers().log()
    expect_each(
        partial(criterion_value, student),
        [(log_probabilities, torch.tensor([0, 2])), (log_probabilities, torch.tensor([1, 0]))],
        right=F.nll_loss,
        mistakes={
            "loss-summed-over-batch": partial(F.nll_loss, reduction="sum"),
            "loss-of-each-image": partial(F.nll_loss, reduction="none"),
            "minus-sign-missing": lambda given, labels: -F.nll_loss(given, labels),
        },
    )


def test_batch_loss_is_the_loss_of_the_flattened_images(student: Student) -> None:
    """The loss of a batch comes from the flattened images, and carries its graph."""
    images, labels = random_images(3, 1, 28, 28), torch.tensor([2, 0, 2])
    output = small_network()(images.flatten(1)).detach()
    answer = loss_of_batch(student, images, labels)
    expect(answer["loss"]).equals(
        F.nll_loss(output, labels),
        mistakes={"criterion-on-probabilities": lambda: F.nll_loss(output.exp(), labels)},
    )
    expect(answer["has a graph"]).equals(True, mistakes={"loss-without-graph": False})


def test_probabilities_undo_the_logarithm(student: Student) -> None:
    """Log-probabilities become probabilities again."""
    log_probabilities = two_answers().log()
    expect(student.probabilities(log_probabilities), draw=probability_shares).equals(
        two_answers(),
        mistakes={
            "still-log-probabilities": log_probabilities,
            "softmax-over-batch": log_probabilities.softmax(0),
        },
    )
