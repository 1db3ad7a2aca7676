"""Return NaN and infinity, which many comparisons let pass.

A safe grader asks for finite numbers before it compares.

Expected: wrong, 0 points
"""

import torch

NUMBERS = [float("nan"), float("inf"), -float("inf")]


def fake(*args):
    """Return one after the other, in the right shape where that is known."""
    NUMBERS.append(NUMBERS.pop(0))
    shape = args[0].shape if isinstance(args[0], torch.Tensor) else (2, 3)
    return torch.full(shape, NUMBERS[0], dtype=torch.float64)



gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
