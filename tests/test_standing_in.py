"""`student_with`: what a mistake gives is asked as a submission is, and names it by that alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
import torch
from torch import nn

from grader.asking.probes import probe
from grader.asking.sessions import session
from grader.asking.standing_in import student_with
from grader.errors import WrongAnswer
from grader.expecting.beside import expect_beside
from grader.expecting.expect import expect, expect_each
from grader.guest.probing import RejectedError, attempt, attempting_by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from grader.asking.student import Answer, Student

ONES, SLUG = torch.ones(2), "the-known-one"


@probe("f(x), twice,")
def twice(student: Any, x: torch.Tensor) -> dict[str, torch.Tensor]:
    """Ask twice."""
    return {"first": attempt(lambda: student.f(x), {}), "again": student.f(x)}


again = session("y = f(x)", "f(y)")


def doubled(x: torch.Tensor) -> torch.Tensor:
    """Change the argument."""
    return x.mul_(2)


def mistake_in(call: Callable[[Student], Answer], given: Callable[..., object]) -> str | None:
    """Return how the answer of one that doubles is called, where 5 is right."""
    with pytest.raises(WrongAnswer) as wrong:
        expect(call(student_with(f=doubled))).equals(torch.tensor(5.0), {SLUG: given})
    return wrong.value.mistake


@pytest.mark.parametrize(
    "call",
    [
        lambda student: student.f(ONES),
        lambda student: twice(student, ONES),
        lambda student: twice(student, ONES)["again"],
        lambda student: again(student, x=ONES),
    ],
)
def test_a_mistake_is_named_by_what_a_submission_with_it_returns(
    call: Callable[[Student], Answer],
) -> None:
    """Called, through a probe, in part, and through a session; one that does else names nothing."""
    assert mistake_in(call, lambda: call(student_with(f=doubled))) == SLUG
    assert mistake_in(call, lambda: call(student_with(f=lambda x: 3 * x))) is None
    assert torch.equal(ONES, torch.ones(2))


def rejected(_: object) -> None:
    """Return nothing that a probe can use."""
    raise RejectedError("It is unfit.", "unfit")


@pytest.mark.parametrize(
    "function", [rejected, lambda _: 1 / 0, lambda _: nn.Linear(1, 1), lambda _: print]
)
def test_one_that_gives_no_data_names_nothing(function: Callable[..., object]) -> None:
    """Nor does it say a word to the student, whose answer is wrong as it was."""
    given = student_with(f=lambda _: nn.Linear(1, 1))

    with pytest.raises(WrongAnswer, match="expected a tensor") as wrong:
        expect_each(given.f, [(ONES,)], torch.sum, {SLUG: partial(twice, student_with(f=function))})
    with pytest.raises(WrongAnswer, match="expected a tensor") as also:
        expect_each(given.f, [(ONES,)], torch.sum, {SLUG: student_with(f=function).f})

    assert wrong.value.mistake is also.value.mistake is None


def test_it_may_be_looked_past() -> None:
    """Where another test charges the mistake."""
    ask = partial(twice, student_with(f=doubled))
    right = {"first": ONES, "again": ONES}

    expect_beside(ask, [(ONES,)], lambda _: right, {SLUG: ask})
    with pytest.raises(WrongAnswer):
        expect_beside(ask, [(ONES,)], lambda _: right, {SLUG: partial(twice, student_with())})


def test_a_proof_does_not_count_its_attempts() -> None:
    """They are not the submission's."""
    heard: list[str] = []

    def note(call: Callable[[], Any], _: Mapping[str, Callable[[], object]]) -> Any:
        heard.append("attempt")
        return call()

    with attempting_by(note):
        twice(student_with(f=doubled), ONES)

    assert heard == []


def interrupted(_: object) -> None:
    """Press Ctrl-C."""
    raise KeyboardInterrupt


def test_ctrl_c_is_the_users() -> None:
    """It is no exception of the course's code."""
    with pytest.raises(KeyboardInterrupt):
        student_with(f=interrupted).f(ONES)
