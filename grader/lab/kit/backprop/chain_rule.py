"""The lecture's two-layer network: what is right there, and what mistakes on the way back give.

    L1 = x W1 + b1     S = sigmoid(L1)     L2 = S W2 + b2     loss = 1/(2n) * sum of (L2 - y)^2

Right gradients come from autograd. Mistaken ones come from a way back by hand, each of whose steps
can be replaced. Everything is computed in float64 and comes back in the dtype of x.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from kit.networks import tensors

if TYPE_CHECKING:
    from collections.abc import Callable

    Named = dict[str, Tensor]
    Case = tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]

__all__ = ["WayBack", "network_case", "right_gradients", "slope_of_sigmoid"]

GRADIENTS = ("dW2", "db2", "dW1", "db1")  # as the way back meets them


def network_case(
    seed: int, n: int, d: int, h: int, k: int, dtype: torch.dtype = torch.float64
) -> Case:
    """Draw x (n, d), y (n, k), W1 (d, h), b1 (h,), W2 (h, k), b2 (k,)."""
    drawn = tensors(seed, (n, d), (n, k), (d, h), (h,), (h, k), (k,))
    x, y, W1, b1, W2, b2 = (tensor.to(dtype) for tensor in drawn)
    return x, y, W1, b1, W2, b2


def right_gradients(x: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Named:
    """Differentiate the loss by autograd."""
    with torch.enable_grad():  # in a local run the student's code may have switched it off
        leaves = [tensor.double().requires_grad_() for tensor in (W1, b1, W2, b2)]
        hidden = torch.sigmoid(x.double() @ leaves[0] + leaves[1])
        errors = hidden @ leaves[2] + leaves[3] - y.double()
        found = torch.autograd.grad((errors**2).sum() / (2 * len(x)), leaves)
    named = dict(zip(("dW1", "db1", "dW2", "db2"), found, strict=True))
    return {name: named[name].to(x.dtype) for name in GRADIENTS}


def slope_of_sigmoid(z: Tensor) -> Tensor:
    """Give the slope of the sigmoid at z."""
    return torch.sigmoid(z) * torch.sigmoid(-z)


def mean_error(output: Tensor, y: Tensor) -> Tensor:
    """Give the slope of the loss at the output."""
    return (output - y) / len(y)


@dataclass(frozen=True)
class WayBack:
    """A way back by hand, right unless a step of it is replaced.

    Attributes:
        error: the slope of the loss at L2, from L2 and y.
        inputs: what the second layer was given, from L1 and S.
        entrance: what the first layer was given, from x.
        across: what is handed to the hidden layer, from the error, W2 and dW2.
        slope: the slope of the sigmoid, from L1 and S.
        bias: a bias's gradient, from what came back to its layer.
        older: the forward pass runs on the examples in reverse order, as if it had been another's.
    """

    error: Callable[[Tensor, Tensor], Tensor] = mean_error
    inputs: Callable[[Tensor, Tensor], Tensor] = lambda _, hidden: hidden
    entrance: Callable[[Tensor], Tensor] = lambda x: x
    across: Callable[[Tensor, Tensor, Tensor], Tensor] = lambda error, W2, _: error @ W2.T
    slope: Callable[[Tensor, Tensor], Tensor] = lambda _, hidden: hidden * (1 - hidden)
    bias: Callable[[Tensor], Tensor] = lambda delta: delta.sum(0)
    older: bool = False

    def __call__(
        self, x: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
    ) -> Named:
        """Go back through the network."""
        dtype = x.dtype
        x, y, W1, b1, W2, b2 = (tensor.double() for tensor in (x, y, W1, b1, W2, b2))
        before = (x.flip(0) if self.older else x) @ W1 + b1
        hidden = torch.sigmoid(before)
        error = self.error(hidden @ W2 + b2, y)
        dW2 = self.inputs(before, hidden).T @ error
        delta = self.across(error, W2, dW2) * self.slope(before, hidden)
        found = (dW2, self.bias(error), self.entrance(x).T @ delta, self.bias(delta))
        return {name: value.to(dtype) for name, value in zip(GRADIENTS, found, strict=True)}
