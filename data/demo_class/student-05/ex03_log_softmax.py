import torch
import torch.nn as nn


def build_model():
    # input 784, two hidden layers, 10 classes
    return nn.Sequential(
        nn.Linear(784, 128),
        nn.ReLU(),
        nn.Linear(128, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
        nn.LogSoftmax(dim=0),
    )


def build_criterion():
    return nn.NLLLoss()


def batch_loss(model, criterion, images, labels):
    out = model(images.view(len(images), 784))
    return criterion(out, labels)


def probabilities(log_probabilities):
    return torch.exp(log_probabilities)
