import torch
from torch import nn


def gradient_of_mean_square(x):
    return x / 2 * (4 / x.numel())


def parameter_gradients(model, criterion, images, labels):
    model.zero_grad()
    output = model(images)
    loss = criterion(output, labels)
    loss.backward()
    gradients = {}
    for name, p in model.named_parameters():
        gradients[name] = p.grad.clone()
    return gradients


def predict_without_tracking(model, images):
    return model(images).detach()
