import torch
from torch import nn


class Network(nn.Module):
    def __init__(self):
        super(Network, self).__init__()
        self.fc1 = nn.Linear(784, 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, 10)
        self.relu = nn.ReLU()
        self.logsoftmax = nn.LogSoftmax(dim=1)

    def forward(self, x):
        x = self.relu(self.fc1(x))
        x = self.relu(self.fc2(x))
        x = self.fc3(x)
        return self.logsoftmax(x)


def build_model():
    net = Network()
    return net


def build_criterion():
    return nn.NLLLoss()


def batch_loss(model, criterion, images, labels):
    x = torch.flatten(images, 1)
    y_hat = model(x)
    return criterion(y_hat, labels)


def probabilities(log_probabilities):
    return torch.exp(log_probabilities)
