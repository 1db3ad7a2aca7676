import torch
from torch import nn, Tensor


def gradient_of_mean_square(x: Tensor) -> Tensor:
    return torch.func.grad(lambda v: (v ** 2).mean())(x)


def parameter_gradients(model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor):
    model.zero_grad(set_to_none=True)
    criterion(model(images), labels).backward()
    return {name: p.grad.clone() for name, p in model.named_parameters()}


def predict_without_tracking(model: nn.Module, images: Tensor) -> Tensor:
    with torch.no_grad():
        return model(images)
