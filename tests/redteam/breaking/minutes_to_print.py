"""Answer with a tensor of so many dimensions that to print it takes half a minute.

A safe grader prints nothing that came from the guest.

Expected: wrong, 0 points
"""

from grader.guest import submission
from grader.guest.crossing.values import Mapping, TensorData
from grader.guest.crossing.wire import Returned

LONG = TensorData("int8", (2,) * 20, bytes(2**20))
NAMES = ("weight", "scores", "gradients")
submission.Guest._run = lambda *args: Returned(Mapping(tuple((name, LONG) for name in NAMES)))


def fake(*args):
    """Be there to be called."""


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
