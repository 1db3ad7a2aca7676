"""What the public checks ask, and what is right and mistaken in what they ask."""

from __future__ import annotations

import math
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar

import torch

from beside.repairs import watched_from_the_first
from grader.guest.probing import RejectedError, attempt, unfit, unwatched_changes
from grader.suite import expect, expect_each, probe
from kit.descent.rates import rates_that
from kit.descent.rounding import rounding_that
from kit.descent.tensors import as_tensors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import Tensor

    from grader.suite import Draw, Student

__all__ = [
    "BEST",
    "BOTTOM",
    "CHOICE_MISTAKES",
    "LEFT_VALLEY",
    "RIGHT_VALLEY",
    "VALLEY_CHOICES",
    "choice",
    "choice_between_valleys",
    "expect_right_positions",
    "falls_never_win",
    "number_of_positions_is_right",
    "positions",
    "single_positions_are_asked_for",
    "two_valleys",
    "two_valleys_walked",
    "walk",
    "walk_to_a_valley",
    "walk_twice",
]

Height = TypeVar("Height", "Tensor", float)

BOTTOM = 3.0

LEFT_VALLEY, RIGHT_VALLEY = -1.30084, 1.13090  # where the slope of x^4 - 3x^2 + x is 0


def parabola(x: Tensor) -> Tensor:
    """Give the height of a bowl with its bottom at 3."""
    return (x - BOTTOM).square()


def two_valleys(x: Height) -> Height:
    """Give the height of a landscape with two valleys."""
    return x**4 - 3 * x**2 + x


def raised_valleys(x: Height) -> Height:
    """Give the same, higher by 2, so that some heights are above 0 and some below."""
    return two_valleys(x) + 2


def in_a_bowl_that_watches(student: Any, start: float, lr: float, steps: int) -> object:
    """Walk into the bowl, which lets autograd watch where it is asked."""
    prepare = watched_from_the_first()
    return student.descend(lambda x: parabola(prepare(x)), start, lr, steps)


@probe("descend(lambda x: (x - 3).square(), start, lr, steps)")
def walk(student: Any, start: float, lr: float, steps: int) -> object:
    """Walk into the bowl; where that fails, find out why."""
    return attempt(
        lambda: student.descend(parabola, start, lr, steps),
        {
            "second-step-fails": lambda: student.descend(parabola, start, lr, min(steps, 1)),
            "x-not-watched": lambda: in_a_bowl_that_watches(student, start, lr, steps),
            "update-outside-no-grad": lambda: unwatched_changes()(student.descend)(
                parabola, start, lr, steps
            ),
        },
    )


@probe("first = descend(lambda x: (x - 3).square(), start, lr, steps), then second = descend(…)")
def walk_twice(student: Any, first: list[Any], second: list[Any]) -> dict[str, object]:
    """Walk into the bowl, and then once more."""
    before = student.descend(parabola, *first)
    kept = list(before) if isinstance(before, list) else before
    return {"first": kept, "second": student.descend(parabola, *second)}


@probe("descend(lambda x: x**4 - 3 * x**2 + x, start, lr=0.05, steps=60)[-1]")
def walk_to_a_valley(student: Any, start: float) -> object:
    """Walk down where there are two valleys; give the way, and where it ends."""
    positions = student.descend(two_valleys, start, 0.05, 60)
    if not isinstance(positions, list):
        raise unfit(positions, "a list of positions")
    if not positions:
        raise RejectedError("it returned an empty list; expected a list of positions.")
    return {"way": positions, "the last position": positions[-1]}


@probe("best_learning_rate(lambda x: (x - 3).square(), start, candidates, steps)")
def choice(student: Any, start: float, candidates: list[float], steps: int) -> object:
    """Let a learning rate for the bowl be chosen; where that fails, find out why."""
    given = (start, candidates, steps)
    return attempt(
        lambda: student.best_learning_rate(parabola, *given),
        {
            "number-handed-to-f": lambda: student.best_learning_rate(
                lambda x: parabola(torch.as_tensor(x)), *given
            )
        },
    )


@probe("best_learning_rate(lambda x: x**4 - 3 * x**2 + x + 2, start, candidates, steps)")
def choice_between_valleys(
    student: Any, start: float, candidates: list[float], steps: int
) -> object:
    """Let a learning rate be chosen where there are two valleys."""
    return student.best_learning_rate(raised_valleys, start, candidates, steps)


