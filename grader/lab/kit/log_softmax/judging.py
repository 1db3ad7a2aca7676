"""What is required of the network of ex03, whose weights are known."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

from grader.suite import F32_FAR_APART, difference, expect, expect_beside
from kit.classifier import HEADS, Classifier, by_class, unchanged
from kit.log_softmax.probes import model_output, output_beside_another
from kit.lost import held_back, stays_finite

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from grader.suite import Answer, Student

    Step = Callable[[Tensor], Tensor]

__all__ = [
    "MISTAKEN_PROBABILITIES",
    "is_a_new_model",
    "output_of",
    "relu_stands_between",
    "stays_right_far_apart",
]

SHARP = 1000.0  # times the last layer's weights: scores lie thousands apart
OTHER = 2.0  # times the last layer's weights in another model


MISTAKEN_PROBABILITIES: dict[str, Step] = {
    "still-log-probabilities": lambda lp: lp,
    "softmax-over-batch": lambda lp: lp.softmax(0),
    "shares-of-the-whole-batch": lambda lp: lp.exp() / lp.exp().sum(),
    "sigmoid-not-exp": torch.sigmoid,
    "minus-before-exp": lambda lp: (-lp).exp(),
    "power-of-two": torch.exp2,
    "shares-of-the-logs": lambda lp: lp / lp.sum(1, keepdim=True),
    "divided-by-sum-of-logs": lambda lp: lp.exp() / lp.sum(1, keepdim=True),
}


def output_of(student: Student, images: Tensor, sharpness: float = 1.0) -> tuple[Answer, Answer]:
    """Return what the student's model gives for images, and the shapes that it has."""
    answer = model_output(student, images, sharpness)
    return answer["the output"], answer["shapes"]


def centred(output: Tensor) -> Tensor:
    """Remove the mean of each row and column: a log-softmax over either adds only such."""
    return output - output.mean(0) - output.mean(1, keepdim=True) + output.mean()


def centred_by(network: Classifier) -> Step:
    """Return what computes a network's centred output."""
    return lambda images: centred(network(images))


def is_a_new_model(student: Student, images: Tensor) -> None:
    """Require that another call of `build_model` leaves a model as it is."""
    answer = output_beside_another(student, images, OTHER)
    expect_beside(
        lambda _: answer,
        [(images,)],
        right=Classifier(),
        past=Classifier().others(heads=[by_class, *HEADS.values()]),
        mistakes={"same-model-again": Classifier(sharpness=OTHER)},
    )


def relu_stands_between(student: Student, images: Tensor) -> None:
    """Require a ReLU after the first and the second layer, and nowhere else."""
    output, shapes = output_of(student, images)
    numbers = expect(output).tensor((len(images), 10), torch.float32)
    found = Classifier().with_layers_of(shapes.value)
    network = found if len(found.layers) == len(Classifier().layers) else Classifier()

    def with_steps(first: Step = torch.relu, later: Step = torch.relu) -> Step:
        return centred_by(replace(network, first=first, later=later))

    expect_beside(
        lambda _: replace(output, value=centred(numbers)),
        [(images,)],
        right=with_steps(),
        past={"without a log": centred_by(replace(network, head=HEADS["softmax-without-log"]))},
        mistakes={
            "no-relu-between": with_steps(first=unchanged, later=unchanged),
            "no-relu-after-the-first-layer": with_steps(first=unchanged),
            "no-relu-after-the-second-layer": with_steps(later=unchanged),
            "sigmoid-not-relu": with_steps(first=torch.sigmoid, later=torch.sigmoid),
            "tanh-not-relu": with_steps(first=torch.tanh, later=torch.tanh),
            "leaky-relu-not-relu": with_steps(first=F.leaky_relu, later=F.leaky_relu),
            "relu-on-the-scores": centred_by(replace(network, head=HEADS["relu-on-the-scores"])),
        },
    )


def stays_right_far_apart(student: Student, images: Tensor) -> None:
    """Require log-probabilities that are finite and right where scores lie 1,000 apart."""
    output, shapes = output_of(student, images, SHARP)
    plain = Classifier().with_layers_of(shapes.value)

    def right_where_scores_are_near() -> bool:
        near, _ = output_of(student, images)
        ways = [plain, *plain.others().values()]
        return any(difference(near.value, way(images)) is None for way in ways)

    stays_finite(output, "log-of-softmax", right_where_scores_are_near)
    numbers = expect(output).tensor(shape=(len(images), 10))
    lowest, right = numbers.min().item(), replace(plain, sharpness=SHARP)
    past = right.others() | {"on top": replace(right, head=HEADS["relu-on-the-scores"])}
    with_a_bit = replace(
        right,
        head=partial(held_back, right_where_scores_are_near, lowest, numbers),
    )
    expect_beside(
        lambda _: output,
        [(images,)],
        right,
        past,
        mistakes={"log-of-softmax-plus-a-bit": with_a_bit},
        tolerance=F32_FAR_APART,
        explain=lambda *_: "Scores thousands apart give log-probabilities below -1,000.",
    )
