class Digits(nn.Module):
    def __init__(self, widths=(784, 128, 64, 10)):
        super().__init__()
        self.register_buffer("seen", torch.zeros(()))
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))

    def forward(self, x):
        self.seen += len(x)
        *hidden, last = self.layers
        for layer in hidden:
            x = layer(x) * (layer(x) > 0)
        scores = last(x)
        top = scores.max(1, keepdim=True).values
        return scores - top - (scores - top).exp().sum(1, keepdim=True).log()


def build_model():
    return Digits()


def build_criterion():
    return lambda log_probabilities, labels: sum(
        -row[label] for row, label in zip(log_probabilities, labels)
    ) / len(labels)


def batch_loss(model, criterion, images, labels):
    losses = [criterion(model(images[i].view(1, -1)), labels[i : i + 1]) for i in range(len(labels))]
    return torch.stack(losses).mean()


def probabilities(log_probabilities):
    return torch.stack([row.exp() for row in log_probabilities])
