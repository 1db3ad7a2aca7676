import torch
from torch import nn


class Binary(nn.Module):
    def __init__(self, in_features, hidden):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(in_features, hidden), nn.ReLU(), nn.Linear(hidden, 1))

    def forward(self, x):
        return torch.sigmoid(self.body(x)).squeeze(1)


def binary_classifier(in_features, hidden):
    return Binary(in_features, hidden)


def multiclass_classifier(in_features, hidden, num_classes):
    return nn.Sequential(
        nn.Linear(in_features, hidden),
        nn.ReLU(),
        nn.Linear(hidden, num_classes),
        nn.Softmax(dim=1),
    )


def regressor(in_features, hidden):
    return nn.Sequential(nn.Linear(in_features, hidden), nn.ReLU(), nn.Linear(hidden, 1))


def predicted_classes(probabilities):
    return torch.argmax(probabilities, dim=1)
