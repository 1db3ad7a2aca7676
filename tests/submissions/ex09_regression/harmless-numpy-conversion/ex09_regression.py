"""The same loop, another loss."""

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def make_loader(features, targets, batch_size):
    data = [torch.from_numpy(np.array(array, dtype=np.float32)) for array in (features, targets)]
    generator = torch.Generator().manual_seed(42)
    return DataLoader(TensorDataset(*data), batch_size, shuffle=True, generator=generator)


def build_regressor():
    return nn.Sequential(nn.Linear(4, 2), nn.ReLU(), nn.Linear(2, 1))


def fit(model, loader, lr, epochs):
    criterion = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for epoch in range(epochs):
        running_loss = 0
        for x, y in loader:
            optimizer.zero_grad()
            output = model(x)
            loss = criterion(output, y)
            loss.backward()
            optimizer.step()
            running_loss += loss.item()
        losses.append(running_loss / len(loader))
    return losses
