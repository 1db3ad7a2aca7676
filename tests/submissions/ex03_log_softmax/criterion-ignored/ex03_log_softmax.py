import torch
from torch import nn


def build_model():
    return nn.Sequential(
        nn.Linear(784, 128),
        nn.ReLU(),
        nn.Linear(128, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
        nn.LogSoftmax(dim=1),
    )


def build_criterion():
    return nn.NLLLoss()


def batch_loss(model, criterion, images, labels):
    criterion = build_criterion()
    log_probabilities = model(images.flatten(1))
    return criterion(log_probabilities, labels)


def probabilities(log_probabilities):
    return torch.exp(log_probabilities)
