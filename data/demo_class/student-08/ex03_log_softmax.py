import torch
from torch import nn, Tensor

INPUT, HIDDEN, CLASSES = 784, [128, 64], 10


def build_model() -> nn.Module:
    return nn.Sequential(
        nn.Linear(INPUT, HIDDEN[0]), nn.ReLU(),
        nn.Linear(HIDDEN[0], HIDDEN[1]), nn.ReLU(),
        nn.Linear(HIDDEN[1], CLASSES), nn.LogSoftmax(0),
    )


def build_criterion() -> nn.Module:
    return nn.NLLLoss()


def batch_loss(model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    return criterion(model(nn.Flatten()(images)), labels)


def probabilities(log_probabilities: Tensor) -> Tensor:
    return log_probabilities.exp()
