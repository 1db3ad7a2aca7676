"""Leave a call by every exception that ends or skips a test.

A safe grader takes an exit for no answer: the call gave nothing to compare.

Expected: crashed, 0 points
"""

import sys

import pytest

WAYS = [
    lambda: sys.exit(0),
    lambda: pytest.skip("all is well", allow_module_level=True),
    lambda: pytest.exit("all is well", returncode=0),
    lambda: pytest.xfail("expected"),
    lambda: (_ for _ in ()).throw(KeyboardInterrupt),
    lambda: (_ for _ in ()).throw(GeneratorExit),
    lambda: (_ for _ in ()).throw(StopIteration),
]


def fake(*args):
    """Leave in one way after the other."""
    WAYS.append(WAYS.pop(0))
    WAYS[0]()


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
