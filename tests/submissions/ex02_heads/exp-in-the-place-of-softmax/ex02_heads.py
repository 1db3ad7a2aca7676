import torch
from torch import nn


def binary_classifier(in_features, hidden):
    return nn.Sequential(
        nn.Linear(in_features, hidden),
        nn.ReLU(),
        nn.Linear(hidden, 1),
        nn.Sigmoid(),
    )


class Exp(nn.Module):
    def forward(self, x):
        return torch.exp(x)


def multiclass_classifier(in_features, hidden, num_classes):
    return nn.Sequential(
        nn.Linear(in_features, hidden),
        nn.ReLU(),
        nn.Linear(hidden, num_classes),
        Exp(),
    )


def regressor(in_features, hidden):
    return nn.Sequential(nn.Linear(in_features, hidden), nn.ReLU(), nn.Linear(hidden, 1))


def predicted_classes(probabilities):
    return torch.argmax(probabilities, dim=1)
