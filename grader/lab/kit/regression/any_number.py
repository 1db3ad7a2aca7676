"""Whether a regressor can answer with any real number, as checks and hidden tests both ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from beside.layers import built
from grader.guest.probing import RejectedError
from grader.suite import expect, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import nn

    from grader.suite import Student

__all__ = ["answers_follow_the_bias"]


def set_answer(model: nn.Module, bias: torch.Tensor) -> None:
    """Take all weight off the answer's inputs, so that its bias is the answer.

    Raises:
        RejectedError: the answer has no bias.
    """
    lone = [parameter for parameter in model.parameters() if parameter.numel() == 1]
    if not lone:
        raise RejectedError(
            "The answer has no bias: no parameter of the model holds a single number.", "no-biases"
        )
    with torch.no_grad():
        for parameter in model.parameters():
            if sorted(parameter.shape) == [1, 2]:
                parameter.zero_()
        for parameter in lone:
            parameter.fill_(bias.item())


@probe("build_regressor()(features), with a last layer of weight 0 and some bias,")
def answers_by_bias(
    student: Any, features: torch.Tensor, biases: torch.Tensor
) -> dict[str, object]:
    """Give the model's answers with each of some biases alone."""
    model = built(student, features)
    given = []
    with torch.no_grad():
        for bias in biases:
            set_answer(model, bias)
            given.append(model(features))
    return by_bias(given)


def by_bias(outputs: Sequence[torch.Tensor]) -> dict[str, object]:
    """Name outputs after the bias that gives them."""
    count = len(outputs)
    return {f"the output for bias {n} of {count}": each for n, each in enumerate(outputs, start=1)}


def answers_follow_the_bias(student: Student, features: torch.Tensor, biases: torch.Tensor) -> None:
    """Expect that a bias alone is the answer, whatever it is."""
    right = [torch.full((len(features), 1), bias) for bias in biases.tolist()]
    answer = answers_by_bias(student, features.float(), biases)

    def by(change: Callable[[torch.Tensor], torch.Tensor]) -> dict[str, object]:
        return by_bias([change(column) for column in right])

    expect(answer).equals(
        by_bias(right),
        mistakes={
            "relu-on-the-answer": by(torch.relu),
            "sigmoid-on-the-answer": by(torch.sigmoid),
            "tanh-on-the-answer": by(torch.tanh),
            "softmax-of-one-number": by(lambda column: column.softmax(dim=1)),
            "log-softmax-of-one-number": by(lambda column: column.log_softmax(dim=1)),
            "answer-flattened": by(torch.flatten),
        },
    )
