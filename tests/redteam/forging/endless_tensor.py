"""Return a tensor of 2^50 numbers that takes four bytes.

A safe grader never makes a tensor as large as somebody says.

Expected: wrong, 0 points
"""

import torch


def fake(*args):
    """Repeat one number."""
    return torch.ones(1).expand(2**50)



gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
