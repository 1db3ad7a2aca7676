"""Walking downhill.

**Goal.** Let gradient descent look for the lowest point of a curve, and find a good learning rate.

25 minutes, difficulty 2 of 5. You should know: ex04 (gradients) and ex06 (the step).

Where you are: error -> gradient -> **step** -> loop -> digit

You will need
-------------

    Tensor.requires_grad_  https://docs.pytorch.org/docs/stable/generated/torch.Tensor.requires_grad_.html
    torch.autograd.grad    https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html
    Tensor.detach          https://docs.pytorch.org/docs/stable/generated/torch.Tensor.detach.html
    Tensor.item            https://docs.pytorch.org/docs/stable/generated/torch.Tensor.item.html
    math.isfinite          https://docs.python.org/3/library/math.html#math.isfinite

The idea
--------
You stand on a hillside in thick fog and want to get down. You can't see the valley, but you feel
the slope under your feet. So you take a step downhill, feel again, and take the next. The loss of a
network is such a landscape with very many dimensions; with one, everything can be drawn: you are
at x, and your height is f(x).

    x_new  =  x - lr * slope of f at x

Near the bottom the ground gets flat, and the steps shrink by themselves. On (x - 3)^2 from 0, a
learning rate of 0.25 halves the distance to the bottom each time: 0, 1.5, 2.25, 2.625.

Everything else depends on the learning rate. A tiny one hardly gets you anywhere. With 1.0 you jump
across the valley to the same height on the other side, and back, again and again: 0, 6, 0, 6. With
anything more you land higher each time, until the numbers are too large for the computer: they
become infinity, and infinity minus infinity is NaN, "not a number". Every comparison with NaN is
false, also `NaN < 5` and `NaN > 5`, so NaN must never win.

Not every landscape has a single valley. x^4 - 3x^2 + x has two, and the one on the left is deeper.
Two hikers who start on different sides need not meet, and in the fog you can't know that there is a
deeper valley elsewhere.

In a picture
------------

    (x - 3)^2, lr = 0.25     x      0     1.5    2.25   2.625
                             f(x)   9     2.25   0.56   0.14
    (x - 3)^2, lr = 1.0      x      0     6      0      6
                             f(x)   9     9      9      9

Watch out
---------
- Larger is not faster. On (x - 3)^2 from 0, four steps end at 2.995 with 0.4, at 1.77 with 0.9,
  and at -3.22 with 1.1.
- Keep numbers, not the tensor that you change. If each entry of the list is x itself, changed in
  place, all of them show the last position: 2.625, 2.625, 2.625, 2.625.

How to check
------------
`grader check ex07` in a terminal; in a notebook, run the last cell.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor


def descend(f: Callable[[Tensor], Tensor], start: float, lr: float, steps: int) -> list[float]:
    """Find a low point of a curve by gradient descent, and return every position.

    Args:
        f: maps a 0-d tensor, a position, to a 0-d tensor, the height there; autograd can
            differentiate it. It may have any number of valleys.
        start: the first position.
        lr: the learning rate.
        steps: how many steps to take; with 0 the only position is the start.

    Returns:
        The `steps + 1` positions as Python floats, the start first. You may compute them in float32
        or in float64.

    Example:
        >>> descend(lambda x: (x - 3) ** 2, start=0.0, lr=0.25, steps=3)
        [0.0, 1.5, 2.25, 2.625]
    """
    # YOUR CODE HERE
    raise NotImplementedError("descend is not written yet")


def best_learning_rate(
    f: Callable[[Tensor], Tensor], start: float, candidates: list[float], steps: int
) -> float:
    """Choose the learning rate that ends lowest.

    A candidate that ends at a position, or at a height, that is NaN or infinity (of either sign)
    never wins.

    Args:
        f: as in `descend`.
        start: the first position, the same for every candidate.
        candidates: learning rates; at least one of them ends at finite numbers.
        steps: how many steps to take with each candidate.

    Returns:
        The candidate whose last position has the lowest f; of several equally low ones, any.

    Example:
        0.1 is slow here, 0.4 gets nearly to the bottom, and 1.5 moves away from it:

        >>> best_learning_rate(lambda x: (x - 3) ** 2, 0.0, [0.1, 0.4, 1.5], steps=4)
        0.4
    """
    # YOUR CODE HERE
    raise NotImplementedError("best_learning_rate is not written yet")
