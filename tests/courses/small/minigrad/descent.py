"""Gradient descent."""

from __future__ import annotations

from collections.abc import Callable

from minigrad.tape import backward
from minigrad.value import Value


def minimize(f: Callable[[Value], Value], start: float, lr: float, steps: int) -> list[float]:
    """Walk downhill: each step subtracts `lr` times the derivative.

    Args:
        f: a function of one value.
        start: where to begin.
        lr: the learning rate.
        steps: how many steps to take.

    Returns:
        The `steps + 1` positions, the start first.
    """
    ### BEGIN SOLUTION
    path = [start]
    for _ in range(steps):
        x = Value(path[-1])
        backward(f(x))
        path.append(x.data - lr * x.grad)
    return path
    ### END SOLUTION
