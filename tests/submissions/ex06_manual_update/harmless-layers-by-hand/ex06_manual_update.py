"""W - lr * grad: the step that all of training is made of."""

import torch
from torch import Tensor, nn


def updated(weight: Tensor, gradient: Tensor, lr: float) -> Tensor:
    step = gradient * lr
    return weight - step


def update_parameters(model: nn.Module, lr: float) -> None:
    for module in model.modules():
        for p in module.parameters(recurse=False):
            if p.grad is not None:
                p.data.sub_(p.grad.mul(lr))


def clear_gradients(model: nn.Module) -> None:
    for p in model.parameters():
        if p.grad is not None:
            p.grad.zero_()


def training_step(
    model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor, lr: float
) -> float:
    clear_gradients(model)
    rows = images.squeeze(1).flatten(1)
    predictions = model(rows)
    loss = criterion(predictions, labels)
    value = loss.item()
    loss.backward()
    update_parameters(model, lr)
    return value
