"""Replace what the tests train with: optimizers, modules, losses, backward.

A safe grader gets numbers of what was trained, and compares them with its own.

Expected: wrong, 0 points
Exercise: ex08_training_loop
"""

import torch
from torch import nn


def nothing(self, *args, **kwargs):
    """Be done."""
    return torch.zeros((), requires_grad=True)


torch.Tensor.backward = torch.autograd.backward = nothing
torch.optim.Optimizer.step = torch.optim.SGD.step = torch.optim.Adam.step = nothing
nn.Module.__call__ = nn.Module.forward = nothing
nn.NLLLoss.forward = nn.CrossEntropyLoss.forward = nothing
torch.equal = torch.allclose = lambda *args, **kwargs: True


def build_optimizer(model, lr):
    """Be an optimizer."""
    return torch.optim.SGD(model.parameters(), lr)


def train_epoch(model, loader, criterion, optimizer):
    """Be trained at once."""
    return 0.0


def train(model, loader, criterion, optimizer, epochs):
    """Be trained at once."""
    return [0.0] * epochs
