"""What is right, and what known mistakes give, for the hidden tests."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from grader.suite import earlier_cause_first, expect_beside, expect_each

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.suite import Answer, Student

    Curve = list[float]
    Walk = tuple[Curve, float, float, int]
    Choice = tuple[Curve, float, list[float], int]
    Path = list[float]
from kit.descent.probes import (
    EDGE,
    choice,
    choice_beside_a_pit,
    height,
    slope,
    walk,
)
from kit.descent.rates import rates_that
from kit.descent.rounding import rounding_that
from kit.descent.tensors import as_tensors

__all__ = [
    "BOWL",
    "CHOICE_MISTAKES",
    "COUNT_MISTAKES",
    "NO_WALKS",
    "PATH_MISTAKES",
    "STEEP_BOWL",
    "TENSORS",
    "TWO_VALLEYS",
    "best",
    "choices",
    "choices_are_right",
    "choose_with",
    "convex_walks",
    "diverging",
    "flat_walks",
    "infinity_never_wins",
    "nan_never_wins",
    "path",
    "path_downhill_only",
    "path_while_falling",
    "pits_never_win",
    "walks_are_right",
    "walks_between_hills",
]

BOWL = [2.0, -1.2, 0.45]

STEEP_BOWL = [-1.0, 3.0, 0.4, 0.1, 0.05]

TWO_VALLEYS = [0.5, 0.2, -0.6, 0.02, 0.06]

FLAT_BOWL = [0.0, 0.0, 5e-10]  # its slope is small everywhere: its steps need large rates

FLAT_VALLEYS = [0.0, 1e-10, -6e-10, 0.0, 1e-10]

EXAMPLE_STEPS = 4  # of the docstring's call of best_learning_rate

CLIFF_ON_THE_LEFT = [0.0, -1.0, 0.0, 0.3]

CLIFF_ON_THE_RIGHT = [0.5, 1.0, 0.1, -0.25]


def convex_walks() -> list[Walk]:
    """Give walks into the only valley of a curve, from either side."""
    return [(BOWL, -2.5, 0.4, 5), (STEEP_BOWL, 1.5, 0.3, 4)]


def walks_between_hills() -> list[Walk]:
    """Give two walks on a curve with two valleys: they end in different ones."""
    return [(TWO_VALLEYS, 0.9, 0.45, 6), (TWO_VALLEYS, -1.1, 0.3, 7)]


def flat_walks() -> list[Walk]:
    """Give walks that go far on slopes of less than a billionth."""
    return [(FLAT_BOWL, 0.4, 2e8, 4), (FLAT_VALLEYS, -0.7, 1e8, 3)]


def path(
    coefficients: Curve,
    start: float,
    lr: float,
    steps: int,
    *,
    kept: float = 0.0,
    slope_at: Callable[[Curve, float], float] = slope,
    shares: Sequence[float] = (),
) -> Path:
    """Walk downhill.

    `kept` is how much earlier slopes count in each step, and `shares` say by how much of the
    learning rate each step goes, if not by all of it.
    """
    positions, stride = [start], 0.0
    for step in range(steps):
        stride = kept * stride + slope_at(coefficients, positions[-1])
        share = shares[step] if step < len(shares) else 1.0
        positions.append(positions[-1] - share * lr * stride)
    return positions


def sign_of_slope(coefficients: Curve, x: float) -> float:
    """Give 1 where the curve rises, and -1 where it falls."""
    return math.copysign(1.0, slope(coefficients, x))


def slope_times_height(coefficients: Curve, x: float) -> float:
    """Give the slope that a backward pass from the height itself leaves."""
    return slope(coefficients, x) * height(coefficients, x)


def path_by_first_slope(coefficients: Curve, start: float, lr: float, steps: int) -> Path:
    """Walk on by the slope that was found at the start."""
    return path(coefficients, start, lr, steps, slope_at=lambda curve, _: slope(curve, start))


def path_while_falling(coefficients: Curve, start: float, lr: float, steps: int) -> Path:
    """Walk until a step would lead uphill."""
    positions = path(coefficients, start, lr, steps)
    heights = [height(coefficients, x) for x in positions]
    rises = [place for place in range(1, len(heights)) if heights[place] > heights[place - 1]]
    return positions[: rises[0]] if rises else positions


def path_downhill_only(coefficients: Curve, start: float, lr: float, steps: int) -> Path:
    """Walk, but stay where a step would not lead lower."""
    positions = [start]
    for _ in range(steps):
        after = path(coefficients, positions[-1], lr, 1)[-1]
        lower = height(coefficients, after) < height(coefficients, positions[-1])
        positions.append(after if lower else positions[-1])
    return positions


COUNT_MISTAKES: Mapping[str, Callable[..., object]] = {
    "start-left-out": lambda *given: path(*given)[1:],
    "last-position-left-out": lambda *given: path(*given)[:-1],
    "one-step-too-many": lambda f, start, lr, steps: path(f, start, lr, steps + 1),
}

TENSORS: Mapping[str, Callable[..., object]] = {  # of either dtype; one test charges them
    str(dtype): lambda *given, dtype=dtype: [torch.tensor(x, dtype=dtype) for x in path(*given)]
    for dtype in (torch.float32, torch.float64)
}

PATH_MISTAKES: Mapping[str, Callable[..., object]] = {
    "step-uphill": lambda f, start, lr, steps: path(f, start, -lr, steps),
    "lr-missing": lambda f, start, _, steps: path(f, start, 1.0, steps),
    "lr-twice": lambda f, start, lr, steps: path(f, start, lr * lr, steps),
    "slope-taken-once": path_by_first_slope,
    "slopes-add-up": partial(path, kept=1.0),
    "momentum-added": partial(path, kept=0.9),
    "slope-of-x-squared": partial(path, slope_at=lambda _, x: 2 * x),
    "start-ignored": lambda f, _, lr, steps: path(f, 0.0, lr, steps),
    "end-in-every-place": lambda *given: [path(*given)[-1]] * (given[3] + 1),
    "heights-not-positions": lambda *given: [height(given[0], x) for x in path(*given)],
    "slopes-not-positions": lambda *given: [slope(given[0], x) for x in path(*given)],
}

NO_WALKS: Mapping[str, Callable[..., object]] = {
    "last-position-only": lambda *given: path(*given)[-1],
    "nothing-returned": lambda *_: None,
}


def walks_are_right(student: Student) -> None:
    """Expect walks on convex curves to be right."""
    answers = [walk(student, *given) for given in convex_walks()]
    expect_beside(
        answers,
        convex_walks(),
        right=path,
        past=COUNT_MISTAKES,
        mistakes=lambda: {
            **PATH_MISTAKES,
            **NO_WALKS,
            "sign-of-the-slope": partial(path, slope_at=sign_of_slope),
            "backward-times-loss": partial(path, slope_at=slope_times_height),
            **rates_that(path, slope, answers, convex_walks()),
            **rounding_that(path, answers, convex_walks()),
            "positions-are-tensors": as_tensors(path, answers),
        },
    )


def choices() -> list[Choice]:
    """Give curves and candidates of which neither the first, last, largest nor smallest wins."""
    rates = [0.72, 0.77, 0.81, 0.83, 0.75, 0.06, 0.71, 0.27, 0.45, 0.57, 0.73, 0.2]
    others = [0.57, 0.07, 0.56, 0.71, 0.81, 0.62, 0.65, 0.39, 0.14, 0.5, 0.76, 0.47]
    return [
        ([1.5, -0.8, -1.1, 0.2, 0.18], -1.7, rates, 7),
        ([0.6, 0.6, -1.2, -0.2, 0.18], -0.5, others, 6),
    ]


def lowest_by(
    measure: Callable[[Curve, Path], float], f: Curve, start: float, rates: list[float], steps: int
) -> float:
    """Give the candidate whose walk has the lowest measure."""
    return min(rates, key=lambda lr: measure(f, path(f, start, lr, steps)))


def end_height(coefficients: Curve, positions: Path) -> float:
    """Give the height at which a walk ends."""
    return height(coefficients, positions[-1])


def ends_somewhere(f: Curve, start: float, lr: float, steps: int) -> bool:
    """Whether a walk ends at a position and a height that are numbers."""
    end = path(f, start, lr, steps)[-1]
    return math.isfinite(end) and math.isfinite(height(f, end))


def best(f: Curve, start: float, rates: list[float], steps: int) -> float:
    """Give the candidate whose walk ends lowest, of those that end somewhere."""
    finite = [lr for lr in rates if ends_somewhere(f, start, lr, steps)]
    return lowest_by(end_height, f, start, finite, steps)


def diverging(f: Curve, start: float, rates: list[float], steps: int) -> float:
    """Give the one candidate whose walk ends nowhere."""
    (lr,) = (lr for lr in rates if not ends_somewhere(f, start, lr, steps))
    return lr


def best_walk(f: Curve, start: float, rates: list[float], steps: int) -> Path:
    """Give the walk of the best candidate."""
    return path(f, start, best(f, start, rates, steps), steps)


CHOICE_MISTAKES: Mapping[str, Callable[..., object]] = {
    "largest-rate-chosen": lambda _, __, rates, ___: max(rates),
    "smallest-rate-chosen": lambda _, __, rates, ___: min(rates),
    "first-rate-chosen": lambda _, __, rates, ___: rates[0],
    "last-rate-chosen": lambda _, __, rates, ___: rates[-1],
    "highest-end-chosen": partial(lowest_by, lambda f, xs: -height(f, xs[-1])),
    "lowest-position-chosen": partial(lowest_by, lambda _, xs: xs[-1]),
    "lowest-on-the-way-chosen": partial(lowest_by, lambda f, xs: min(height(f, x) for x in xs)),
    "nearest-to-zero-chosen": partial(lowest_by, lambda f, xs: abs(height(f, xs[-1]))),
    "only-one-step-tried": partial(lowest_by, lambda f, xs: height(f, xs[1])),
    "steps-of-the-example": partial(lowest_by, lambda f, xs: height(f, xs[EXAMPLE_STEPS])),
    "place-not-rate": lambda *given: given[2].index(best(*given)),
    "height-not-rate": lambda *given: end_height(given[0], best_walk(*given)),
    "position-not-rate": lambda *given: best_walk(*given)[-1],
    "nothing-returned": lambda *_: None,
}


def choices_are_right(student: Student, *, lend: bool) -> None:
    """Expect choices among candidates that all end somewhere to be right."""
    call = partial(choose_with, choice, student, lend=lend)
    expect_each(call, choices(), right=best, mistakes=CHOICE_MISTAKES)


def choose_with(ask: Callable[..., Answer], student: Student, *given: Any, lend: bool) -> Answer:
    """Let a learning rate be chosen, by a right `descend` if one is to be lent."""
    return ask(student, *given, lend)


def nan_never_wins(student: Student, *, lend: bool) -> None:
    """Expect that a walk that ends in NaN is never chosen."""
    with earlier_cause_first(partial(choices_are_right, student, lend=lend)):
        expect_each(
            partial(choose_with, choice, student, lend=lend),
            [
                (STEEP_BOWL, 3.0, [2.5, 0.02, 0.1, 0.05], 12),
                (TWO_VALLEYS, -2.5, [0.03, 3.5, 0.3, 0.01], 14),
                (TWO_VALLEYS, 2.5, [3.5, 0.02, 0.2, 0.04], 13),
            ],
            right=best,
            mistakes={"nan-wins": diverging},
        )


def infinity_never_wins(student: Student, *, lend: bool) -> None:
    """Expect that a walk that falls for ever is never chosen."""
    with earlier_cause_first(partial(choices_are_right, student, lend=lend)):
        expect_each(
            partial(choose_with, choice, student, lend=lend),
            [
                (CLIFF_ON_THE_LEFT, 0.5, [0.05, 8.0, 0.4, 0.1], 16),
                (CLIFF_ON_THE_RIGHT, -0.4, [0.3, 0.1, 0.02, 9.0], 18),
            ],
            right=best,
            mistakes={"infinity-wins": diverging},
        )


def end_beside_a_pit(f: Curve, start: float, lr: float, steps: int) -> float:
    """Give where a walk ends that stays where it is once it has come to the pit."""
    flat_beyond = path(
        f, start, lr, steps, slope_at=lambda curve, x: slope(curve, x) * (abs(x) <= EDGE)
    )
    return flat_beyond[-1]


def best_on_the_ground(f: Curve, start: float, rates: list[float], steps: int) -> float:
    """Give the candidate whose walk ends lowest, of those that end outside the pit."""
    ends = {lr: end_beside_a_pit(f, start, lr, steps) for lr in rates}
    return min((lr for lr in rates if abs(ends[lr]) <= EDGE), key=lambda lr: height(f, ends[lr]))


def fallen(f: Curve, start: float, rates: list[float], steps: int) -> float:
    """Give the one candidate whose walk ends in the pit."""
    (lr,) = (lr for lr in rates if abs(end_beside_a_pit(f, start, lr, steps)) > EDGE)
    return lr


def pits_never_win(student: Student, *, lend: bool) -> None:
    """Expect that a walk to a place of infinite depth is never chosen."""
    with earlier_cause_first(partial(choices_are_right, student, lend=lend)):
        expect_each(
            partial(choose_with, choice_beside_a_pit, student, lend=lend),
            [
                (BOWL, -1.5, [0.1, 2.4, 0.9, 0.3], 5),
                (TWO_VALLEYS, 2.6, [0.02, 0.2, 4.2, 0.05], 6),
            ],
            right=best_on_the_ground,
            mistakes={"only-the-position-checked": fallen},
        )
