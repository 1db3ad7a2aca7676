import torch as th
from torch import nn


def build_model():
    sizes = [784, 128, 64, 10]
    layers = []
    for i in range(3):
        layers.append(nn.Linear(sizes[i], sizes[i + 1]))
        layers.append(nn.ReLU() if i < 2 else nn.LogSoftmax(dim=1))
    return nn.Sequential(*layers)


def build_criterion():
    return nn.NLLLoss()


def batch_loss(model, criterion, images, labels):
    return criterion(model(images.flatten(1)), labels)


def probabilities(log_probabilities):
    return th.exp(log_probabilities)
