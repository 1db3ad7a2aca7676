import torch.nn.functional as F
from torch import nn


class DigitNet(nn.Module):
    def __init__(self, sizes=(784, 128, 64, 10)):
        super().__init__()
        self.hidden = nn.ModuleList(
            nn.Linear(n_in, n_out) for n_in, n_out in zip(sizes[:-2], sizes[1:-1])
        )
        self.out = nn.Linear(sizes[-2], sizes[-1])

    def forward(self, x):
        for layer in self.hidden:
            x = F.relu(layer(x))
        return F.log_softmax(self.out(x), dim=-1)


def build_model():
    return DigitNet()


def build_criterion():
    # F.nll_loss would do, but the exercise wants an object
    return nn.NLLLoss(reduction="mean")


def batch_loss(model, criterion, images, labels):
    n = images.size(0)
    return criterion(model.forward(images.reshape(n, 28 * 28)), labels)


def probabilities(log_probabilities):
    return log_probabilities.exp()
