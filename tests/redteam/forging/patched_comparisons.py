"""Make every way to compare numbers say that they are equal.

A safe grader compares in a process that the submission has no part in.

Expected: wrong, 0 points
"""

import builtins
import math

import torch


def yes(*args, **kwargs):
    """Agree."""
    return True


def all_true(*args, **kwargs):
    """Agree element by element."""
    return torch.ones((), dtype=torch.bool)


torch.allclose = torch.equal = torch.Tensor.allclose = torch.Tensor.equal = yes
torch.isclose = torch.eq = torch.isfinite = all_true
torch.Tensor.__eq__ = torch.Tensor.__lt__ = torch.Tensor.__le__ = all_true
torch.Tensor.__ne__ = torch.Tensor.__gt__ = lambda *args: ~all_true()
torch.Tensor.abs = torch.Tensor.__sub__ = lambda self, *args: torch.zeros_like(self)
torch.is_tensor = math.isclose = math.isfinite = builtins.all = yes


def fake(*args):
    """Return a tensor that is right nowhere."""
    return torch.zeros(2, 3)


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
