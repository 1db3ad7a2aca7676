"""Public checks of ex07: run them as often as you like while you write."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from grader.guest.probing import RejectedError
from grader.judge.drawing import descent
from grader.judge.expect import earlier_cause_first, expect, expect_each
from grader.judge.suite import probe
from grader.judge.tolerances import LOOSE

if TYPE_CHECKING:
    from torch import Tensor

    from grader.judge.expect import Draw
    from grader.judge.student import Student

Height = TypeVar("Height", "Tensor", float)

BOTTOM = 3.0
LEFT_VALLEY, RIGHT_VALLEY = -1.30084, 1.13090  # where the slope of x^4 - 3x^2 + x is 0


def parabola(x: Tensor) -> Tensor:
    """Give the height of a bowl with its bottom at 3."""
    return (x - BOTTOM).square()


def two_valleys(x: Height) -> Height:
    """Give the height of a landscape with two valleys."""
    return x**4 - 3 * x**2 + x


@probe("descend(lambda x: (x - 3).square(), start, lr, steps)")
def walk(student: Any, start: float, lr: float, steps: int) -> object:
    """Walk into the bowl."""
    return student.descend(parabola, start, lr, steps)


@probe("descend(lambda x: x**4 - 3 * x**2 + x, start, lr=0.05, steps=60)[-1]")
def walk_to_a_valley(student: Any, start: float) -> object:
    """Walk down where there are two valleys; give the way, and where it ends."""
    positions = student.descend(two_valleys, start, 0.05, 60)
    if not isinstance(positions, list) or not positions:
        raise RejectedError(f"{type(positions).__name__} came back; expected a list of positions.")
    return {"way": positions, "end": positions[-1]}


@probe("best_learning_rate(lambda x: (x - 3).square(), start, candidates, steps)")
def choice(student: Any, start: float, candidates: list[float], steps: int) -> object:
    """Let a learning rate for the bowl be chosen."""
    return student.best_learning_rate(parabola, start, candidates, steps)


@probe("best_learning_rate(lambda x: x**4 - 3 * x**2 + x, start, candidates, steps)")
def choice_between_valleys(
    student: Any, start: float, candidates: list[float], steps: int
) -> object:
    """Let a learning rate be chosen where there are two valleys."""
    return student.best_learning_rate(two_valleys, start, candidates, steps)


def positions(start: float, lr: float, steps: int) -> list[float]:
    """Give the positions in the bowl: each step multiplies the distance by 1 - 2 lr."""
    return [BOTTOM + (start - BOTTOM) * (1 - 2 * lr) ** step for step in range(steps + 1)]


def two_valleys_walked(start: float, lr: float, steps: int) -> list[float]:
    """Give the positions of a walk down where there are two valleys."""
    way = [start]
    while len(way) <= steps:
        way.append(way[-1] - lr * (4 * way[-1] ** 3 - 6 * way[-1] + 1))
    return way


def expect_right_positions(student: Student, draw: Draw | None = None) -> None:
    """Compare two walks into the bowl."""
    expect_each(
        partial(walk, student),
        [(-1.0, 0.1, 4), (5.0, 0.8, 5), (4.0, 1.2, 3)],  # the last goes uphill, and on
        right=positions,
        mistakes={
            "step-uphill": lambda start, lr, steps: positions(start, -lr, steps),
            "slope-taken-once": lambda start, lr, steps: [
                start - step * lr * 2 * (start - BOTTOM) for step in range(steps + 1)
            ],
            "start-left-out": lambda *given: positions(*given)[1:],
            "last-position-left-out": lambda *given: positions(*given)[:-1],
            "end-in-every-place": lambda *given: positions(*given)[-1:] * (given[2] + 1),
        },
        draw=draw,
    )


def test_positions_on_a_parabola_are_right(student: Student) -> None:
    """On (x - 3)^2 every position is right, for a walk from the left and one from the right."""
    bowl = partial(descent, "(x − 3)²", lambda x: (x - BOTTOM) ** 2, (-2.0, 8.0))
    expect_right_positions(student, bowl)


def test_two_hikers_end_in_two_valleys(student: Student) -> None:
    """On x^4 - 3x^2 + x, a walk from -2 ends at -1.301 and one from 2 at 1.131."""
    for start, valley in ((-2.0, LEFT_VALLEY), (2.0, RIGHT_VALLEY)):
        answer = walk_to_a_valley(student, start)
        way = two_valleys_walked(start, 0.05, 60)
        answer.show(descent("x⁴ − 3x² + x", two_valleys, (-2.1, 2.1), answer["way"].value, way))
        expect(answer["end"]).equals(valley, tolerance=LOOSE)


def test_the_lowest_end_wins(student: Student) -> None:
    """Of four learning rates on (x - 3)^2 the one wins whose walk ends nearest to the bottom."""
    with earlier_cause_first(partial(expect_right_positions, student)):
        expect_each(
            partial(choice, student),
            [(0.0, [0.01, 0.9, 0.45, 0.2], 5), (7.0, [0.97, 0.6, 0.05, 0.15], 4)],
            right=lambda start, rates, steps: min(
                rates, key=lambda lr: abs(positions(start, lr, steps)[-1] - BOTTOM)
            ),
            mistakes={
                "largest-rate-chosen": lambda _, rates, __: max(rates),
                "smallest-rate-chosen": lambda _, rates, __: min(rates),
            },
        )


def test_a_walk_that_ends_in_nan_never_wins(student: Student) -> None:
    """A learning rate of 40 leads to infinity and NaN on (x - 3)^2, and never wins."""
    expect(choice(student, 0.0, [40.0, 0.001, 0.01], 200)).equals(0.01, mistakes={"nan-wins": 40.0})


def test_only_where_a_walk_ends_counts(student: Student) -> None:
    """On x^4 - 3x^2 + x a rate wins whose walk begins slower and ends lower than the others."""
    expect(choice_between_valleys(student, -2.0, [0.2, 0.15, 0.1], 4)).equals(0.1)
