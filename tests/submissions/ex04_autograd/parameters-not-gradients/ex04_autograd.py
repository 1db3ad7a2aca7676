import torch
from torch import nn


def gradient_of_mean_square(x):
    x = x.clone()
    x.requires_grad = True
    y = (x**2).mean()
    y.backward()
    return x.grad


def parameter_gradients(model, criterion, images, labels):
    model.zero_grad()
    output = model(images)
    loss = criterion(output, labels)
    loss.backward()
    gradients = {}
    for name, p in model.named_parameters():
        gradients[name] = p.detach().clone()
    return gradients


def predict_without_tracking(model, images):
    with torch.no_grad():
        return model(images)
