"""The same loop, another loss."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def make_loader(features, targets, batch_size):
    x = torch.from_numpy(features).float()
    y = torch.from_numpy(targets).float()
    dataset = TensorDataset(x, y)
    return DataLoader(dataset, batch_size=batch_size, shuffle=True)


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.bend = nn.PReLU(2)
        self.answer = nn.Linear(2, 1)
        self.norm = nn.BatchNorm1d(2)
        self.steepness = nn.PReLU()
        self.hidden = nn.Linear(4, 2)

    def forward(self, x):
        return self.answer(self.steepness(self.bend(self.norm(self.hidden(x)))))


def build_regressor():
    return Regressor()


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
