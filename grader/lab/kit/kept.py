"""Whether a call leaves alone what it is given, asked of answers that are of their form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor

from grader.suite import expect

if TYPE_CHECKING:
    from grader.suite import Answer

__all__ = ["keeps_its_arguments"]


def keeps_its_arguments(answer: Answer, right: Tensor | dict[str, Tensor]) -> None:
    """Expect that a call changes no argument, and gives a tensor, or those that a dict names.

    Whether the numbers are right, other checks say. Where nothing of the kind came, the call has
    kept no promise.
    """
    if not is_like(answer.value, right):
        expect(answer).equals(right)
    expect(answer).leaves_arguments_alone()


def is_like(came: object, right: Tensor | dict[str, Tensor]) -> bool:
    """Whether tensors came where they are due, whatever they hold."""
    if not isinstance(right, dict):
        return isinstance(came, Tensor)
    if not isinstance(came, dict) or came.keys() != right.keys():
        return False
    return all(isinstance(each, Tensor) for each in came.values())
