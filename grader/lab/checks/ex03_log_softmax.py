"""Public checks of ex03: run them as often as you like while you write."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from beside.layers import noted_scores
from beside.repairs import of_size, only_64
from grader.guest.probing import (
    SwappedCriterion,
    attempt,
    network,
    require_module,
)
from grader.suite import expect, expect_each, probability_shares, probe, shares_of_logs
from kit.log_softmax.judging import (
    MISTAKEN_PROBABILITIES,
    is_a_new_model,
    relu_stands_between,
    stays_right_far_apart,
)
from kit.log_softmax.probes import ScaledLoss, criterion_value, scaled
from kit.networks import mixed_pixels

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.suite import Student, StudentModule

    Loss = Callable[[Tensor, Tensor], Tensor]


BATCH = 64  # images, where a check asks for something else than the size of a batch


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

    def run_on(size: int) -> object:
        return model(images[torch.arange(size) % len(images)])

    with noted_scores(model) as seen:
        output = attempt(lambda: model(images), {"fixed-batch-size": lambda: only_64(run_on)})
    return {
        "the output": output,
        "scores": seen[-1] if seen else None,
        "same again": isinstance(output, Tensor) and torch.allclose(output, model(images)),
        "the number of parameters": sum(p.numel() for p in model.parameters()),
    }


class LenientCriterion(nn.Module):
    """A criterion that mends the labels before it looks at them."""

    def __init__(self, mend: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.mend = mend

    def forward(self, log_probabilities: Tensor, labels: Tensor) -> Tensor:
        """Measure the loss with other labels."""
        return scaled(log_probabilities, self.mend(labels))


def remedies(
    student: StudentModule, model: nn.Module, images: Tensor, labels: Tensor
) -> dict[str, Callable[[], object]]:
    """Say with what else `batch_loss` would not have raised."""
    loss, flat = partial(student.batch_loss, model), images.flatten(1)
    unflat = nn.Sequential(nn.Unflatten(0, (len(images), 784)), model)
    mends: dict[str, Callable[[Tensor], Tensor]] = {
        "labels-not-whole-numbers": Tensor.long,
        "labels-as-a-column": lambda column: column.squeeze(1),
        "labels-as-one-hot": lambda rows: rows.argmax(1) if rows.shape[1] > 1 else rows,
    }
    return {
        "criterion-arguments-swapped": lambda: loss(SwappedCriterion(ScaledLoss()), images, labels),
        "images-not-flattened": lambda: loss(ScaledLoss(), flat, labels),
        "batch-flattened-too": lambda: student.batch_loss(unflat, ScaledLoss(), images, labels),
        "fixed-batch-size": lambda: only_64(
            lambda size: loss(ScaledLoss(), *of_size(size, images, labels))
        ),
        **{
            slug: partial(loss, LenientCriterion(mend), images, labels)
            for slug, mend in mends.items()
        },
    }


def ask_for_loss(
    student: StudentModule, model: nn.Module, images: Tensor, labels: Tensor
) -> object:
    """Compute the loss of a batch; where that fails, find out what would have helped."""
    return attempt(
        lambda: student.batch_loss(model, ScaledLoss(), images, labels),
        remedies(student, model, images, labels),
    )


@probe("batch_loss(model, criterion, images, labels)")
def loss_of_batch(student: StudentModule, images: Tensor, labels: Tensor) -> dict[str, object]:
    """Compute the loss of a batch with a small network."""
    model = small_network().to(images.device)
    loss = ask_for_loss(student, model, images, labels)
    graph = isinstance(loss, Tensor) and loss.requires_grad
    loss = torch.tensor(loss) if isinstance(loss, float) else loss
    return {"the loss": loss, "loss.requires_grad": graph}


@probe("batch_loss(model, criterion, images, labels)")
def gradients_left(student: StudentModule, images: Tensor, labels: Tensor) -> dict[str, object]:
    """Compute the loss of a batch, and look whether the parameters have gradients then."""
    model = small_network().to(images.device)
    ask_for_loss(student, model, images, labels)
    return {"has gradients": any(each.grad is not None for each in model.parameters())}


def test_model_gives_ten_log_probabilities_for_each_image(student: Student) -> None:
    """build_model: 109,386 parameters, ten log-probabilities per image."""
    answer = output_and_size(student, random_images(4, 784))
    output = expect(answer["the output"]).tensor(shape=(4, 10), dtype=torch.float32)
    expect(answer["the output"]).satisfies(
        answer["same again"].value is True,
        "the same images get different outputs when the model is called again.",
        "answers-change-by-chance",
    )
    scores = answer["scores"].value
    heads: dict[str, Callable[[Tensor], Tensor]] = {
        "log-softmax-over-batch": partial(torch.log_softmax, dim=0),
        "softmax-without-log": partial(torch.softmax, dim=1),
        "scores-not-log-probabilities": lambda given: given,
        "log-sigmoid-for-each-class": nn.functional.logsigmoid,
    }
    known = isinstance(scores, Tensor) and scores.shape == output.shape
    expect(answer["the output"], draw=shares_of_logs).equals(
        torch.log_softmax(output, 1),
        mistakes={slug: partial(head, scores) for slug, head in heads.items()} if known else {},
    )
    expect(answer["the number of parameters"]).equals(
        109_386,
        mistakes={
            "no-biases": 109_184,
            "hidden-widths-swapped": 59_850,
            "one-hidden-layer-missing": 101_770,
        },
    )


def test_relu_stands_between_the_layers(student: Student) -> None:
    """build_model: ReLU after the first and the second layer, and nowhere else."""
    relu_stands_between(student, random_images(BATCH, 784))


def test_model_stays_finite_for_scores_thousands_apart(student: Student) -> None:
    """build_model: finite and right log-probabilities, even if two scores differ by 1,000."""
    stays_right_far_apart(student, random_images(BATCH, 784))


def test_criterion_is_the_mean_negative_log_likelihood(student: Student) -> None:
    """build_criterion: the mean of -log p(true class) over the batch."""
    log_probabilities = two_answers().log()
    expect_each(
        partial(criterion_value, student),
        [(log_probabilities, torch.tensor([0, 2])), (log_probabilities, torch.tensor([1, 0]))],
        right=F.nll_loss,
        mistakes={
            "loss-summed-over-batch": partial(F.nll_loss, reduction="sum"),
            "loss-of-each-image": partial(F.nll_loss, reduction="none"),
            "minus-sign-missing": lambda given, labels: -F.nll_loss(given, labels),
            "mean-over-all-cells": lambda given, labels: F.nll_loss(given, labels) / 3,
        },
    )


def judged(output: Tensor, labels: Tensor, measure: Loss = scaled) -> dict[str, object]:
    """Say what comes of a network's output."""
    return {"the loss": measure(output.detach(), labels), "loss.requires_grad": True}


