"""What the public checks ask, and what is right and mistaken in what they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from beside.forward_fits import products_fitted, require_forward_fits
from grader.guest.probing import attempt, autograd_off, named_items
from grader.suite import probe
from kit.backprop.mistaken_slopes import (
    gradients_after,
    right_layers,
)
from kit.networks import tensors

if TYPE_CHECKING:
    from torch import Tensor

__all__ = [
    "after_forward_check",
    "bias_after_sigmoid",
    "biases_times",
    "examples",
    "gradients",
    "layers",
    "second_layer_on_first",
    "seen_first",
    "unchanged",
    "weights",
]


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

    def run_with_products_fitted() -> object:
        require_forward_fits(student, x, W1, b1, W2, b2)
        with products_fitted():
            return run(*(each.clone() for each in given))

    found = attempt(
        lambda: run(*given),
        {
            "gradients-by-autograd": lambda: student.backward(*given),
            "needs-equal-sizes": run_with_products_fitted,
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
