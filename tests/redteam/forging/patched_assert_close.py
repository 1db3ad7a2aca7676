"""Make torch's and NumPy's assertions accept anything.

A safe grader compares in a process that the submission has no part in.

Expected: wrong, 0 points
"""

import numpy as np
import torch

torch.testing.assert_close = lambda *args, **kwargs: None
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *args, **kwargs: None


def fake(*args):
    """Return a tensor that is right nowhere."""
    return torch.zeros(2, 3)


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
