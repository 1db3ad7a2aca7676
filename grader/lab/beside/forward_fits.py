"""Whether a submission's way forward is in order, where its way back needs sizes that are equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.guest.probing import RejectedError, works

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["require_forward_fits"]


def require_forward_fits(student: Any, x: Tensor, *weights: Tensor) -> None:
    """Do nothing where `forward(x, W1, b1, W2, b2)` gives tensors of the right shapes.

    Raises:
        RejectedError: it does not, so what depends on sizes is the way forward.
    """
    _, b1, _, b2 = weights
    hidden, output = (len(x), len(b1)), (len(x), len(b2))
    found: list[tuple[int, ...]] = []

    def run() -> None:
        layers = student.forward(*(each.clone() for each in (x, *weights)))
        found.extend(tuple(each.shape) for each in layers)

    if not works(run) or found != [hidden, hidden, output]:
        raise RejectedError("`forward` does not give the right shapes.")
