"""Public checks of ex07: run them as often as you like while you write."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from grader.suite import LOOSE, descent, earlier_cause_first, expect, expect_each

if TYPE_CHECKING:
    from grader.suite import Student
from kit.descent.checking import (
    BEST,
    BOTTOM,
    CHOICE_MISTAKES,
    LEFT_VALLEY,
    RIGHT_VALLEY,
    VALLEY_CHOICES,
    choice,
    choice_between_valleys,
    expect_right_positions,
    falls_never_win,
    number_of_positions_is_right,
    positions,
    single_positions_are_asked_for,
    two_valleys,
    two_valleys_walked,
    walk,
    walk_to_a_valley,
    walk_twice,
)


def test_positions_on_a_parabola_are_right(student: Student) -> None:
    """descend: every position on (x - 3)^2 is right, from either side."""
    bowl = partial(descent, "(x − 3)²", lambda x: (x - BOTTOM) ** 2, (-2.0, 8.0))
    expect_right_positions(student, bowl)


def test_a_walk_goes_on_when_a_step_leads_uphill(student: Student) -> None:
    """descend: takes all steps, even if lr is too large and each step ends higher."""
    with earlier_cause_first(partial(expect_right_positions, student)):
        expect_each(
            partial(walk, student),
            [(4.0, 1.2, 3), (2.0, 1.1, 4)],
            right=positions,
            mistakes={
                "stops-when-it-rises": lambda start, *_: [start],
                "stays-where-it-would-rise": lambda start, _, steps: [start] * (steps + 1),
            },
        )


def test_a_second_walk_begins_anew(student: Student) -> None:
    """descend: a second call does not depend on the first."""
    answer = walk_twice(student, [5.0, 0.8, 5], [-1.0, 0.1, 4])
    before, right = answer["first"].value, positions(-1.0, 0.1, 4)
    older = [*before, *right] if isinstance(before, list) else []
    expect(answer["second"]).equals(right, mistakes={"older-positions-kept": older})


def test_two_hikers_end_in_two_valleys(student: Student) -> None:
    """descend: on x^4 - 3x^2 + x, -2 leads to -1.301 and 2 leads to 1.131."""
    for start, valley in ((-2.0, LEFT_VALLEY), (2.0, RIGHT_VALLEY)):
        answer = walk_to_a_valley(student, start)
        way = two_valleys_walked(start, 0.05, 60)
        answer.show(descent("x⁴ − 3x² + x", two_valleys, (-2.1, 2.1), answer["way"].value, way))
        expect(answer["the last position"]).equals(valley, tolerance=LOOSE)


def test_the_lowest_end_wins(student: Student) -> None:
    """best_learning_rate: picks the one that ends lowest, of four on (x - 3)^2."""
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
    """best_learning_rate: never picks one that ends in NaN, such as 40 on (x - 3)^2."""
    lowest, anyhow = test_the_lowest_end_wins, test_only_where_a_walk_ends_counts
    with (
        earlier_cause_first(partial(lowest, student)),
        earlier_cause_first(partial(anyhow, student)),
    ):
        expect_each(
            partial(choice, student),
            [(0.0, [40.0, 0.001, 0.01], 200), (5.0, [30.0, 0.02, 0.005], 200)],
            right=lambda _, rates, __: sorted(rates)[1],
            mistakes={"nan-wins": lambda _, rates, __: max(rates)},
        )


def test_only_where_a_walk_ends_counts(student: Student) -> None:
    """best_learning_rate: only the last position counts, on x^4 - 3x^2 + x + 2."""
    with (
        earlier_cause_first(partial(test_a_walk_goes_on_when_a_step_leads_uphill, student)),
        earlier_cause_first(partial(expect_right_positions, student)),
    ):
        expect_each(
            partial(choice_between_valleys, student),
            VALLEY_CHOICES,
            right=lambda start, *_: BEST[start],
            mistakes=CHOICE_MISTAKES,
        )


def test_promises_are_kept(student: Student) -> None:
    """descend, best_learning_rate: steps + 1 positions, 0-d tensors for f, no infinite end."""
    with earlier_cause_first(partial(expect_right_positions, student)):
        number_of_positions_is_right(student)
        single_positions_are_asked_for(student)
    with (
        earlier_cause_first(partial(test_only_where_a_walk_ends_counts, student)),
        earlier_cause_first(partial(test_a_walk_that_ends_in_nan_never_wins, student)),
    ):
        falls_never_win(student)
