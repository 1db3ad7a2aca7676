"""The backward pass."""

from __future__ import annotations

from minigrad.value import Value


def in_order(out: Value) -> list[Value]:
    """Return every value behind a result, and the result itself.

    Args:
        out: the result.

    Returns:
        Each value once, parents before whatever is computed from them. The result is the last.
    """
    ### BEGIN SOLUTION
    order: list[Value] = []
    seen: set[int] = set()

    def visit(value: Value) -> None:
        if id(value) not in seen:
            seen.add(id(value))
            for parent, _ in value.parents:
                visit(parent)
            order.append(value)

    visit(out)
    return order
    ### END SOLUTION


def backward(out: Value) -> None:
    """Store the derivative of a result with respect to every value behind it, as `.grad`.

    What was stored there before is cleared first.

    Args:
        out: the result; its own gradient is 1.
    """
    ### BEGIN SOLUTION
    order = in_order(out)
    for value in order:
        value.grad = 0.0
    out.grad = 1.0
    for value in reversed(order):
        for parent, slope in value.parents:
            parent.grad += slope * value.grad
    ### END SOLUTION
