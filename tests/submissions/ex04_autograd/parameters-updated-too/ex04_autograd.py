import torch
from torch import nn


def gradient_of_mean_square(x):
    w = x.detach().clone().requires_grad_(True)
    torch.mean(w * w).backward()
    return w.grad


def parameter_gradients(model, criterion, images, labels):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    optimizer.zero_grad()
    loss = criterion(model(images), labels)
    loss.backward()
    optimizer.step()
    return {name: p.grad.clone() for name, p in model.named_parameters()}


def predict_without_tracking(model, images):
    with torch.no_grad():
        return model(images)
