import torch
from torch import nn


def gradient_of_mean_square(x):
    x = x.clone()
    x.requires_grad = True
    y = (x**2).mean()
    gradient = x.grad
    y.backward()
    return gradient


def parameter_gradients(model, criterion, images, labels):
    for p in model.parameters():
        p.grad = None
    criterion(model(images), labels).backward()
    return {name: p.grad.detach().clone() for name, p in model.named_parameters()}


def predict_without_tracking(model, images):
    with torch.no_grad():
        return model(images)
