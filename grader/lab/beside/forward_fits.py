"""Whether the fault of a backward pass is a product whose two sides do not fit each other."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest import mock

import torch
from torch import Tensor

from grader.guest.probing import RejectedError, works

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["products_fitted", "require_forward_fits"]


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


@contextmanager
def products_fitted() -> Iterator[None]:
    """Make products of two matrices fit that do not: turn one, or multiply the other way."""
    multiply, times = torch.matmul, torch.mul

    def fitted(own: Callable[..., Any], ways: list[Callable[..., Any]]) -> Callable[..., Any]:
        def product(a: Any, b: Any, *given: Any, **named: Any) -> Any:
            try:
                return own(a, b, *given, **named)
            except RuntimeError:
                if not all(isinstance(each, Tensor) and each.dim() == 2 for each in (a, b)):
                    raise
                fitting = [way for way in ways if works(partial(way, a, b))]
                if not fitting:
                    raise
                return fitting[0](a, b)

        return product

    transposed: list[Callable[..., Any]] = [
        lambda a, b: multiply(a.T, b),
        lambda a, b: multiply(a, b.T),
    ]
    by_matrix: list[Callable[..., Any]] = [times, *transposed]
    by_number: list[Callable[..., Any]] = [lambda a, b: times(a.T, b), multiply, *transposed]
    names = {"matmul": by_matrix, "mm": by_matrix, "__matmul__": by_matrix}
    names |= {"mul": by_number, "__mul__": by_number}
    with ExitStack() as stack:
        for name, ways in names.items():
            for owner in (torch, Tensor):
                if own := getattr(owner, name, None):
                    stack.enter_context(mock.patch.object(owner, name, fitted(own, ways)))
        yield
