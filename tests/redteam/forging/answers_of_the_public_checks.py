"""Give the answers of the public checks, which the student can read.

A safe grader asks hidden tests with other inputs.

Expected: wrong, 0 points
"""

import torch


def gradient_of_mean_square(x):
    """Give it back, as for the two numbers of the example."""
    return x.clone()


def parameter_gradients(model, criterion, images, labels):
    """Give the example's gradients."""
    return {"weight": torch.tensor([[-4.0, -12.0]]), "bias": torch.tensor([-4.0])}


def predict_without_tracking(model, images):
    """Give the example's output."""
    return torch.tensor([[4.0]])