def right_loss(images: Tensor, labels: Tensor) -> dict[str, object]:
    """Judge what the small network says of the images."""
    return judged(small_network()(images.flatten(1)), labels)


def test_batch_loss_is_the_loss_of_the_flattened_images(student: Student) -> None:
    """batch_loss: flattens the images; you can call backward() on the result."""

    def changed(change: Callable[[Tensor], Tensor]) -> Callable[[Tensor, Tensor], object]:
        return lambda images, y: judged(change(small_network()(images.flatten(1))), y)

    expect_each(
        partial(loss_of_batch, student),
        [
            (random_images(3, 1, 28, 28), torch.tensor([2, 0, 2])),
            (random_images(4, 1, 28, 28), torch.tensor([1, 2, 1, 0])),
        ],
        right=right_loss,
        mistakes={
            "pixels-of-images-mixed": lambda images, y: judged(
                small_network()(mixed_pixels(images)), y
            ),
            "criterion-on-probabilities": changed(torch.exp),
            "minus-sign-twice": changed(torch.neg),
            "criterion-ignored": lambda images, y: judged(
                small_network()(images.flatten(1)), y, F.nll_loss
            ),
            "mean-taken-twice": changed(lambda output: output / len(output)),
            "loss-without-graph": lambda *batch: right_loss(*batch) | {"loss.requires_grad": False},
        },
    )


def test_probabilities_undo_the_logarithm(student: Student) -> None:
    """probabilities: turns log-probabilities back into probabilities."""
    logs = two_answers().log()
    expect_each(
        student.probabilities,
        [(logs,), (logs.flip(0).double().log_softmax(1),)],
        right=torch.exp,
        mistakes={**MISTAKEN_PROBABILITIES, "power-of-ten": lambda lp: 10**lp},
        draw=probability_shares,
    )


def test_what_they_are_given_stays_as_it_was(student: Student) -> None:
    """build_model, batch_loss, probabilities: a new model at each call, and no input is changed."""
    is_a_new_model(student, random_images(BATCH, 784))
    answer = gradients_left(student, random_images(2, 1, 28, 28), torch.tensor([1, 0]))
    expect(answer).satisfies(
        answer["has gradients"].value is False,
        "the .grad of a parameter is not None after the call.",
        "backward-inside-batch-loss",
    )
    expect(answer).leaves_arguments_alone()
    expect(student.probabilities(two_answers().log())).leaves_arguments_alone()
