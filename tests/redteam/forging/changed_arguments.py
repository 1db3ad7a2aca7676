"""Change the arguments and what they are computed with, so that the right answer changes too.

A safe grader computes the right answer from its own copies.

Expected: crashed, 0 points
"""

import torch


def fake(*args):
    """Make every tensor and every model in reach give zeros, and return zeros."""
    for value in args:
        if isinstance(value, torch.nn.Module):
            value.forward = lambda *args: torch.zeros(2, 3)
            value.__class__.__call__ = lambda *args: torch.zeros(2, 3)
        if isinstance(value, torch.Tensor):
            value.data = torch.zeros(2, 3)
    torch.nn.NLLLoss.forward = lambda *args: torch.zeros(())
    torch.manual_seed = lambda *args: None
    return torch.zeros(2, 3)


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
