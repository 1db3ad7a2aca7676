"""Whether a network leads over two linear layers shows in numbers, whatever is between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from torch import nn

from beside.layers import answers_with
from grader.asking.student import Answer, Conversation
from grader.errors import WrongAnswer
from grader.guest.submission import Guest
from grader.judge.local import InProcess
from grader.sandbox.limits import UNLIMITED
from kit.regression.known_layers import expect_known_answers, settings

if TYPE_CHECKING:
    from collections.abc import Callable

BETWEEN: dict[str, Callable[[], nn.Module]] = {
    "nothing": nn.Identity,
    "relu": nn.ReLU,
    "gelu": nn.GELU,
    "prelu": lambda: nn.PReLU(2),
    "softmax": lambda: nn.Softmax(dim=1),
    "batch-norm": lambda: nn.BatchNorm1d(2),
    "layer-norm": lambda: nn.LayerNorm(2),
    "dropout": nn.Dropout,
}


class FirstTwoFeatures(nn.Module):
    """Has a first layer, and does not ask it."""

    def __init__(self) -> None:
        super().__init__()
        self.unasked = nn.Linear(4, 2)
        self.answer = nn.Linear(2, 1)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Answer by two of the four numbers."""
        answers: torch.Tensor = self.answer(features[:, :2])
        return answers


def judged(answers: list[torch.Tensor]) -> None:
    """Judge answers as if they had come from a submission."""
    student = Conversation(InProcess(Guest(), UNLIMITED), reveals=False, seed=0)
    expect_known_answers(Answer("`build_regressor()(features)`", answers, (), student))


@pytest.mark.parametrize("between", BETWEEN)
def test_two_linear_layers_pass_with_anything_between(between: str) -> None:
    """The activation is the student's choice."""
    model = nn.Sequential(nn.Linear(4, 2), BETWEEN[between](), nn.Linear(2, 1)).eval()

    judged(answers_with(model, settings()))


def test_a_layer_that_is_not_asked_shows() -> None:
    """Parameters of the right shapes are no network."""
    with pytest.raises(WrongAnswer, match="numbers are wrong"):
        judged(answers_with(FirstTwoFeatures(), settings()))


def test_numbers_that_vary_at_will_are_no_answers() -> None:
    """Answers that follow from the second layer alone know nothing of the first."""
    hidden = torch.randn(6, 2, generator=torch.Generator().manual_seed(1))
    answers = [hidden @ weights.T + bias for _, _, weights, bias, _ in settings()]

    with pytest.raises(WrongAnswer, match="numbers are wrong"):
        judged(answers)
