import torch
from torch import nn


class YesOrNo(nn.Module):
    def __init__(self, in_features, hidden):
        super().__init__()
        self.fc1 = nn.Linear(in_features, hidden)
        self.fc2 = nn.Linear(hidden, 1)

    def forward(self, x):
        p = torch.sigmoid(self.fc2(torch.relu(self.fc1(x))))
        return torch.round(p)


def binary_classifier(in_features, hidden):
    return YesOrNo(in_features, hidden)


def multiclass_classifier(in_features, hidden, num_classes):
    return nn.Sequential(
        nn.Linear(in_features, hidden),
        nn.ReLU(),
        nn.Linear(hidden, num_classes),
        nn.Softmax(dim=1),
    )


def regressor(in_features, hidden):
    return nn.Sequential(nn.Linear(in_features, hidden), nn.ReLU(), nn.Linear(hidden, 1))


def predicted_classes(probabilities):
    return torch.argmax(probabilities, dim=1)
