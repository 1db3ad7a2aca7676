"""The whole loop: look, measure, step, repeat."""

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader


def build_optimizer(model: nn.Module, lr: float) -> torch.optim.Optimizer:
    return torch.optim.SGD(model.parameters(), lr=lr)


def train_epoch(
    model: nn.Module,
    loader: DataLoader,
    criterion: nn.Module,
    optimizer: torch.optim.Optimizer,
) -> float:
    running_loss = 0
    for images, labels in loader:
        optimizer.zero_grad()
        output = model.forward(images.flatten(1))
        loss = criterion(output, labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    return running_loss / len(loader)


def train(
    model: nn.Module,
    loader: DataLoader,
    criterion: nn.Module,
    optimizer: torch.optim.Optimizer,
    epochs: int,
) -> list[float]:
    losses = []
    for epoch in range(epochs):
        losses.append(train_epoch(model, loader, criterion, optimizer))
    return losses
