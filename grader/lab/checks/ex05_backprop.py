"""Public checks of ex05: run them as often as you like while you write."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn import functional as F

from grader.guest.probing import attempt, autograd_off, named_items
from grader.suite import earlier_cause_first, expect_each, gradient_bars, probe
from kit.backprop.gradient_table import gradient_table
from kit.backprop.mistaken_slopes import (
    MISTAKEN_GRADIENTS,
    gradients_after,
    right_gradients,
    right_layers,
    right_loss,
)
from kit.networks import tensors

if TYPE_CHECKING:
    from grader.suite import Student


def examples(seed: int, n: int) -> tuple[Tensor, Tensor]:
    """Draw n examples: x (n, 2) and y (n, 3)."""
    x, y = tensors(seed, (n, 2), (n, 3))
    return x, y


def weights() -> list[Tensor]:
    """Draw W1 (2, 4), b1 (4,), W2 (4, 3), b2 (3,), the same ones each time."""
    return tensors(150, (2, 4), (4,), (4, 3), (3,))


def seen_first(n: int) -> Tensor:
    """Draw the x that `forward` is given before `backward` gets its own."""
    return examples(146 + n, n)[0]


@probe("forward(x, W1, b1, W2, b2)")
def layers(
    student: Any, x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> dict[str, object]:
    """Run the network."""
    return named_items(student.forward(x, W1, b1, W2, b2), ("L1", "S", "L2"))


@probe("backward(x, y, W1, b1, W2, b2)")
def gradients(
    student: Any, x: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> dict[str, object]:
    """Go back through the network while autograd is off."""
    given = (x, y, W1, b1, W2, b2)

    def run(*given: Tensor) -> object:
        with autograd_off():
            return student.backward(*given)

    equal = [each[:2, :2] if each.dim() > 1 else each[:2] for each in given]
    found = attempt(
        lambda: run(*given),
        {
            "gradients-by-autograd": lambda: student.backward(*given),
            "needs-equal-sizes": lambda: run(*(each.clone() for each in equal)),
        },
    )
    return named_items(found, ("dW1", "db1", "dW2", "db2"))


def second_layer_on_first(*case: Tensor) -> dict[str, Tensor]:
    """Run a network whose second layer takes L1, while S is right."""
    return right_layers(*case) | {"L2": right_layers(*case, between=unchanged)["L2"]}


def bias_after_sigmoid(*case: Tensor) -> dict[str, Tensor]:
    """Run a network whose hidden layer adds its bias after the sigmoid."""
    x, W1, b1, W2, b2 = case
    return right_layers(x, W1, 0 * b1, W2, b2, between=lambda z: z.sigmoid() + b1)


def biases_times(first: int, second: int, *case: Tensor) -> dict[str, Tensor]:
    """Run a network that adds its biases more than once, or never."""
    x, W1, b1, W2, b2 = case
    return right_layers(x, W1, first * b1, W2, second * b2)


def after_forward_check(*case: Tensor) -> dict[str, Tensor]:
    """Go back through what the check of the way forward has left behind."""
    return gradients_after(seen_first(len(case[0])), *case)


def unchanged(before: Tensor) -> Tensor:
    """Stand where the sigmoid should."""
    return before


def test_forward_gives_every_layer(student: Student) -> None:
    """The way forward gives L1, S and L2 as the formulas on the card say."""
    expect_each(
        partial(layers, student),
        [(seen_first(5), *weights()), (seen_first(6), *weights())],
        right=right_layers,
        mistakes={
            "sigmoid-left-out": partial(right_layers, between=unchanged),
            "relu-not-sigmoid": partial(right_layers, between=torch.relu),
            "tanh-not-sigmoid": partial(right_layers, between=torch.tanh),
            "bias-not-added": partial(biases_times, 0, 0),
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
    """The loss is half the squared error, averaged over the examples."""
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
    """The gradients of all weights and biases are what autograd finds."""
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
