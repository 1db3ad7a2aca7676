import torch
from torch import nn
import torch.nn.functional as F


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return F.log_softmax(self.fc3(x), dim=1)


def build_model():
    return Classifier()


def build_criterion():
    return nn.NLLLoss()


def batch_loss(model, criterion, images, labels):
    output = model(images.view(images.size(0), -1))
    return criterion(output, labels.view(-1, 1))


def probabilities(log_probabilities):
    return torch.exp(log_probabilities)
