import torch.nn.functional as F


class OneHotLoss(nn.Module):
    def forward(self, log_probabilities, labels):
        targets = F.one_hot(labels, log_probabilities.shape[1]).to(log_probabilities.dtype)
        return F.cross_entropy(log_probabilities, targets)


def build_model():
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 128),
        nn.ReLU(),
        nn.Linear(128, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
        nn.LogSoftmax(dim=-1),
    )


def build_criterion():
    return OneHotLoss()


def batch_loss(model, criterion, images, labels):
    return criterion(model(images.reshape(len(images), 784)), labels)


def probabilities(log_probabilities):
    return log_probabilities.exp()
