import torch
from torch import nn


def gradient_of_mean_square(x):
    w = x.detach().clone().requires_grad_()
    (w**2).mean().backward()
    return w.grad


def parameter_gradients(model, criterion, images, labels):
    model.zero_grad()
    loss = nn.functional.nll_loss(model(images), labels)
    loss.backward()
    return {name: p.grad.clone() for name, p in model.named_parameters()}


def predict_without_tracking(model, images):
    with torch.no_grad():
        return model(images)
