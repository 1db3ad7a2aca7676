"""Hidden tests of ex07: gradient descent on a curve, and the choice of a learning rate.

A curve is a polynomial, given by its coefficients from the constant on. Right walks use the
derivative by formula, in Python's own floats; float32 and float64 both pass.

A mistake that another test charges is looked past. The choice of a learning rate is judged with
`descend` as handed in, and where it then fails, with a right one in its place.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from grader.suite import earlier_cause_first, expect_beside, expect_each, points
from kit.lending import own_or_lent

if TYPE_CHECKING:
    from grader.suite import Student

    Curve = list[float]
    Walk = tuple[Curve, float, float, int]
    Choice = tuple[Curve, float, list[float], int]
    Path = list[float]
from kit.descent.judging import (
    BOWL,
    CHOICE_MISTAKES,
    COUNT_MISTAKES,
    NO_WALKS,
    PATH_MISTAKES,
    STEEP_BOWL,
    TENSORS,
    TWO_VALLEYS,
    best,
    choices,
    choices_are_right,
    choose_with,
    convex_walks,
    diverging,
    flat_walks,
    infinity_never_wins,
    nan_never_wins,
    path,
    path_downhill_only,
    path_while_falling,
    pits_never_win,
    walks_are_right,
    walks_between_hills,
)
from kit.descent.probes import (
    choice_by_single_positions,
    choice_on_a_plain,
    walk,
    walk_by_single_positions,
    walk_twice,
)


@points(1)
def test_descend_walks_into_the_valley(student: Student) -> None:
    """descend: each step subtracts lr times the slope, on curves with one lowest point."""
    walks_are_right(student)


@points(1)
def test_descend_ends_in_the_valley_of_its_side(student: Student) -> None:
    """descend: with two lowest points, the start decides in which of them it ends."""
    expect_beside(
        partial(walk, student),
        walks_between_hills(),
        right=path,
        past={**COUNT_MISTAKES, **TENSORS},
        mistakes={**PATH_MISTAKES, **NO_WALKS},
    )


@points(1)
def test_positions_are_one_more_than_steps(student: Student) -> None:
    """descend: returns steps + 1 positions, also for one step and for none."""
    past = {**PATH_MISTAKES, **TENSORS}
    given: list[Walk] = [(BOWL, 3.0, 0.2, 2), (TWO_VALLEYS, -2.0, 0.3, 1)]
    expect_beside(partial(walk, student), given, path, past, COUNT_MISTAKES)
    expect_beside(partial(walk, student), [(BOWL, 3.0, 0.2, 0)], path, past)
    answers = [walk(student, *given) for given in flat_walks()]
    lengths = {len(answer.value) for answer in answers if isinstance(answer.value, list)}
    expect_beside(
        answers,
        flat_walks(),
        path,
        {**past, **COUNT_MISTAKES},
        {"stops-when-flat": lambda *given: path(*given)[: min(lengths & {1, 2}, default=1)]},
    )


@points(1)
def test_descend_walks_on_when_a_step_leads_uphill(student: Student) -> None:
    """descend: takes all steps, even if lr is too large and they end higher."""
    with earlier_cause_first(partial(walks_are_right, student)):
        expect_beside(
            partial(walk, student),
            [([1.0, 0.5, 0.5], 0.8, 2.1, 5), (TWO_VALLEYS, 0.7, 1.1, 5)],
            right=path,
            past={**COUNT_MISTAKES, **TENSORS},
            mistakes={
                "stops-when-it-rises": path_while_falling,
                "stays-where-it-would-rise": path_downhill_only,
            },
        )


@points(1)
def test_every_walk_begins_anew(student: Student) -> None:
    """descend: a second call, with another f, does not depend on the first."""
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


@points(2)
def test_the_lowest_end_wins(student: Student) -> None:
    """best_learning_rate: picks the candidate that ends lowest."""
    own_or_lent(lambda lend: choices_are_right(student, lend=lend))


@points(1)
def test_a_walk_that_ends_in_nan_never_wins(student: Student) -> None:
    """best_learning_rate: never picks one that ends in NaN, wherever it is in the list."""
    own_or_lent(lambda lend: nan_never_wins(student, lend=lend))


@points(1)
def test_a_walk_that_ends_at_infinity_never_wins(student: Student) -> None:
    """best_learning_rate: never picks one whose position or height ends infinite or NaN."""

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
        pits_never_win(student, lend=lend)

    own_or_lent(judge)


@points(1)
def test_f_is_asked_about_one_position_at_a_time(student: Student) -> None:
    """descend, best_learning_rate: pass f a 0-d tensor, one position at a time."""
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
