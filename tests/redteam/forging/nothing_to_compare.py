"""Return tensors without elements and of one element, which broadcast to anything.

A safe grader compares shapes first, and nothing is equal to nothing.

Expected: crashed, 0 points
"""

import torch

SHAPES = [(0,), (2, 0), (), (1,), (1, 1), (0, 2**40)]


def fake(*args):
    """Return one shape after the other."""
    SHAPES.append(SHAPES.pop(0))
    return torch.zeros(SHAPES[0])



gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
