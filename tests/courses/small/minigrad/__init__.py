"""A tiny autograd engine.

**Goal.** Build what PyTorch's autograd is made of, for single numbers: values that remember how
they were computed, a backward pass through them, and gradient descent on top.

60 minutes, difficulty 4 of 5. You should know: classes, the chain rule.

The idea
--------
A `Value` holds a number and remembers its parents: the values that it was computed from, each with
the local derivative, which says how much the result changes with that parent. For `c = a * b` the
parents are `a` with derivative `b.data`, and `b` with derivative `a.data`.

`backward(out)` computes the derivative of `out` with respect to every value behind it, and stores
it as `.grad`. It starts with `out.grad = 1` and goes from results to parents:

    parent.grad  +=  local derivative * result.grad

Two things matter. A value may be used more than once, so its gradients are added up. And a value
may pass its gradient on only when that is complete: after all the results that use it.

The files
---------
- `value.py`: the class `Value` and its operations.
- `tape.py`: the order of the backward pass, and the pass itself.
- `descent.py`: gradient descent with both.

How to check
------------
`grader check autograd` in a terminal.
"""

from minigrad.descent import minimize
from minigrad.tape import backward, in_order
from minigrad.value import Value

__all__ = ["Value", "backward", "in_order", "minimize"]
