"""What the hidden tests ask a submission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from beside.forward_fits import products_fitted, require_forward_fits
from grader.guest.probing import attempt, autograd_off, lent, named_items
from grader.suite import (
    probe,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Way = Callable[..., object]

__all__ = [
    "GRADIENTS",
    "HIDDEN_LAYER",
    "LAYERS",
    "gradients_on_right_forward",
    "hidden_layer",
    "layers",
    "own_gradients",
    "own_gradients_after_another_forward",
]

LAYERS = ("L1", "S", "L2")

HIDDEN_LAYER = ("L1", "S")

GRADIENTS = ("dW1", "db1", "dW2", "db2")


@probe("forward(x, W1, b1, W2, b2)")
def layers(
    student: Any, x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> dict[str, object]:
    """Run the network."""
    return named_items(student.forward(x, W1, b1, W2, b2), LAYERS)


@probe("forward(x, W1, b1, W2, b2)")
def hidden_layer(
    student: Any, x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> dict[str, object]:
    """Run the network, and give what the hidden layer holds."""
    found = named_items(student.forward(x, W1, b1, W2, b2), LAYERS)
    return {name: found[name] for name in HIDDEN_LAYER}


def gradients_by_hand(student: Any, case: tuple[Tensor, ...]) -> dict[str, object]:
    """Go back through the network while autograd is off; where that fails, find out why."""

    def run(*given: Tensor) -> object:
        with autograd_off():
            return student.backward(*given)

    def run_with_products_fitted() -> object:
        x, _, *weights = case
        require_forward_fits(student, x, *weights)
        with products_fitted():
            return run(*(each.clone() for each in case))

    answer = attempt(
        lambda: run(*case),
        {
            "gradients-by-autograd": lambda: student.backward(*(each.clone() for each in case)),
            "needs-equal-sizes": run_with_products_fitted,
        },
    )
    return named_items(answer, GRADIENTS)


@probe("backward(x, y, W1, b1, W2, b2)")
def own_gradients(
    student: Any, x: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> dict[str, object]:
    """Go back through the network."""
    return gradients_by_hand(student, (x, y, W1, b1, W2, b2))


@probe("backward(x, y, W1, b1, W2, b2), after forward of other examples")
def own_gradients_after_another_forward(
    student: Any, x: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> dict[str, object]:
    """Run the network on other examples, then go back for these."""
    student.forward(x.flip(0), W1, b1, W2, b2)
    return gradients_by_hand(student, (x, y, W1, b1, W2, b2))


def lecture_forward(
    x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Run the network as the exercise's formulas say."""
    before = x @ W1 + b1
    hidden = torch.sigmoid(before)
    return before, hidden, hidden @ W2 + b2


@probe("backward(x, y, W1, b1, W2, b2), with a right `forward` instead of yours,")
def gradients_on_right_forward(
    student: Any, x: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> dict[str, object]:
    """Go back through a network whose way forward is right."""
    with lent(student, "forward", lecture_forward):
        return gradients_by_hand(student, (x, y, W1, b1, W2, b2))
