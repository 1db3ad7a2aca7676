"""Ready-made functions that are switched off where an exercise asks for them by hand.

A teaching rail, not a security boundary: it says what was asked for, and stops nobody who wants to
get past it. It is up only while the code of that exercise runs, so that whoever judges in the same
process can go on using what it takes away.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

from grader.guest.probing import RecognisedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["ReadyMadeError", "rail", "unknown_functions"]

OWNERS: dict[str, object] = {"F": F, "torch": torch, "Tensor": torch.Tensor}
INHERITED = object()  # `torch.Tensor` has its methods from a base class


class ReadyMadeError(RecognisedError):
    """A function was called that the exercise asks to write by hand."""

    def __init__(self, function: str, instead: str = "") -> None:
        super().__init__("ready-made-function")
        said = (
            f"{function} is switched off in this exercise, and so is every nn module that calls "
            f"it: write it yourself. {instead}"
        )
        self.args = (said.rstrip(),)


@contextmanager
def rail(switched_off: Iterable[str], instead: str = "") -> Iterator[None]:
    """Switch functions off; what was there comes back afterwards.

    The `nn` modules that wrap them (LogSoftmax, CrossEntropyLoss, …) look them up when they are
    called, so they are switched off too. A function that is not there is passed over.

    Args:
        switched_off: such as `F.one_hot`, `torch.special.log_softmax` and `Tensor.log_softmax`.
        instead: a sentence about what is open in their place.
    """
    found = [(function, *place) for function in switched_off if (place := _place_of(function))]
    before = [(owner, name, vars(owner).get(name, INHERITED)) for _, owner, name in found]
    for function, owner, name in found:
        setattr(owner, name, refusing(function, instead))
    try:
        yield
    finally:
        for owner, name, value in before:
            if value is not INHERITED:
                setattr(owner, name, value)
            elif name in vars(owner):
                delattr(owner, name)


def unknown_functions(switched_off: Iterable[str]) -> list[str]:
    """Return those that can't be switched off, since torch has none of the name."""
    return [function for function in switched_off if _place_of(function) is None]


def _place_of(function: str) -> tuple[object, str] | None:
    """Return what a function is an attribute of, and under which name."""
    path, _, name = function.rpartition(".")
    first, *inner = path.split(".")
    owner = OWNERS.get(first)
    for each in inner:
        owner = getattr(owner, each, None)
    return (owner, name) if callable(getattr(owner, name, None)) else None


def refusing(function: str, instead: str) -> Callable[..., object]:
    """Return what stands in for a function that is switched off."""

    def refuse(*args: object, **options: object) -> object:  # noqa: ARG001 - it takes any call
        raise ReadyMadeError(function, instead)

    return refuse
