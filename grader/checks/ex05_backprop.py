"""Public checks of ex05: run them as often as you like while you write."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from grader.guest.probing import attempt, autograd_off, named_items
from grader.judge.drawing import gradient_bars
from grader.judge.expect import earlier_cause_first, expect_each
from grader.judge.gradient_table import gradient_table
from grader.judge.networks import tensors
from grader.judge.suite import probe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.judge.student import Student

    Named = dict[str, Tensor]


def examples(seed: int, n: int) -> tuple[Tensor, Tensor]:
    """Draw n examples: x (n, 2) and y (n, 3)."""
    x, y = tensors(seed, (n, 2), (n, 3))
    return x, y


def weights() -> list[Tensor]:
    """Draw W1 (2, 4), b1 (4,), W2 (4, 3), b2 (3,), the same ones each time."""
    return tensors(150, (2, 4), (4,), (4, 3), (3,))


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

    def run() -> object:
        with autograd_off():
            return student.backward(x, y, W1, b1, W2, b2)

    with_autograd = partial(student.backward, x, y, W1, b1, W2, b2)
    found = attempt(run, {"gradients-by-autograd": with_autograd})
    return named_items(found, ("dW1", "db1", "dW2", "db2"))


def right_layers(x: Tensor, *weights: Tensor) -> Named:
    """Run the network."""
    W1, b1, W2, b2 = weights
    first = x @ W1 + b1
    return {"L1": first, "S": first.sigmoid(), "L2": first.sigmoid() @ W2 + b2}


def right_loss(output: Tensor, y: Tensor) -> Tensor:
    """Measure the loss."""
    return (output - y).square().sum() / (2 * len(y))


def right_gradients(x: Tensor, y: Tensor, *weights: Tensor) -> Named:
    """Let autograd go back, and order what it finds as the way back does."""
    with torch.enable_grad():
        leaves = [weight.clone().requires_grad_() for weight in weights]
        output = right_layers(x, *leaves)["L2"]
        dW1, db1, dW2, db2 = torch.autograd.grad(right_loss(output, y), leaves)
    return {"dW2": dW2, "db2": db2, "dW1": dW1, "db1": db1}


def scaled(output: float, hidden: float, *case: Tensor) -> Named:
    """Give the gradients with a factor for each of the two layers."""
    factors = {"2": output, "1": hidden}
    return {name: factors[name[-1]] * value for name, value in right_gradients(*case).items()}


BACKWARD_MISTAKES: Mapping[str, Any] = {
    "not-divided-by-n": lambda *case: scaled(len(case[0]), len(case[0]), *case),
    "half-left-out": partial(scaled, 2, 2),
    "error-turned-around": partial(scaled, -1, -1),
    "error-not-averaged-for-hidden": lambda *case: scaled(1, len(case[0]), *case),
    "hidden-averaged-again": lambda *case: scaled(1, 1 / len(case[0]), *case),
}


def test_forward_gives_every_layer(student: Student) -> None:
    """The way forward gives L1, S and L2 as the formulas on the card say."""
    expect_each(
        partial(layers, student),
        [(examples(151, 5)[0], *weights()), (examples(152, 6)[0], *weights())],
        right=right_layers,
        mistakes={
            "sigmoid-left-out": lambda x, W1, b1, W2, b2: {
                "L1": x @ W1 + b1,
                "S": x @ W1 + b1,
                "L2": (x @ W1 + b1) @ W2 + b2,
            },
            "sigmoid-on-the-output": lambda *case: (
                right_layers(*case) | {"L2": right_layers(*case)["L2"].sigmoid()}
            ),
        },
    )


def test_loss_is_half_the_squared_error_of_an_example(student: Student) -> None:
    """The loss is half the squared error, averaged over the examples."""
    expect_each(
        student.loss,
        [(y.flip(0), y) for _, y in (examples(153, 5), examples(154, 4))],
        right=right_loss,
        mistakes={
            "half-left-out": lambda output, y: 2 * right_loss(output, y),
            "not-divided-by-n": lambda output, y: len(y) * right_loss(output, y),
            "divided-by-all-numbers": lambda output, y: right_loss(output, y) / y.shape[1],
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
            mistakes=BACKWARD_MISTAKES,
            explain=gradient_table,
            draw=gradient_bars,
        )
