"""Numbers that remember how they were computed."""

from __future__ import annotations

import math


class Value:
    """A number, its gradient and its parents.

    Attributes:
        data: the number.
        grad: the derivative of a result with respect to it; `backward` fills it.
        parents: what it was computed from, each with the local derivative.
    """

    def __init__(self, data: float, parents: tuple[tuple[Value, float], ...] = ()) -> None:
        self.data = float(data)
        self.grad = 0.0
        self.parents = parents

    def __add__(self, other: Value | float) -> Value:
        """Add a value or a number."""
        other = as_value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other: Value | float) -> Value:
        """Multiply by a value or a number.

        >>> product = Value(2.0) * Value(5.0)
        >>> product.data, [slope for parent, slope in product.parents]
        (10.0, [5.0, 2.0])
        """
        ### BEGIN SOLUTION
        other = as_value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))
        ### END SOLUTION

    def tanh(self) -> Value:
        """Take the hyperbolic tangent, whose derivative is one minus its own square.

        >>> Value(0.0).tanh().data
        0.0
        """
        ### BEGIN SOLUTION
        result = math.tanh(self.data)
        return Value(result, ((self, 1 - result**2),))
        ### END SOLUTION

    __radd__ = __add__

    def __rmul__(self, other: float) -> Value:
        """Multiply a number by this value."""
        return self * other


def as_value(number: Value | float) -> Value:
    """Make a value of a number; a value stays what it is."""
    return number if isinstance(number, Value) else Value(number)