def single(f: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """Let f take 0-d tensors only."""

    def alone(x: Tensor) -> Tensor:
        if x.dim():
            raise ValueError(f"f takes a 0-d tensor, and was passed one of shape {tuple(x.shape)}")
        return f(x)

    return alone


@probe("positions = descend(f, start, lr, steps), then best_learning_rate(f, start, [lr], steps)")
def with_single_positions(student: Any, start: float, lr: float, steps: int) -> object:
    """Let both functions ask a bowl that takes 0-d tensors only."""

    def run(f: Callable[[Tensor], Tensor]) -> object:
        descended = student.descend(f, start, lr, steps)
        best = student.best_learning_rate(f, start, [lr], steps)
        return {"positions": descended, "the chosen learning rate": best}

    return attempt(lambda: run(single(parabola)), {"vector-handed-to-f": lambda: run(parabola)})


@probe("best_learning_rate(lambda x: x**3, start, candidates, steps)")
def choice_above_a_cliff(student: Any, start: float, candidates: list[float], steps: int) -> object:
    """Let a learning rate be chosen where a large one leads to minus infinity."""
    return student.best_learning_rate(lambda x: x**3, start, candidates, steps)


def number_of_positions_is_right(student: Student) -> None:
    """Expect steps + 1 positions: near the bottom, and for no step."""
    expect_each(
        partial(walk, student),
        [(3.0002, 0.1, 4), (2.9997, 0.2, 3)],
        right=positions,
        mistakes={"stops-when-flat": lambda start, *_: [start]},
    )
    expect(walk(student, 3.5, 0.1, 0)).equals([3.5])


def falls_never_win(student: Student) -> None:
    """Expect that a learning rate that leads to minus infinity is never chosen."""
    expect_each(
        partial(choice_above_a_cliff, student),
        [(1.0, [0.1, 10.0, 0.3, 0.02], 14), (0.5, [0.2, 0.4, 0.05, 40.0], 14)],
        right=lambda _, rates, __: sorted(rates)[-2],
        mistakes={"infinity-wins": lambda _, rates, __: max(rates)},
    )


def single_positions_are_asked_for(student: Student) -> None:
    """Expect that f is passed 0-d tensors."""
    right = {"positions": positions(4.0, 0.2, 3), "the chosen learning rate": 0.2}
    expect(with_single_positions(student, 4.0, 0.2, 3)).equals(right)


def positions(start: float, lr: float, steps: int) -> list[float]:
    """Give the positions in the bowl: each step multiplies the distance by 1 - 2 lr."""
    return [BOTTOM + (start - BOTTOM) * (1 - 2 * lr) ** step for step in range(steps + 1)]


def two_valleys_walked(start: float, lr: float, steps: int) -> list[float]:
    """Give the positions of a walk down where there are two valleys."""
    way = [start]
    while len(way) <= steps:
        way.append(way[-1] - lr * (4 * way[-1] ** 3 - 6 * way[-1] + 1))
    return way


def rolled(start: float, lr: float, steps: int, momentum: float) -> list[float]:
    """Give the positions in the bowl of a ball that keeps some of its speed."""
    ball = torch.tensor(start, dtype=torch.float64)
    optimizer = torch.optim.SGD([ball], lr=lr, momentum=momentum)
    way = [start]
    while len(way) <= steps:
        ball.grad = 2 * (ball - BOTTOM)
        optimizer.step()
        way.append(ball.item())
    return way


WALK_MISTAKES: Mapping[str, Callable[..., object]] = {
    "step-uphill": lambda start, lr, steps: positions(start, -lr, steps),
    "lr-missing": lambda start, _, steps: positions(start, 1.0, steps),
    "lr-twice": lambda start, lr, steps: positions(start, lr * lr, steps),
    "slope-taken-once": lambda start, lr, steps: [
        start - step * lr * 2 * (start - BOTTOM) for step in range(steps + 1)
    ],
    "slope-of-x-squared": lambda start, lr, steps: [
        start * (1 - 2 * lr) ** step for step in range(steps + 1)
    ],
    "sign-of-the-slope": lambda start, lr, steps: [
        *accumulate(
            [lr] * steps, lambda x, step: x - math.copysign(step, x - BOTTOM), initial=start
        )
    ],
    "slopes-add-up": partial(rolled, momentum=1.0),
    "momentum-added": partial(rolled, momentum=0.9),
    "start-ignored": lambda _, lr, steps: positions(0.0, lr, steps),
    "start-left-out": lambda *given: positions(*given)[1:],
    "last-position-left-out": lambda *given: positions(*given)[:-1],
    "last-position-only": lambda *given: positions(*given)[-1],
    "end-in-every-place": lambda *given: positions(*given)[-1:] * (given[2] + 1),
    "one-step-too-many": lambda start, lr, steps: positions(start, lr, steps + 1),
    "heights-not-positions": lambda *given: [(x - BOTTOM) ** 2 for x in positions(*given)],
    "slopes-not-positions": lambda *given: [2 * (x - BOTTOM) for x in positions(*given)],
    "nothing-returned": lambda *_: None,
}


def strode(start: float, lr: float, steps: int, shares: Sequence[float] = ()) -> list[float]:
    """Give the positions in the bowl where each step goes by a share of the rate."""
    way = [start]
    for step in range(steps):
        share = shares[step] if step < len(shares) else 1.0
        way.append(way[-1] - share * lr * bowl_slope(None, way[-1]))
    return way


def bowl_slope(_: object, x: float) -> float:
    """Give the slope of the bowl."""
    return 2 * (x - BOTTOM)


def strode_on(_: object, *given: Any, **changed: Any) -> list[float]:
    """Give the same for a curve, which is the bowl."""
    return strode(*given, **changed)


def expect_right_positions(student: Student, draw: Draw | None = None) -> None:
    """Compare two walks into the bowl."""
    given = [(-1.0, 0.1, 4), (5.0, 0.8, 5)]
    answers = [walk(student, *each) for each in given]
    expect_each(
        answers,
        given,
        right=positions,
        mistakes=lambda: {
            **WALK_MISTAKES,
            **{
                slug: partial(way, None)
                for slug, way in rates_that(
                    strode_on, bowl_slope, answers, [(None, *each) for each in given]
                ).items()
            },
            **rounding_that(positions, answers, given),
            "positions-are-tensors": as_tensors(positions, answers),
        },
        draw=draw,
    )


# Each learning rate is what some mistake chooses, or the best.
VALLEY_CHOICES = [
    (1.8, [0.03, 0.21, 0.24, 0.02, 0.26, 0.04, 0.19, 0.27, 0.15, 0.16, 0.2, 0.07], 7),
    (-0.6, [0.14, 0.13, 0.27, 0.25, 0.23, 0.17, 0.3, 0.03, 0.22, 0.21, 0.24, 0.29], 5),
]

BEST = {1.8: 0.2, -0.6: 0.21}  # by where the walk starts

CHOICE_MISTAKES: Mapping[str, Callable[..., object]] = {
    "largest-rate-chosen": lambda _, rates, __: max(rates),
    "smallest-rate-chosen": lambda _, rates, __: min(rates),
    "first-rate-chosen": lambda _, rates, __: rates[0],
    "last-rate-chosen": lambda _, rates, __: rates[-1],
    "highest-end-chosen": lambda start, *_: {1.8: 0.26, -0.6: 0.23}[start],
    "nearest-to-zero-chosen": lambda start, *_: {1.8: 0.21, -0.6: 0.24}[start],
    "lowest-position-chosen": lambda start, *_: {1.8: 0.16, -0.6: 0.27}[start],
    "lowest-on-the-way-chosen": lambda start, *_: {1.8: 0.19, -0.6: 0.25}[start],
    "steps-of-the-example": lambda start, *_: {1.8: 0.15, -0.6: 0.13}[start],
    "only-one-step-tried": lambda start, *_: {1.8: 0.24, -0.6: 0.17}[start],
    "place-not-rate": lambda start, rates, _: rates.index(BEST[start]),
    "position-not-rate": lambda start, _, steps: best_end(start, steps),
    "height-not-rate": lambda start, _, steps: raised_valleys(best_end(start, steps)),
    "nothing-returned": lambda *_: None,
}


def best_end(start: float, steps: int) -> float:
    """Give where the best walk ends."""
    return two_valleys_walked(start, BEST[start], steps)[-1]
