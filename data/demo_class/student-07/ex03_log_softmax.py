# ex03 - log softmax
import torch
from torch import nn
from collections import OrderedDict


def build_model():
    layers = OrderedDict([
        ("fc1", nn.Linear(784, 128)),
        ("relu1", nn.ReLU()),
        ("fc2", nn.Linear(128, 64)),
        ("relu2", nn.ReLU()),
        ("logits", nn.Linear(64, 10)),
        ("log_softmax", nn.LogSoftmax(dim=1)),
    ])
    return nn.Sequential(layers)


def build_criterion():
    # same numbers as NLLLoss, log_softmax twice changes nothing (tried it)
    return nn.CrossEntropyLoss()


def batch_loss(model, criterion, images, labels):
    logps = model(images.reshape(images.shape[0], -1))
    return criterion(logps, labels)


def probabilities(log_probabilities):
    return log_probabilities.exp()
