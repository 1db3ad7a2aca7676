import torch
from torch import nn


def binary_classifier(in_features, hidden):
    return nn.Sequential(
        nn.Linear(in_features, hidden), nn.ReLU(), nn.Linear(hidden, 1), nn.Sigmoid()
    )


def multiclass_classifier(in_features, hidden, num_classes):
    return nn.Sequential(
        nn.Linear(in_features, hidden),
        nn.ReLU(),
        nn.Linear(hidden, num_classes),
        nn.Softmax(dim=1),
    )


def regressor(in_features, hidden):
    return nn.Linear(in_features, 1)


def predicted_classes(probabilities):
    return torch.argmax(probabilities, dim=1)
