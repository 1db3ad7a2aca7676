"""A linear classifier in PyTorch: what the one in NumPy must give."""

import numpy as np
import torch
from torch.nn import functional as F


def batch(seed, count=7, features=4, classes=3):
    """Draw inputs, (count, features) float64, and labels, (count,) int64."""
    random = np.random.default_rng(seed)
    return random.normal(size=(count, features)), random.integers(classes, size=count)


def random_model(seed):
    """Draw inputs (7, 4), weights (4, 3) and a bias (3,), float64."""
    random = np.random.default_rng(seed)
    return random.normal(size=(7, 4)), random.normal(size=(4, 3)), 2 * random.normal(size=3)


def descended(x, labels, rate, steps=3, *, learns_bias=True):
    """Descend from zero; return the loss before each step, and the parameters after the last."""
    x, labels = torch.from_numpy(x), torch.from_numpy(labels)
    weights = torch.zeros(x.shape[1], 3, dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(x @ weights + bias, labels)
        losses.append(loss.item())
        of_weights, of_bias = torch.autograd.grad(loss, [weights, bias])
        with torch.no_grad():
            weights -= rate * of_weights
            bias -= rate * learns_bias * of_bias
    return {"losses": losses, "weights": weights.detach().numpy(), "bias": bias.detach().numpy()}
