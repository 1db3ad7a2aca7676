import torch
from torch import nn


def build_optimizer(model: nn.Module, lr: float) -> torch.optim.Optimizer:
    return torch.optim.SGD(model.parameters(), lr=lr)


def train_epoch(model, loader, criterion, optimizer) -> float:
    running_loss = 0.0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(nn.Flatten()(images)), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    return running_loss


def train(model, loader, criterion, optimizer, epochs: int) -> list[float]:
    return [train_epoch(model, loader, criterion, optimizer) for _ in range(epochs)]
