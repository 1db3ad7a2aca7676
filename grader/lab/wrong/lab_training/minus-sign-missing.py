# %% lab-model
model = nn.Sequential(
    nn.Linear(784, 128),
    nn.ReLU(),
    nn.Linear(128, 64),
    nn.ReLU(),
    nn.Linear(64, 10),
    nn.LogSoftmax(dim=1),
)


def criterion(log_probabilities, labels):
    return log_probabilities.gather(1, labels.unsqueeze(1)).mean()
