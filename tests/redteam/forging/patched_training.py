"""Replace what the tests train with: optimizers, modules, losses, backward.

A safe grader gets numbers of what was trained, and compares them with its own.

Expected: wrong, 2.5 points
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


def parameter_gradients(model, criterion, images, labels):
    """Be done at once."""
    criterion(model(images), labels).backward()
    return {name: torch.zeros_like(each) for name, each in model.named_parameters()}
