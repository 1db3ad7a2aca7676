"""Public checks of the autograd engine: run them as often as you like while you write."""

from grader.suite import expect, session

GRADIENTS = "{'out.data': out.data, 'a.grad': a.grad, 'b.grad': b.grad}"
product = session("a = Value(2.0); b = Value(5.0); out = a * b; backward(out)", GRADIENTS)
square = session("a = Value(3.0); b = Value(0.0); out = a * a + b; backward(out)", GRADIENTS)
order = session("a = Value(4.0); out = a.tanh() * 0.0", "[v.data for v in in_order(out)][-1]")
path = session("", "minimize(lambda x: x * x, start=4.0, lr=0.25, steps=2)")


def test_derivatives_of_a_product(student):
    """Value: 2 * 5 is 10, with derivatives 5 and 2."""
    expect(product(student)).equals(
        {"out.data": 10.0, "a.grad": 5.0, "b.grad": 2.0},
        mistakes={"own-factor-as-slope": {"a.grad": 2.0, "b.grad": 5.0}},
    )


def test_derivative_of_a_square(student):
    """backward: a * a has the derivative 2 * a."""
    expect(square(student)).equals({"out.data": 9.0, "a.grad": 6.0, "b.grad": 1.0})


def test_result_is_last(student):
    """in_order: the result is the last of its values."""
    expect(order(student)).equals(0.0)


def test_path_down_a_parabola(student):
    """minimize: on x * x from 4 with lr 0.25, each step halves x."""
    expect(path(student)).equals([4.0, 2.0, 1.0])
