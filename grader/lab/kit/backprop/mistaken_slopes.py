"""The lecture's two-layer network, its gradients, and what mistaken slopes make of them.

    L1 = x W1 + b1     S = sigmoid(L1)     L2 = S W2 + b2     loss = 1/(2n) * sum of (L2 - y)^2

Nothing here walks back by hand, as students may read it. Autograd does: for the mistakes it goes
through networks whose numbers are right and whose slopes are borrowed from something else.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Named = dict[str, Tensor]
    Step = Callable[[Tensor], Tensor]

__all__ = [
    "MISTAKEN_GRADIENTS",
    "gradients_after",
    "right_gradients",
    "right_layers",
    "right_loss",
]


def right_layers(x: Tensor, *weights: Tensor, between: Step = torch.sigmoid) -> Named:
    """Run the network, or one with something else than the sigmoid between its layers."""
    W1, b1, W2, b2 = weights
    first = x @ W1 + b1
    return {"L1": first, "S": between(first), "L2": between(first) @ W2 + b2}


def right_output(x: Tensor, *weights: Tensor) -> Tensor:
    """Run the network down to its output."""
    return right_layers(x, *weights)["L2"]


def right_loss(output: Tensor, y: Tensor) -> Tensor:
    """Measure the loss."""
    return (output - y).square().sum() / (2 * len(y))


def right_gradients(
    x: Tensor,
    y: Tensor,
    *weights: Tensor,
    run: Callable[..., Tensor] = right_output,
    loss: Callable[[Tensor, Tensor], Tensor] = right_loss,
) -> Named:
    """Let autograd go back, and order what it finds as the way back does.

    Args:
        x: `(n, d)`.
        y: `(n, k)`.
        weights: W1 `(d, h)`, b1 `(h,)`, W2 `(h, k)`, b2 `(k,)`; a bias may have a row an example.
        run: gives the output from x and the weights.
        loss: measures the output.
    """
    with torch.enable_grad():  # in a local run the student's code may have switched it off
        leaves = [weight.clone().requires_grad_() for weight in weights]
        dW1, db1, dW2, db2 = torch.autograd.grad(loss(run(x, *leaves), y), leaves)
    return {"dW2": dW2, "db2": db2, "dW1": dW1, "db1": db1}


# Gradients that are changed at the end.


def scaled(output: float, hidden: float, *case: Tensor) -> Named:
    """Give the gradients with a factor for each of the two layers."""
    factors = {"2": output, "1": hidden}
    return {name: factors[name[-1]] * value for name, value in right_gradients(*case).items()}


def changed(which: str, change: Step) -> Callable[..., Named]:
    """Give the gradients with a change to those whose name begins with `which`."""
    return lambda *case: {
        name: change(value) if name.startswith(which) else value
        for name, value in right_gradients(*case).items()
    }


def biases_by_example(change: Step, *case: Tensor) -> Named:
    """Give the gradients where each example has biases of its own, which are changed then."""
    x, y, W1, b1, W2, b2 = case
    rows = right_gradients(x, y, W1, b1.expand(len(x), -1), W2, b2.expand(len(x), -1))
    return {name: change(value) if "b" in name else value for name, value in rows.items()}


def layers_swapped(*case: Tensor) -> Named:
    """Give each layer the gradients of the other."""
    right = right_gradients(*case)
    return {name: right[name[:-1] + ("1" if name[-1] == "2" else "2")] for name in right}


# Networks whose slopes are borrowed.


def borrow(value: Tensor, other: Tensor) -> Tensor:
    """Give a value that has the slopes of another one."""
    return value.detach() + other - other.detach()


def sigmoid_with_slope_of(other: Step) -> Callable[..., Named]:
    """Go back through a network whose sigmoid has the slope of another function."""

    def run(x: Tensor, *weights: Tensor) -> Tensor:
        layers = right_layers(x, *weights, between=lambda z: borrow(z.sigmoid(), other(z)))
        return layers["L2"]

    return partial(right_gradients, run=run)


def output_with_slope_of(other: Step) -> Callable[..., Named]:
    """Go back through a network whose output has the slope of another function."""

    def run(*case: Tensor) -> Tensor:
        output = right_output(*case)
        return borrow(output, other(output))

    return partial(right_gradients, run=run)


def second_layer_borrows(other: Callable[..., Tensor]) -> Callable[..., Named]:
    """Go back through a network whose second layer has the slopes of another one.

    Args:
        other: gives the output from L1, S, W2 and what is right for dW2.
    """

    def found(*case: Tensor) -> Named:
        right = right_gradients(*case)["dW2"]

        def run(x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
            L1, S, L2 = right_layers(x, W1, b1, W2, b2).values()
            return borrow(L2, other(L1, S, W2, right) + b2)

        return right_gradients(*case, run=run)

    return found


def first_layer_borrows(seen: Tensor, slopes: Tensor, *weights: Tensor) -> Tensor:
    """Run a network whose first layer sees one x and has the slopes of another."""
    W1, *others = weights
    products = borrow(seen @ W1, slopes @ W1)
    return right_output(products, torch.eye(len(W1.T)).to(W1), *others)


def gradients_after(older: Tensor, *case: Tensor) -> Named:
    """Go back for one x through what the network said of an older one."""
    return right_gradients(*case, run=partial(first_layer_borrows, older))


def slope_of_sigmoid(z: Tensor) -> Tensor:
    """Ask autograd for the slope of the sigmoid at z."""
    at = z.detach().clone().requires_grad_()
    return torch.autograd.grad(at.sigmoid().sum(), at)[0]


def parabola(z: Tensor) -> Tensor:
    """Give what has a parabola for its slope."""
    return z**2 / 2 - z**3 / 3


MISTAKEN_GRADIENTS: Mapping[str, Callable[..., Named]] = {
    "not-divided-by-n": lambda *case: scaled(len(case[0]), len(case[0]), *case),
    "divided-by-n-twice": lambda *case: scaled(1 / len(case[0]), 1 / len(case[0]), *case),
    "divided-by-all-numbers": lambda *case: scaled(
        1 / case[1].shape[1], 1 / case[1].shape[1], *case
    ),
    "half-left-out": partial(scaled, 2, 2),
    "error-turned-around": partial(scaled, -1, -1),
    "error-not-averaged-for-hidden": lambda *case: scaled(1, len(case[0]), *case),
    "hidden-averaged-again": lambda *case: scaled(1, 1 / len(case[0]), *case),
    "slope-sign-turned": partial(scaled, 1, -1),
    "loss-not-differentiated": partial(
        right_gradients, loss=lambda output, y: ((output - y) ** 3).sum() / (6 * len(y))
    ),
    "weights-transposed": changed("dW", lambda value: value.T),
    "layers-in-another-order": layers_swapped,
    "one-number-for-all-biases": changed("db", torch.sum),
    "biases-keep-a-dimension": changed("db", lambda value: value.unsqueeze(0)),
    "biases-get-nothing": changed("db", torch.zeros_like),
    "biases-averaged-again": lambda *case: changed("db", lambda value: value / len(case[0]))(*case),
    "biases-not-summed": partial(biases_by_example, lambda rows: rows),
    "biases-summed-along-rows": partial(biases_by_example, lambda rows: rows.sum(1)),
    "biases-of-first-example": partial(biases_by_example, lambda rows: rows[0]),
    "slope-of-the-output": output_with_slope_of(parabola),
    "sigmoid-slope-at-the-output": output_with_slope_of(torch.sigmoid),
    "slope-left-out": sigmoid_with_slope_of(lambda z: z),
    "slope-left-out-of-b1": lambda *case: (
        right_gradients(*case) | {"db1": sigmoid_with_slope_of(lambda z: z)(*case)["db1"]}
    ),
    "slope-at-s": sigmoid_with_slope_of(lambda z: z * slope_of_sigmoid(z.sigmoid())),
    "slope-from-l1": sigmoid_with_slope_of(parabola),
    "slope-is-s": sigmoid_with_slope_of(F.softplus),
    "slope-is-one-minus-s": sigmoid_with_slope_of(F.logsigmoid),
    "slope-nested": sigmoid_with_slope_of(lambda z: z * (1 - z.sigmoid()).sigmoid().detach()),
    "slope-of-tanh": sigmoid_with_slope_of(lambda z: F.logsigmoid(z) + z.sigmoid()),
    "slope-of-relu": sigmoid_with_slope_of(torch.relu),
    "inputs-through-the-sigmoid": partial(
        right_gradients, run=lambda x, *weights: first_layer_borrows(x, x.sigmoid(), *weights)
    ),
    "l1-in-the-place-of-s": second_layer_borrows(
        lambda L1, S, W2, _: S @ W2.detach() + L1.detach() @ W2
    ),
    "w2-updated-too-early": second_layer_borrows(lambda _, S, W2, dW2: S @ W2 - S @ dW2),
    "dw2-in-the-place-of-w2": second_layer_borrows(lambda _, S, W2, dW2: S.detach() @ W2 + S @ dW2),
}
