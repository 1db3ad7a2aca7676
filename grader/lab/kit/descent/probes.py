"""What the hidden tests ask a submission."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from beside.repairs import watched_from_the_first
from grader.guest.probing import attempt, lent, unwatched_changes, works
from grader.suite import probe

if TYPE_CHECKING:
    from collections.abc import Callable

    Curve = list[float]
    Walk = tuple[Curve, float, float, int]
    Choice = tuple[Curve, float, list[float], int]
    Path = list[float]

__all__ = [
    "EDGE",
    "choice",
    "choice_beside_a_pit",
    "choice_by_single_positions",
    "choice_on_a_plain",
    "curve",
    "height",
    "slope",
    "walk",
    "walk_by_single_positions",
    "walk_twice",
]

PLAIN = -50.0  # a height below all others
EDGE = 4.0  # of the ground, on either side: where there is a pit, it begins there


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
        raise ValueError(f"f takes a 0-d tensor, but got one of shape {tuple(x.shape)}")
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
            "x-not-watched": lambda: run(watched_from_the_first()),
            "update-outside-no-grad": unwatched_changes()(run),
        },
    )


@probe("first = descend(f, start, lr, steps), then second = descend(…)")
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


@probe("best_learning_rate(f, start, candidates, steps)")
def choice_beside_a_pit(
    student: Any,
    coefficients: Curve,
    start: float,
    candidates: list[float],
    steps: int,
    lend: bool,
) -> object:
    """Let a learning rate be chosen on a curve that is infinitely deep from some place on."""
    ground = curve(coefficients)

    def f(x: Tensor) -> Tensor:
        heights = ground(x)
        return torch.where(x.abs() > EDGE, torch.full_like(heights, -torch.inf), heights)

    with lent(student, "descend", right_descend) if lend else nullcontext():
        return student.best_learning_rate(f, start, list(candidates), steps)


def height(coefficients: Curve, x: float) -> float:
    """Give f(x)."""
    value = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        value = value * x + coefficient
    return value


def slope(coefficients: Curve, x: float) -> float:
    """Give the slope of f at x."""
    return height([power * each for power, each in enumerate(coefficients)][1:], x)
