"""Return a tensor that lies about its shape, dtype, device and size.

A safe grader checks a tensor's words against its bytes.

Expected: crashed, 0 points
"""

import torch


class Liar(torch.Tensor):
    """Says whatever is wanted of it."""

    shape = property(lambda self: torch.Size((2, 3)))
    dtype = property(lambda self: torch.float64)
    device = property(lambda self: torch.device("cpu"))
    layout = property(lambda self: torch.strided)
    is_meta = property(lambda self: False)

    def numel(self):
        """Have six numbers."""
        return 6

    def element_size(self):
        """Have one byte each."""
        return 1


def fake(*args):
    """Return one number that calls itself six."""
    return torch.zeros(1).as_subclass(Liar)



gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
