"""Return numbers, strings and lists of classes of their own, which equal everything.

A safe grader rebuilds an answer from its plain data before it compares.

Expected: wrong, 0 points
"""


class Yes:
    """Agrees with every comparison."""

    def __eq__(self, other):
        """Equal anything."""
        return True

    def __ne__(self, other):
        """Differ from nothing."""
        return False

    def __le__(self, other):
        """Be small enough."""
        return True

    __lt__ = __ge__ = __gt__ = __contains__ = __le__

    def __hash__(self):
        """Be any key."""
        return 0

    def __sub__(self, other):
        """Differ by nothing."""
        return type(self)(0)

    __rsub__ = __abs__ = lambda self, *args: type(self)(0)


class Number(Yes, float):
    """A float of this kind."""


class Listing(Yes, list):
    """A list of this kind, whose items are all there."""

    def __len__(self):
        """Have any length."""
        return 10

    def __getitem__(self, place):
        """Have every item."""
        return Number(0)


class Named(Yes, dict):
    """A dict of this kind, whose keys are all there."""

    def __missing__(self, key):
        """Have every key."""
        return Number(0)


answers = [Number(0.25), Listing([Number(0.25)]), Named()]


def fake(*args):
    """Return one after the other."""
    answers.append(answers.pop(0))
    return answers[0]


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
