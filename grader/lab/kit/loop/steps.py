"""What an optimizer's steps make of weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.guest.probing import named_layers

if TYPE_CHECKING:
    from kit.loop.trajectory import Named, Tensors

__all__ = ["decayed", "descended", "rate_instead", "twice"]


def descended(weights: Tensors, gradients: Tensors, lr: float) -> Named:
    """Give the weights after one step of gradient descent."""
    pairs = zip(weights, gradients, strict=True)
    return named_layers([weight - lr * gradient for weight, gradient in pairs])


def rate_instead(rate: float, weights: Tensors, gradients: Tensors, *_: object) -> Named:
    """Give the weights after a step at a rate of its own."""
    return descended(weights, gradients, rate)


def decayed(decay: float, weights: Tensors, gradients: Tensors, *rest: float) -> Named:
    """Give the weights after a step, at the last argument's rate, that also makes them smaller."""
    pairs = zip(weights, gradients, strict=True)
    return descended(weights, [slope + decay * weight for weight, slope in pairs], rest[-1])


def twice(momentum: float, weights: Tensors, first: Tensors, second: Tensors, lr: float) -> Named:
    """Give the weights after two steps, the second of which holds a part of the first."""
    both = [(1 + momentum) * old + new for old, new in zip(first, second, strict=True)]
    return descended(weights, both, lr)
