"""All operators, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.proving.operators import (
    arithmetic,
    layers,
    leaving_out,
    order,
    reductions,
    tensors,
    training,
)

if TYPE_CHECKING:
    from grader.proving.operators.nodes import Operator

__all__ = ["OPERATORS"]

_ROOMS = (leaving_out, training, layers, reductions, arithmetic, tensors, order)

OPERATORS: dict[str, Operator] = {
    name.replace("_", "-"): getattr(room, name) for room in _ROOMS for name in room.__all__
}
