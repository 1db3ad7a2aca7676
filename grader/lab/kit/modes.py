"""What became of a mode that a function must leave as it was: of a model, or of autograd."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.suite import expect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.suite import Answer

__all__ = ["AUTOGRAD", "TRAINING", "expect_as_before", "only"]

TRAINING = {
    True: "model.training after a call in training mode",
    False: "model.training after a call in evaluation mode",
}
AUTOGRAD = {
    True: "torch.is_grad_enabled() after a call with autograd on",
    False: "torch.is_grad_enabled() after a call with autograd off",
}


def only(answer: Answer, names: Iterable[str]) -> Answer:
    """Return some items of an answer, as an answer that has no others."""
    return replace(answer, value={name: answer[name].value for name in names})


def expect_as_before(answer: Answer, names: Mapping[bool, str], off: str, on: str) -> None:
    """Expect that a mode is the same after a call as before it, on or off.

    Args:
        answer: what was found after both calls, under these names.
        names: the mode before a call, to what was found after it.
        off: the mistake that leaves it off in any case.
        on: the mistake that leaves it on in any case.
    """
    expect(only(answer, names.values())).equals(
        {name: mode for mode, name in names.items()},
        mistakes={
            off: dict.fromkeys(names.values(), False),
            on: dict.fromkeys(names.values(), True),
        },
    )
