import torch.nn.functional as F


class Gated(nn.Module):
    """Half of a layer decides how much of the other half goes on; the input comes in once more."""

    def __init__(self, in_features, hidden, outputs):
        super().__init__()
        self.both = nn.Linear(in_features, 2 * hidden)
        self.out = nn.Linear(hidden + in_features, outputs)
        self.out_of_hidden = nn.Linear(hidden, outputs)

    def forward(self, x):
        h = F.glu(self.both(x), dim=1)
        return self.out(torch.cat([h, x], dim=1)) + self.out_of_hidden(h)


class Tied(nn.Module):
    """One matrix three times, and a skip around it; waves for an activation."""

    def __init__(self, in_features, hidden, outputs):
        super().__init__()
        self.register_buffer("scale", torch.rand(in_features) + 0.5)
        self.enter = nn.Linear(in_features, hidden)
        self.inner = nn.Linear(hidden, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.leave = nn.Parameter(torch.randn(outputs, hidden))

    def forward(self, x):
        h = torch.sin(self.enter(x * self.scale))
        for _ in range(3):
            h = self.norm(h + F.silu(self.inner(h)))
        return F.linear(h, self.leave)


class RandomFeatures(nn.Module):
    """A hidden layer that is not trained."""

    def __init__(self, in_features, hidden, outputs):
        super().__init__()
        self.register_buffer("W", torch.randn(in_features, hidden))
        self.out = nn.Linear(hidden, outputs)

    def forward(self, x):
        return self.out(torch.cos(x @ self.W))


class Binary(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body

    def forward(self, x):
        return (torch.tanh(self.body(x)) + 1) / 2


def binary_classifier(in_features, hidden):
    return Binary(Gated(in_features, hidden, 1))


def multiclass_classifier(in_features, hidden, num_classes):
    return nn.Sequential(Tied(in_features, hidden, num_classes), nn.Softmax(dim=1))


def regressor(in_features, hidden):
    return RandomFeatures(in_features, hidden, 1)


def predicted_classes(probabilities):
    return torch.unravel_index(probabilities.argmax(1), (probabilities.shape[1],))[0]
