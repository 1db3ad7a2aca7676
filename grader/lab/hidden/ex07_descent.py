"""Hidden tests of ex07: gradient descent on a curve, and the choice of a learning rate.

A curve is a polynomial, given by its coefficients from the constant on. Right walks use the
derivative by formula, in Python's own floats; float32 and float64 both pass.

A mistake that another test charges is looked past. The choice of a learning rate is judged with
`descend` as handed in, and where it then fails, with a right one in its place.
"""

from __future__ import annotations

import math
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from grader.guest.probing import attempt, lent, unwatched_changes, watched, works
from grader.suite import earlier_cause_first, expect_beside, expect_each, points, probe
from kit.lending import own_or_lent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.suite import Answer, Student

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
PLAIN = -50.0  # a height below all others


def convex_walks() -> list[Walk]:
    """Give walks into the only valley of a curve, from either side."""
    return [(BOWL, -2.5, 0.4, 5), (STEEP_BOWL, 1.5, 0.3, 4)]


def walks_between_hills() -> list[Walk]:
    """Give two walks on a curve with two valleys: they end in different ones."""
    return [(TWO_VALLEYS, 0.9, 0.45, 6), (TWO_VALLEYS, -1.1, 0.3, 7)]


# What runs beside the submission.


def curve(
    coefficients: Curve,
    prepare: Callable[[Any], Tensor] = lambda x: x,
    beyond: float | None = None,
) -> Callable[[Tensor], Tensor]:
    """Make f from coefficients.

    `prepare` sees to what f is handed, before anything else. `beyond` is the height where the
    position is NaN or infinity, if f has one there.
    """

    def f(x: Tensor) -> Tensor:
        x = prepare(x)
        height = torch.full_like(x, coefficients[-1])
        for coefficient in reversed(coefficients[:-1]):
            height = height * x + coefficient
        if beyond is None:
            return height
        return torch.where(x.isfinite(), height, torch.full_like(height, beyond))

    return f


def as_tensor(x: float | Tensor) -> Tensor:
    """Make a tensor of a number."""
    return torch.as_tensor(x)


def single(x: Tensor) -> Tensor:
    """Let only a 0-d tensor pass.

    Raises:
        ValueError: it has dimensions.
    """
    if x.dim():
        raise ValueError(f"f takes a 0-d tensor, and was handed one of shape {tuple(x.shape)}")
    return x


def watched_again() -> Callable[[Tensor], Tensor]:
    """Return what lets autograd watch every position but the first."""
    first = True

    def prepare(x: Tensor) -> Tensor:
        nonlocal first
        if not first and x.requires_grad:
            x.retain_grad()
        elif not first:
            x.requires_grad_()
        first = False
        return x

    return prepare


