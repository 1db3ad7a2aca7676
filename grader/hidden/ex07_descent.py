"""Hidden tests of ex07: gradient descent on a curve, and the choice of a learning rate.

A curve is a polynomial, given by its coefficients from the constant on. Right walks use the
derivative by formula, in Python's own floats; float32 and float64 both pass.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from grader.guest.probing import attempt, unwatched_changes, watched
from grader.judge.expect import earlier_cause_first, expect, expect_each
from grader.judge.suite import points, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.judge.student import Student

    Curve = list[float]
    Walk = tuple[Curve, float, float, int]
    Choice = tuple[Curve, float, list[float], int]
    Path = list[float]

# Two convex curves, one with two valleys, and two that fall for ever on one side.

BOWL = [2.0, -1.2, 0.45]
STEEP_BOWL = [-1.0, 3.0, 0.4, 0.1, 0.05]
TWO_VALLEYS = [0.5, 0.2, -0.6, 0.02, 0.06]
CLIFF_ON_THE_LEFT = [0.0, -1.0, 0.0, 0.3]
CLIFF_ON_THE_RIGHT = [0.5, 1.0, 0.1, -0.25]


def convex_walks() -> list[Walk]:
    """Give walks into the only valley of a curve, from either side."""
    return [(BOWL, -2.5, 0.4, 5), (STEEP_BOWL, 1.5, 0.3, 4)]


def walks_between_hills() -> list[Walk]:
    """Give two walks on a curve with two valleys: they end in different ones."""
    return [(TWO_VALLEYS, 0.9, 0.45, 6), (TWO_VALLEYS, -1.1, 0.3, 7)]


# What runs beside the submission.


def curve(
    coefficients: Curve, prepare: Callable[[Any], Tensor] = lambda x: x
) -> Callable[[Tensor], Tensor]:
    """Make f from coefficients; `prepare` sees to what f is handed, before anything else."""

    def f(x: Tensor) -> Tensor:
        x = prepare(x)
        height = torch.full_like(x, coefficients[-1])
        for coefficient in reversed(coefficients[:-1]):
            height = height * x + coefficient
        return height

    return f


def as_tensor(x: float | Tensor) -> Tensor:
    """Make a tensor of a number."""
    return torch.as_tensor(x)


@probe("descend(f, start, lr, steps)")
def walk(student: Any, coefficients: Curve, start: float, lr: float, steps: int) -> object:
    """Walk down a curve; where that fails, find out why."""

    def run(steps: int = steps, prepare: Callable[[Any], Tensor] = lambda x: x) -> object:
        return student.descend(curve(coefficients, prepare), start, lr, steps)

    return attempt(
        run,
        {
            "second-step-fails": partial(run, min(steps, 1)),
            "x-not-watched": partial(run, prepare=watched),
            "update-outside-no-grad": unwatched_changes()(run),
        },
    )


@probe("descend(f, start, lr, steps), twice")
def walk_twice(student: Any, first: list[Any], second: list[Any]) -> dict[str, object]:
    """Walk down one curve and then another."""
    (coefficients, *given), (others, *later) = first, second
    before = student.descend(curve(coefficients), *given)
    kept = list(before) if isinstance(before, list) else before
    return {"first": kept, "second": student.descend(curve(others), *later)}


@probe("best_learning_rate(f, start, candidates, steps)")
def choice(
    student: Any, coefficients: Curve, start: float, candidates: list[float], steps: int
) -> object:
    """Let a learning rate be chosen; where that fails, find out why."""

    def run(prepare: Callable[[Any], Tensor] = lambda x: x) -> object:
        f = curve(coefficients, prepare)
        return student.best_learning_rate(f, start, list(candidates), steps)

    return attempt(run, {"number-handed-to-f": partial(run, as_tensor)})


# What is right, and what mistakes give.


def height(coefficients: Curve, x: float) -> float:
    """Give f(x)."""
    value = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        value = value * x + coefficient
    return value


def slope(coefficients: Curve, x: float) -> float:
    """Give the slope of f at x."""
    return height([power * each for power, each in enumerate(coefficients)][1:], x)


def path(
    coefficients: Curve,
    start: float,
    lr: float,
    steps: int,
    *,
    kept: float = 0.0,
    slope_at: Callable[[Curve, float], float] = slope,
) -> Path:
    """Walk downhill; `kept` is how much earlier slopes count in each step."""
    positions, stride = [start], 0.0
    for _ in range(steps):
        stride = kept * stride + slope_at(coefficients, positions[-1])
        positions.append(positions[-1] - lr * stride)
    return positions


def path_by_first_slope(coefficients: Curve, start: float, lr: float, steps: int) -> Path:
    """Walk on by the slope that was found at the start."""
    return path(coefficients, start, lr, steps, slope_at=lambda curve, _: slope(curve, start))


def path_while_falling(coefficients: Curve, start: float, lr: float, steps: int) -> Path:
    """Walk until a step would lead uphill."""
    positions = path(coefficients, start, lr, steps)
    heights = [height(coefficients, x) for x in positions]
    rises = [place for place in range(1, len(heights)) if heights[place] > heights[place - 1]]
    return positions[: rises[0]] if rises else positions


WALK_MISTAKES: Mapping[str, Callable[..., object]] = {
    "step-uphill": lambda f, start, lr, steps: path(f, start, -lr, steps),
    "lr-missing": lambda f, start, _, steps: path(f, start, 1.0, steps),
    "lr-twice": lambda f, start, lr, steps: path(f, start, lr * lr, steps),
    "slope-taken-once": path_by_first_slope,
    "slopes-add-up": partial(path, kept=1.0),
    "momentum-added": partial(path, kept=0.9),
    "slope-of-x-squared": partial(path, slope_at=lambda _, x: 2 * x),
    "start-ignored": lambda f, _, lr, steps: path(f, 0.0, lr, steps),
    "start-left-out": lambda *given: path(*given)[1:],
    "last-position-left-out": lambda *given: path(*given)[:-1],
    "one-step-too-many": lambda f, start, lr, steps: path(f, start, lr, steps + 1),
    "last-position-only": lambda *given: path(*given)[-1],
    "end-in-every-place": lambda *given: [path(*given)[-1]] * (given[3] + 1),
    "heights-not-positions": lambda *given: [height(given[0], x) for x in path(*given)],
    "slopes-not-positions": lambda *given: [slope(given[0], x) for x in path(*given)],
    "positions-are-tensors": lambda *given: [torch.tensor(x) for x in path(*given)],
    "nothing-returned": lambda *_: None,
}


def walks_are_right(student: Student) -> None:
    """Expect walks on convex curves to be right."""
    expect_each(partial(walk, student), convex_walks(), right=path, mistakes=WALK_MISTAKES)


@points(2)
def test_descend_walks_into_the_valley(student: Student) -> None:
    """On a curve with one valley every position is the last one minus the rate times the slope."""
    walks_are_right(student)


@points(1)
def test_descend_ends_in_the_valley_of_its_side(student: Student) -> None:
    """On a curve with two valleys the walk goes down on the side where it started."""
    given = walks_between_hills()
    expect_each(partial(walk, student), given, right=path, mistakes=WALK_MISTAKES)


@points(1)
def test_positions_are_one_more_than_steps(student: Student) -> None:
    """There are as many positions as steps and one more, also for one step and for none."""
    expect_each(
        partial(walk, student),
        [(BOWL, 3.0, 0.2, 0), (TWO_VALLEYS, -2.0, 0.3, 1)],
        right=path,
        mistakes={slug: WALK_MISTAKES[slug] for slug in ("start-left-out", "one-step-too-many")},
    )


@points(1)
def test_descend_walks_on_when_a_step_leads_uphill(student: Student) -> None:
    """A learning rate that is too large leads over the valley and higher up, step for step."""
    with earlier_cause_first(partial(walks_are_right, student)):
        expect_each(
            partial(walk, student),
            [([1.0, 0.5, 0.5], 0.8, 2.1, 5), (TWO_VALLEYS, 0.7, 1.1, 5)],
            right=path,
            mistakes={"stops-when-it-rises": path_while_falling},
        )


@points(1)
def test_every_walk_begins_anew(student: Student) -> None:
    """A second walk, on another curve, knows nothing of the first."""
    first, second = convex_walks()[0], walks_between_hills()[1]
    answer = walk_twice(student, list(first), list(second))
    before, right = answer["first"].value, path(*second)
    expect(answer["second"]).equals(
        right,
        mistakes={
            "older-positions-kept": [*before, *right] if isinstance(before, list) else [],
        },
    )


# The choice of a learning rate.


def choices() -> list[Choice]:
    """Give curves and candidates of which neither the first, last, largest nor smallest wins."""
    rates = [0.54, 0.71, 0.33, 0.81, 0.76, 0.8, 0.25, 0.22, 0.77, 0.74]
    others = [0.1, 0.64, 0.13, 0.72, 0.07, 0.68, 0.88, 0.83, 0.86, 0.56]
    return [
        ([0.0, -0.8, -1.1, 0.2, 0.18], -1.7, rates, 7),
        ([0.0, 0.6, -1.2, -0.2, 0.18], -0.5, others, 5),
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
    "only-one-step-tried": partial(lowest_by, lambda f, xs: height(f, xs[1])),
    "place-not-rate": lambda *given: given[2].index(best(*given)),
    "height-not-rate": lambda *given: end_height(given[0], best_walk(*given)),
    "position-not-rate": lambda *given: best_walk(*given)[-1],
    "nothing-returned": lambda *_: None,
}


def choices_are_right(student: Student) -> None:
    """Expect walks, and then choices among candidates that all end somewhere, to be right."""
    with earlier_cause_first(partial(walks_are_right, student)):
        expect_each(partial(choice, student), choices(), right=best, mistakes=CHOICE_MISTAKES)


@points(2)
def test_the_lowest_end_wins(student: Student) -> None:
    """The best learning rate is the candidate whose walk ends lowest."""
    choices_are_right(student)


@points(1)
def test_a_walk_that_ends_in_nan_never_wins(student: Student) -> None:
    """A candidate whose walk ends in NaN never wins, wherever it stands in the list."""
    with earlier_cause_first(partial(choices_are_right, student)):
        expect_each(
            partial(choice, student),
            [
                (STEEP_BOWL, 3.0, [2.5, 0.02, 0.1, 0.05], 12),
                (TWO_VALLEYS, -2.5, [0.03, 3.5, 0.3, 0.01], 14),
                (TWO_VALLEYS, 2.5, [3.5, 0.02, 0.2, 0.04], 13),
            ],
            right=best,
            mistakes={"nan-wins": diverging},
        )


@points(1)
def test_a_walk_that_ends_at_infinity_never_wins(student: Student) -> None:
    """A candidate whose walk falls for ever, to minus infinity, never wins."""
    with earlier_cause_first(partial(choices_are_right, student)):
        expect_each(
            partial(choice, student),
            [
                (CLIFF_ON_THE_LEFT, 0.5, [0.05, 8.0, 0.4, 0.1], 16),
                (CLIFF_ON_THE_RIGHT, -0.4, [0.3, 0.1, 0.02, 9.0], 18),
            ],
            right=best,
            mistakes={"infinity-wins": diverging},
        )
