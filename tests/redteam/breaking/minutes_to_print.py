"""Answer with a tensor of so many dimensions that to print it takes half a minute.

A safe grader prints nothing that came from the guest.

Expected: wrong, 0 points
Exercise: ex08_training_loop
"""

from grader.guest import submission
from grader.guest.crossing.values import Mapping, TensorData
from grader.guest.crossing.wire import Returned

LONG = TensorData("int8", (2,) * 20, bytes(2**20))
NAMES = ("weights", "losses", "trace", "optimizer")
submission.Guest._run = lambda *args: Returned(Mapping(tuple((name, LONG) for name in NAMES)))


def build_optimizer(*args):
    """Be there to be called."""


train_epoch = train = build_optimizer