@probe("descend(f, start, lr, steps)")
def walk(student: Any, coefficients: Curve, start: float, lr: float, steps: int) -> object:
    """Walk down a curve; where that fails, find out why."""

    def run(prepare: Callable[[Any], Tensor] = lambda x: x, steps: int = steps) -> object:
        return student.descend(curve(coefficients, prepare), start, lr, steps)

    def with_one_question() -> object:
        asked: list[Tensor] = []

        def noting(x: Tensor) -> Tensor:
            asked.append(x)
            return x

        works(lambda: run(noting))
        if len(asked) != 1:
            raise ValueError("every step asks f anew")
        return run(steps=min(steps, 1))

    return attempt(
        run,
        {
            "second-step-fails": lambda: works(lambda: run(watched_again())) or with_one_question(),
            "x-not-watched": partial(run, watched),
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


@probe("descend(f, start, lr, steps)")
def walk_by_single_positions(
    student: Any, coefficients: Curve, start: float, lr: float, steps: int
) -> object:
    """Walk down a curve that takes 0-d tensors alone."""

    def run(prepare: Callable[[Any], Tensor]) -> object:
        return student.descend(curve(coefficients, prepare), start, lr, steps)

    return attempt(partial(run, single), {"vector-handed-to-f": partial(run, lambda x: x)})


def right_descend(
    f: Callable[[Tensor], Tensor], start: float, lr: float, steps: int
) -> list[float]:
    """Walk down a curve as the exercise's formula says."""
    positions = [start]
    for _ in range(steps):
        x = torch.tensor(positions[-1], dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(f(x), x)
        positions.append(positions[-1] - lr * float(slope))
    return positions


def choose(
    student: Any, coefficients: Curve, given: Any, beyond: float | None = None, *, lend: bool
) -> Callable[..., object]:
    """Return what lets a learning rate be chosen, for f as `prepare` has it."""
    start, candidates, steps = given

    def run(prepare: Callable[[Any], Tensor] = lambda x: x) -> object:
        f = curve(coefficients, prepare, beyond)
        with lent(student, "descend", right_descend) if lend else nullcontext():
            return student.best_learning_rate(f, start, list(candidates), steps)

    return run


@probe("best_learning_rate(f, start, candidates, steps)")
def choice(
    student: Any,
    coefficients: Curve,
    start: float,
    candidates: list[float],
    steps: int,
    lend: bool,
) -> object:
    """Let a learning rate be chosen; where that fails, find out why."""
    run = choose(student, coefficients, (start, candidates, steps), lend=lend)
    return attempt(run, {"number-handed-to-f": partial(run, as_tensor)})


@probe("best_learning_rate(f, start, candidates, steps)")
def choice_by_single_positions(
    student: Any,
    coefficients: Curve,
    start: float,
    candidates: list[float],
    steps: int,
    lend: bool,
) -> object:
    """Let a learning rate be chosen on a curve that takes 0-d tensors alone."""
    run = choose(student, coefficients, (start, candidates, steps), lend=lend)
    return attempt(partial(run, single), {"vector-handed-to-f": run})


@probe("best_learning_rate(f, start, candidates, steps)")
def choice_on_a_plain(
    student: Any,
    coefficients: Curve,
    start: float,
    candidates: list[float],
    steps: int,
    lend: bool,
) -> object:
    """Let a learning rate be chosen on a curve that is low beyond all numbers."""
    return choose(student, coefficients, (start, candidates, steps), PLAIN, lend=lend)()


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


COUNT_MISTAKES: Mapping[str, Callable[..., object]] = {
    "start-left-out": lambda *given: path(*given)[1:],
    "last-position-left-out": lambda *given: path(*given)[:-1],
    "one-step-too-many": lambda f, start, lr, steps: path(f, start, lr, steps + 1),
}
TENSORS: Mapping[str, Callable[..., object]] = {
    "positions-are-tensors": lambda *given: [torch.tensor(x) for x in path(*given)],
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
    expect_beside(
        partial(walk, student),
        convex_walks(),
        right=path,
        past=COUNT_MISTAKES,
        mistakes={**PATH_MISTAKES, **TENSORS, **NO_WALKS},
    )


@points(1)
def test_descend_walks_into_the_valley(student: Student) -> None:
    """On a curve with one valley every position is the last one minus the rate times the slope."""
    walks_are_right(student)


@points(1)
def test_descend_ends_in_the_valley_of_its_side(student: Student) -> None:
    """On a curve with two valleys the walk goes down on the side where it started."""
    expect_beside(
        partial(walk, student),
        walks_between_hills(),
        right=path,
        past={**COUNT_MISTAKES, **TENSORS},
        mistakes={**PATH_MISTAKES, **NO_WALKS},
    )


@points(1)
def test_positions_are_one_more_than_steps(student: Student) -> None:
    """There are as many positions as steps and one more, also for one step and for none."""
    past = {**PATH_MISTAKES, **TENSORS}
    given: list[Walk] = [(BOWL, 3.0, 0.2, 2), (TWO_VALLEYS, -2.0, 0.3, 1)]
    expect_beside(partial(walk, student), given, path, past, COUNT_MISTAKES)
    expect_beside(partial(walk, student), [(BOWL, 3.0, 0.2, 0)], path, past)


@points(1)
def test_descend_walks_on_when_a_step_leads_uphill(student: Student) -> None:
    """A learning rate that is too large leads over the valley and higher up, step for step."""
    with earlier_cause_first(partial(walks_are_right, student)):
        expect_beside(
            partial(walk, student),
            [([1.0, 0.5, 0.5], 0.8, 2.1, 5), (TWO_VALLEYS, 0.7, 1.1, 5)],
            right=path,
            past={**COUNT_MISTAKES, **TENSORS},
            mistakes={"stops-when-it-rises": path_while_falling},
        )


@points(1)
def test_every_walk_begins_anew(student: Student) -> None:
    """A second walk, on another curve, knows nothing of the first."""
    first, second = convex_walks()[0], walks_between_hills()[1]
    answer = walk_twice(student, list(first), list(second))
    before = answer["first"].value
    older = [*before, *path(*second)] if isinstance(before, list) else []
    expect_beside(
        lambda *_: answer["second"],
        [second],
        right=path,
        past={**PATH_MISTAKES, **COUNT_MISTAKES, **TENSORS},
        mistakes={"older-positions-kept": lambda *_: older},
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


def choices_are_right(student: Student, *, lend: bool) -> None:
    """Expect choices among candidates that all end somewhere to be right."""
    call = partial(choose_with, choice, student, lend=lend)
    expect_each(call, choices(), right=best, mistakes=CHOICE_MISTAKES)


def choose_with(ask: Callable[..., Answer], student: Student, *given: Any, lend: bool) -> Answer:
    """Let a learning rate be chosen, by a right `descend` if one is to be lent."""
    return ask(student, *given, lend)


@points(2)
def test_the_lowest_end_wins(student: Student) -> None:
    """The best learning rate is the candidate whose walk ends lowest."""
    own_or_lent(lambda lend: choices_are_right(student, lend=lend))


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


@points(1)
def test_a_walk_that_ends_in_nan_never_wins(student: Student) -> None:
    """A candidate whose walk ends in NaN never wins, wherever it stands in the list."""
    own_or_lent(lambda lend: nan_never_wins(student, lend=lend))


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


@points(1)
def test_a_walk_that_ends_at_infinity_never_wins(student: Student) -> None:
    """A candidate whose walk ends at no number never wins, be the height there infinite or not."""

    def judge(lend: bool) -> None:
        infinity_never_wins(student, lend=lend)
        with earlier_cause_first(partial(nan_never_wins, student, lend=lend)):
            expect_each(
                partial(choose_with, choice_on_a_plain, student, lend=lend),
                [
                    (STEEP_BOWL, 2.5, [0.03, 3.0, 0.12, 0.06], 14),
                    (TWO_VALLEYS, -2.5, [3.5, 0.02, 0.3, 0.05], 15),
                ],
                right=best,
                mistakes={"only-the-height-checked": diverging},
            )

    own_or_lent(judge)


@points(1)
def test_f_is_asked_about_one_position_at_a_time(student: Student) -> None:
    """Both functions hand f a 0-d tensor: no vector of one position, and none of several."""
    expect_beside(
        partial(walk_by_single_positions, student),
        [(BOWL, -1.5, 0.3, 4), (TWO_VALLEYS, 1.2, 0.25, 3)],
        right=path,
        past={**PATH_MISTAKES, **COUNT_MISTAKES, **TENSORS},
    )
    own_or_lent(
        lambda lend: expect_beside(
            partial(choose_with, choice_by_single_positions, student, lend=lend),
            choices(),
            right=best,
            past={**CHOICE_MISTAKES, "nothing-returned": best},
        )
    )
