"""Return objects that misbehave when somebody looks at them.

A safe grader has them looked at in their own process, and gets a name and nothing else.

Expected: crashed, 0 points
"""


class Hostile(Exception):
    """Raises whatever is asked of it."""

    def __getattribute__(self, name):
        """Refuse."""
        raise Hostile

    def __str__(self):
        """Refuse."""
        raise Hostile

    __repr__ = __len__ = __iter__ = __bool__ = __hash__ = __eq__ = __str__


class Endless(list):
    """Holds itself, wherever one looks."""

    def __iter__(self):
        """Begin again."""
        return iter([self, self])


class Liar(type):
    """Is called like something else."""

    __name__ = __module__ = property(lambda self: "torch.Tensor\0\x1b[31m<b>")


class Shape(metaclass=Liar):
    """Claims to be a tensor of every shape."""

    shape = (2**70, "<script>alert(1)</script>", None)
    dtype = "float32"


def looped():
    """Return a list that holds itself."""
    items = []
    items.append(items)
    return items


WAYS = [
    Hostile, Endless, Shape, looped, lambda: {1: 2}, lambda: "\ud800", lambda: 2**70,
    lambda: {"output": Hostile(), "losses": looped(), "trace": Shape()}, lambda: float("nan"),
    lambda: memoryview(b"x"), lambda: (_ for _ in ()).throw(Hostile()), lambda: Hostile,
]  # fmt: skip


def fake(*args):
    """Return one after the other."""
    WAYS.append(WAYS.pop(0))
    return WAYS[0]()


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
