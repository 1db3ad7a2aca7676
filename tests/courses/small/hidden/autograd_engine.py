"""Hidden tests of the autograd engine."""

import math

import pytest

from beside.parabolas import parabola, slope
from grader.suite import F64_EXACT, expect, points, probe, session
from kit.derivatives import descended, differentiated

A, B = 0.7, -1.3
GIVES = "{'out.data': out.data, 'a.grad': a.grad, 'b.grad': b.grad}"


def expect_derivatives(student, expression, mistakes, again=""):
    """Compare the derivatives of an expression with PyTorch's."""
    lines = f"a, b = Value(x), Value(y); out = {expression}; backward(out){again}"
    answer = session(lines, GIVES)(student, x=A, y=B)
    expect(answer).equals(differentiated(expression, A, B), mistakes, F64_EXACT)


@points(1)
def test_results_of_operations(student):
    """Value: +, * and tanh compute what they do for numbers."""
    operations = session("a, b = Value(x), Value(y)", "[(2 * a + b).data, (a * b).tanh().data]")
    expect(operations(student, x=A, y=B)).equals([2 * A + B, math.tanh(A * B)])


@points(1)
@pytest.mark.parametrize("expression", ["a * b", "b * a + 2"])
def test_derivatives_of_a_product(student, expression):
    """Value: the derivative of a product by each factor is the other factor."""
    own_factors = {"a.grad": A, "b.grad": B}
    expect_derivatives(student, expression, {"own-factor-as-slope": own_factors})


@points(1)
def test_derivative_of_tanh(student):
    """Value.tanh: the derivative is 1 - tanh(x)^2."""
    wrong = {"tanh-not-squared": 1 - math.tanh(A + B), "input-squared": 1 - (A + B) ** 2}
    mistakes = {slug: {"a.grad": each, "b.grad": each} for slug, each in wrong.items()}
    expect_derivatives(student, "(a + b).tanh()", mistakes)


@points(1)
def test_gradients_are_added_up(student):
    """backward: the gradients of a value that is used twice are added up."""
    last = {"a.grad": 1.0, "b.grad": 1.0}
    expect_derivatives(student, "a + b + a + b", {"gradient-overwritten": last})


@points(1)
def test_a_gradient_is_complete_before_it_is_passed_on(student):
    """backward: a value passes its gradient on after all the results that use it."""
    early = {"a.grad": 3.0, "b.grad": 4.0}
    expect_derivatives(student, "(c := a + b) + c + b", {"passed-on-too-early": early})


@points(1)
def test_a_second_backward_pass_begins_at_zero(student):
    """backward: run twice, it gives the same gradients."""
    more = {"a.grad": 3.0, "b.grad": 5.0}
    again = "; backward(out)"
    expect_derivatives(student, "(a + b) + b", {"old-gradients-added": more}, again)


@points(1)
def test_parents_come_first(student):
    """in_order: each value once, parents before what is computed from them."""
    order = session("d = Value(x).tanh().tanh(); out = d * d", "[v.data for v in in_order(out)]")
    *before, last = [A, t := math.tanh(A), tt := math.tanh(t), tt * tt]
    expect(order(student, x=A)).equals(
        [*before, last],
        {"value-listed-twice": [*before, *before, last], "results-first": [last, *before[::-1]]},
    )


@probe("minimize(f, start, lr, steps)")
def descent(student, start, lr, steps):
    """Descend a parabola."""
    return student.minimize(parabola, start, lr, steps)


@points(2)
def test_descent_of_a_parabola(student):
    """minimize: each step subtracts lr times the derivative; the start is the first position."""
    right, uphill = descended(slope, 1.0, 0.3, 4), descended(slope, 1.0, -0.3, 4)
    expect(descent(student, 1.0, 0.3, 4)).equals(
        right, mistakes={"step-uphill": uphill, "start-left-out": right[1:]}
    )
