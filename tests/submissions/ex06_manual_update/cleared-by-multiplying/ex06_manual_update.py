"""W - lr * grad: the step that all of training is made of."""

import torch
from torch import Tensor, nn


def updated(weight: Tensor, gradient: Tensor, lr: float) -> Tensor:
    return weight - lr * gradient


@torch.no_grad()
def update_parameters(model: nn.Module, lr: float) -> None:
    for p in model.parameters():
        if p.grad is not None:
            p.copy_(updated(p, p.grad, lr))


def clear_gradients(model: nn.Module) -> None:
    for p in model.parameters():
        if p.grad is not None:
            p.grad *= 0


def training_step(
    model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor, lr: float
) -> float:
    clear_gradients(model)
    loss = criterion(model(images.flatten(start_dim=1)), labels)
    loss.backward()
    update_parameters(model, lr)
    return loss.item()
