import torch
from torch import nn


def gradient_of_mean_square(x):
    x = x.clone()
    x.requires_grad = True
    y = (x**2).mean()
    y.backward()
    return x.grad


def parameter_gradients(model, criterion, images, labels):
    loss = criterion(model(images), labels)
    loss.backward()
    model.zero_grad()
    return {name: p.grad for name, p in model.named_parameters()}


def predict_without_tracking(model, images):
    with torch.no_grad():
        return model(images)
