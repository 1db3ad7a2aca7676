import torch
from torch import nn


def gradient_of_mean_square(x):
    w = x.detach().clone().requires_grad_(True)
    torch.mean(w * w).backward()
    return w.grad


def parameter_gradients(model, criterion, images, labels):
    for p in model.parameters():
        p.grad = None
    with torch.no_grad():
        output = model(images)
    criterion(output, labels).backward()
    return {name: p.grad.detach().clone() for name, p in model.named_parameters()}


def predict_without_tracking(model, images):
    with torch.no_grad():
        return model(images)
