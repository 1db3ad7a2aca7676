import torch
from torch import nn


def gradient_of_mean_square(x):
    w = x.detach().clone().requires_grad_(True)
    torch.mean(w * w).backward()
    return w.grad


def parameter_gradients(model, criterion, images, labels):
    model.zero_grad()
    output = model(images)
    loss = criterion(output, labels)
    loss.backward()
    gradients = {}
    for name, p in model.named_parameters():
        if "weight" in name:
            gradients[name] = p.grad.clone()
    return gradients


def predict_without_tracking(model, images):
    with torch.no_grad():
        return model(images)
