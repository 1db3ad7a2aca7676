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
    from collections.abc import Callable, Iterator

__all__ = ["ReadyMadeError", "rail"]

# The `nn` modules that wrap them (LogSoftmax, CrossEntropyLoss, …) look them up when they are
# called, so they are switched off too.
LOSSES: dict[str, tuple[object, str]] = {
    "F.mse_loss": (F, "mse_loss"),
    "F.one_hot": (F, "one_hot"),
    "F.log_softmax": (F, "log_softmax"),
    "torch.log_softmax": (torch, "log_softmax"),
    "torch.special.log_softmax": (torch.special, "log_softmax"),
    "Tensor.log_softmax": (torch.Tensor, "log_softmax"),
    "F.cross_entropy": (F, "cross_entropy"),
    "F.nll_loss": (F, "nll_loss"),
}
SWITCHED_OFF = {"ex01_losses": LOSSES}
INHERITED = object()  # `torch.Tensor` has its methods from a base class


class ReadyMadeError(RecognisedError):
    """A function was called that the exercise asks to write by hand."""

    def __init__(self, function: str) -> None:
        super().__init__("ready-made-function")
        self.args = (
            f"{function} is switched off in this exercise, and so is every nn module that calls "
            "it: here it is written by hand. torch.logsumexp, exp, log and softmax are open.",
        )


@contextmanager
def rail(exercise: str) -> Iterator[None]:
    """Switch off what an exercise asks to write by hand; what was there comes back afterwards."""
    switched_off = SWITCHED_OFF.get(exercise, {})
    before = [
        (owner, name, vars(owner).get(name, INHERITED)) for owner, name in switched_off.values()
    ]
    for function, (owner, name) in switched_off.items():
        setattr(owner, name, refusing(function))
    try:
        yield
    finally:
        for owner, name, value in before:
            if value is not INHERITED:
                setattr(owner, name, value)
            elif name in vars(owner):
                delattr(owner, name)


def refusing(function: str) -> Callable[..., object]:
    """Return what stands in for a function that is switched off."""

    def refuse(*args: object, **options: object) -> object:  # noqa: ARG001 - it takes any call
        raise ReadyMadeError(function)

    return refuse
