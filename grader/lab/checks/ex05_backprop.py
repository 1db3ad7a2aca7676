"""Public checks of ex05: run them as often as you like while you write."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

from grader.suite import earlier_cause_first, expect_each, gradient_bars
from kit.backprop.gradient_table import gradient_table
from kit.backprop.mistaken_slopes import (
    MISTAKEN_GRADIENTS,
    right_gradients,
    right_layers,
    right_loss,
)
from kit.kept import keeps_its_arguments

if TYPE_CHECKING:
    from grader.suite import Student
from kit.backprop.checking import (
    after_forward_check,
    bias_after_sigmoid,
    biases_times,
    examples,
    gradients,
    layers,
    second_layer_on_first,
    seen_first,
    unchanged,
    weights,
)


def test_forward_gives_every_layer(student: Student) -> None:
    """forward: L1, S and L2 are as in the formulas."""
    expect_each(
        partial(layers, student),
        [(seen_first(5), *weights()), (seen_first(6), *weights())],
        right=right_layers,
        mistakes={
            "sigmoid-left-out": partial(right_layers, between=unchanged),
            "relu-not-sigmoid": partial(right_layers, between=torch.relu),
            "tanh-not-sigmoid": partial(right_layers, between=torch.tanh),
            "bias-not-added": partial(biases_times, 0, 0),
            "second-bias-not-added": partial(biases_times, 1, 0),
            "l1-holds-s": lambda *case: right_layers(*case) | {"L1": right_layers(*case)["S"]},
            "bias-for-each-input": partial(biases_times, 2, 4),  # as many as x and S have columns
            "bias-after-the-sigmoid": bias_after_sigmoid,
            "l2-made-from-l1": second_layer_on_first,
            "sigmoid-on-the-output": lambda *case: (
                right_layers(*case) | {"L2": right_layers(*case)["L2"].sigmoid()}
            ),
            "forward-in-reverse-order": lambda *case: dict(
                zip(("L1", "S", "L2"), reversed(right_layers(*case).values()), strict=True)
            ),
        },
    )


def test_loss_is_half_the_squared_error_of_an_example(student: Student) -> None:
    """loss: half the squared error of an example, averaged over the examples."""
    expect_each(
        student.loss,
        [(1.5 * y.flip(0), y) for _, y in (examples(153, 5), examples(154, 4))],
        right=right_loss,
        mistakes={
            "half-left-out": lambda output, y: 2 * right_loss(output, y),
            "not-divided-by-n": lambda output, y: len(y) * right_loss(output, y),
            "divided-by-all-numbers": lambda output, y: right_loss(output, y) / y.shape[1],
            "absolute-errors": lambda output, y: (
                F.l1_loss(output, y, reduction="sum") / (2 * len(y))
            ),
            "errors-not-squared": lambda output, y: (output.sum() - y.sum()) / (2 * len(y)),
            "root-of-the-loss": lambda output, y: right_loss(output, y).sqrt(),
            "squared-after-the-sum": lambda output, y: (
                (output.sum() - y.sum()).square() / (2 * len(y))
            ),
            "loss-of-each-example": lambda output, y: (
                F.mse_loss(output, y, reduction="none").sum(1) / 2
            ),
        },
    )


def test_backward_gives_all_four_gradients(student: Student) -> None:
    """backward: all four gradients are those that autograd computes."""
    given = [(*examples(155, 5), *weights()), (*examples(156, 6), *weights())]
    with earlier_cause_first(partial(test_forward_gives_every_layer, student)):
        expect_each(
            partial(gradients, student),
            given,
            right=right_gradients,
            mistakes={**MISTAKEN_GRADIENTS, "older-forward-used": after_forward_check},
            explain=gradient_table,
            draw=gradient_bars,
        )


def test_what_they_are_given_stays_as_it_was(student: Student) -> None:
    """forward, loss, backward: do not modify their arguments."""
    (x, y), given = examples(157, 5), weights()
    keeps_its_arguments(layers(student, x, *given), right_layers(x, *given))
    keeps_its_arguments(student.loss(1.5 * y, y), right_loss(1.5 * y, y))
    keeps_its_arguments(gradients(student, x, y, *given), right_gradients(x, y, *given))
