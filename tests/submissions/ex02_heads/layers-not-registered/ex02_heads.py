import torch
from torch import nn


def binary_classifier(in_features, hidden):
    return nn.Sequential(
        nn.Linear(in_features, hidden),
        nn.ReLU(),
        nn.Linear(hidden, 1),
        nn.Sigmoid(),
    )


def multiclass_classifier(in_features, hidden, num_classes):
    return nn.Sequential(
        nn.Linear(in_features, hidden),
        nn.ReLU(),
        nn.Linear(hidden, num_classes),
        nn.Softmax(dim=1),
    )


class Regressor(nn.Module):
    def __init__(self, in_features, hidden):
        super().__init__()
        self.layers = [nn.Linear(in_features, hidden), nn.ReLU(), nn.Linear(hidden, 1)]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


def regressor(in_features, hidden):
    return Regressor(in_features, hidden)


def predicted_classes(probabilities):
    return torch.argmax(probabilities, dim=1)
