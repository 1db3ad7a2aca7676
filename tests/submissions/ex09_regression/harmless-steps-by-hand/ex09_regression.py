"""The same loop, another loss."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def make_loader(features, targets, batch_size):
    x = torch.from_numpy(features).float()
    y = torch.from_numpy(targets).float()
    dataset = TensorDataset(x, y)
    return DataLoader(dataset, batch_size=batch_size, shuffle=True)


def build_regressor():
    return nn.Sequential(nn.Linear(4, 2), nn.ReLU(), nn.Linear(2, 1))


def fit(model, loader, lr, epochs):
    losses = []
    for epoch in range(epochs):
        batch_losses = []
        for x, y in loader:
            loss = ((model(x) - y) ** 2).mean()
            model.zero_grad()
            loss.backward()
            with torch.no_grad():
                for p in model.parameters():
                    p -= lr * p.grad
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses
