"""Pictures: what is drawn of an answer, whatever the answer is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest
import torch

from grader.answers import drawing
from grader.asking.student import Answer, Conversation
from grader.results.pictures import LossCurves, Picture, ProbabilityShares

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.asking.refusals import Channel

RIGHT = {"dW": torch.ones(2, 3)}
DRAWERS: dict[str, Callable[[Any], Picture | None]] = {
    "curves": lambda came: drawing.loss_curves(came, [2.0, 1.0], "batch"),
    "descent": lambda came: drawing.descent("x²", lambda x: x**2, (-1.0, 1.0), came, [1.0]),
    "gradients": lambda came: drawing.gradient_bars({"dW": came}, RIGHT),
    "confusion": lambda came: drawing.confusion(came, torch.ones(2, 3)),
    "digits": lambda came: drawing.digit_row(torch.zeros(2, 28, 28).byte(), [3, 4], came),
    "shares": drawing.probability_shares,
    "logs": drawing.shares_of_logs,
}
ANSWERS = [
    None,
    "text",
    [],
    [math.nan, math.inf, 1e300, 10**400, "text", None, True, torch.ones(2)],
    [[1.0]],
    torch.full((2, 3), math.nan),
    torch.full((2, 10), math.inf),
    torch.ones(2, 3, dtype=torch.complex64),
    torch.ones(0, 3),
    torch.ones(2, 3, dtype=torch.int64),
    torch.full((2, 3), 1e300, dtype=torch.float64),
    [float(n) for n in range(10_000)],
]


@pytest.mark.parametrize("draw", DRAWERS.values(), ids=DRAWERS)
def test_whatever_came_can_be_drawn_or_is_left_out(draw: Callable[[Any], Picture | None]) -> None:
    """A picture never fails, never holds what JSON can't, and stays small."""
    for came in ANSWERS:
        written = msgspec.json.encode(draw(came))

        assert msgspec.json.decode(written, type=Picture | None) == draw(came)
        assert len(written) < 20_000


def test_numbers_that_are_not_finite_are_left_out_of_a_curve() -> None:
    """A loss of NaN is a gap in the curve; one at its beginning leaves nothing to draw."""
    assert drawing.loss_curves([2.0, math.nan], [2.0, 1.0], "batch") == LossCurves(
        (2.0, None), (2.0, 1.0), "batch"
    )
    assert drawing.loss_curves([math.nan, 2.0], [2.0, 1.0], "batch") is None


@pytest.mark.parametrize(("reveals", "shown"), [(True, 1), (False, 0)])
def test_only_a_public_check_has_pictures(reveals: bool, shown: int) -> None:
    """What a hidden test is asked to draw is forgotten."""
    student = Conversation(cast("Channel", None), reveals=reveals, seed=0)
    Answer("`f()`", None, (), student).show(ProbabilityShares(((1.0, 0.0),)), None)

    assert shown == len(student.pictures)
