import torch
from torch import nn


def build_model():
    return nn.Sequential(
        nn.Linear(784, 128),
        nn.ReLU(),
        nn.Linear(128, 64),
        nn.Linear(64, 10),
        nn.LogSoftmax(dim=1),
    )


def build_criterion():
    return nn.NLLLoss()


def batch_loss(model, criterion, images, labels):
    images = images.view(images.shape[0], -1)
    output = model(images)
    loss = criterion(output, labels)
    return loss


def probabilities(log_probabilities):
    return torch.exp(log_probabilities)
