from torch import nn
import torch


def build_model():
    model = nn.Sequential()
    model.add_module("in", nn.Linear(784, 128))
    model.add_module("act1", nn.ReLU())
    model.add_module("mid", nn.Linear(128, 64))
    model.add_module("act2", nn.ReLU())
    model.add_module("out", nn.Linear(64, 10))
    model.add_module("logsm", nn.LogSoftmax(dim=1))
    return model


def build_criterion():
    return nn.NLLLoss(reduction="sum")


def batch_loss(model, criterion, images, labels):
    flat = images.view(-1, 784)
    return criterion(model(flat), labels)


def probabilities(log_probabilities):
    return torch.exp(log_probabilities)
