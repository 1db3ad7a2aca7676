"""Return a tensor of a class of its own, which equals everything and is never wrong.

A safe grader takes a tensor's bytes and makes a plain one of them.

Expected: wrong, 0 points
"""

import torch


class Everything(torch.Tensor):
    """Answers every question about itself with yes, and every operation with itself."""

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        """Replace the result of every torch function."""
        if function.__name__ in {"allclose", "equal", "isfinite", "all", "__eq__", "__bool__"}:
            return True
        return super().__torch_function__(function, types, args, kwargs or {})

    def __eq__(self, other):
        """Equal anything."""
        return True

    def __ne__(self, other):
        """Differ from nothing."""
        return False

    __hash__ = torch.Tensor.__hash__

    def __bool__(self):
        """Hold."""
        return True

    def __sub__(self, other):
        """Differ by nothing."""
        return torch.zeros_like(other)

    __rsub__ = __sub__


def fake(*args):
    """Return such a tensor."""
    return torch.zeros(2, 3).as_subclass(Everything)


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
