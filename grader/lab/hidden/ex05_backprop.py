"""Hidden tests of ex05: a two-layer network, its loss, and its gradients by hand.

No size equals another in the data: with square matrices or a single example, many a mistake on the
way back gives the right numbers. Where the way forward is wrong, the way back is judged on a right
one: the fault has cost its points already.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from grader.suite import (
    earlier_cause_first,
    expect,
    expect_beside,
    expect_each,
    points,
)
from kit.backprop.chain_rule import WayBack, network_case, right_gradients
from kit.backprop.gradient_table import gradient_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.suite import Student

    Way = Callable[..., object]
from kit.backprop.judging import (
    FORWARD_MISTAKES,
    FORWARD_ORDERS,
    HIDDEN_LAYER_MISTAKES,
    HIDDEN_MISTAKES,
    LOSS_MISTAKES,
    ORDERS_OF_THE_OUTPUT,
    OUTPUT_LAYER,
    OUTPUT_LAYER_MISTAKES,
    OUTPUT_MISTAKES,
    PAST_BACKWARD,
    SIGN_MISTAKES,
    cases,
    each_answer,
    forward_cases,
    forward_is_right,
    half_mean_square,
    only,
    run_forward,
    way_back,
    way_back_of_output_layer,
)
from kit.backprop.probes import (
    HIDDEN_LAYER,
    hidden_layer,
    layers,
    own_gradients_after_another_forward,
)


@points(2)
def test_forward_gives_the_hidden_layer(student: Student) -> None:
    """forward: L1 and S are as in the formulas."""
    expect_each(
        partial(hidden_layer, student),
        forward_cases(),
        right=only(HIDDEN_LAYER, run_forward),
        mistakes={
            slug: only(HIDDEN_LAYER, f)
            for slug, f in FORWARD_MISTAKES.items()
            if slug not in OUTPUT_LAYER_MISTAKES
        },
    )


@points(1)
def test_forward_gives_the_output(student: Student) -> None:
    """forward: L2 is as in the formulas, and so are L1 and S."""
    expect_beside(
        partial(layers, student),
        forward_cases(),
        right=run_forward,
        past=FORWARD_ORDERS,
        mistakes={**HIDDEN_LAYER_MISTAKES, **OUTPUT_LAYER_MISTAKES},
    )


@points(2)
def test_loss_is_half_the_squared_error_of_an_example(student: Student) -> None:
    """loss: half the squared error of an example, averaged over the examples."""
    expect_each(
        student.loss,
        [(case[1].flip(0) * 1.5, case[1]) for case in cases()],
        right=half_mean_square,
        mistakes=LOSS_MISTAKES,
    )


@points(3)
def test_backward_is_right_for_the_output_layer(student: Student) -> None:
    """backward: the gradients of W2 and b2 are right."""
    with earlier_cause_first(partial(forward_is_right, student)):
        expect_each(
            partial(way_back_of_output_layer, student),
            cases(),
            right=only(OUTPUT_LAYER, right_gradients),
            mistakes={slug: only(OUTPUT_LAYER, f) for slug, f in OUTPUT_MISTAKES.items()},
            explain=gradient_table,
        )


@points(4)
def test_backward_is_right_down_to_the_first_layer(student: Student) -> None:
    """backward: all four gradients are right, also those of W1 and b1."""
    with earlier_cause_first(partial(forward_is_right, student)):
        expect_beside(
            partial(way_back, student),
            cases(),
            right=right_gradients,
            past={**OUTPUT_MISTAKES, **ORDERS_OF_THE_OUTPUT},
            mistakes={**HIDDEN_MISTAKES, **SIGN_MISTAKES},
            explain=gradient_table,
        )


@points(1)
def test_one_output_is_enough(student: Student) -> None:
    """forward, loss, backward: right shapes and numbers, even with a single output."""
    each_answer(student, network_case(53, n=4, d=2, h=3, k=1))


@points(1)
def test_backward_goes_by_what_it_is_given(student: Student) -> None:
    """backward: uses the x and y that it gets, whatever forward was called with before."""
    with earlier_cause_first(partial(forward_is_right, student)):
        expect_beside(
            partial(way_back, student, go=own_gradients_after_another_forward),
            [network_case(54, n=5, d=3, h=4, k=2), network_case(55, n=3, d=5, h=2, k=4)],
            right=right_gradients,
            past=PAST_BACKWARD,
            mistakes={"older-forward-used": WayBack(older=True)},
        )


@points(1)
def test_what_goes_in_stays_as_it_is(student: Student) -> None:
    """forward, loss, backward: give right results, and do not modify their arguments."""
    for answer in each_answer(student, network_case(56, n=5, d=3, h=4, k=2)):
        expect(answer).leaves_arguments_alone()
