import torch
from torch import nn, Tensor


def updated(weight: Tensor, gradient: Tensor, lr: float) -> Tensor:
    return weight - lr * gradient


def update_parameters(model: nn.Module, lr: float) -> None:
    with torch.no_grad():
        for name, p in model.named_parameters():
            if name.endswith("weight") and p.grad is not None:
                p -= lr * p.grad


def clear_gradients(model: nn.Module) -> None:
    model.zero_grad(set_to_none=True)


def training_step(model, criterion, images: Tensor, labels: Tensor, lr: float) -> float:
    clear_gradients(model)
    loss = criterion(model(nn.Flatten()(images)), labels)
    loss.backward()
    update_parameters(model, lr)
    return loss.item()
