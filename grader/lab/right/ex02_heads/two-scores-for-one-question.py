class Yes(nn.Module):
    """Softmax over yes and no; only yes comes out."""

    def __init__(self, in_features, hidden):
        super().__init__()
        self.layers = nn.ModuleList(
            [nn.Linear(in_features, hidden)] + [nn.Linear(hidden, hidden) for _ in range(4)]
        )
        self.last = nn.Linear(hidden, 2)

    def forward(self, x):
        for layer in self.layers:
            x = torch.relu(layer(x))
        return torch.softmax(self.last(x), dim=1)[:, 1:]


def binary_classifier(in_features, hidden):
    return Yes(in_features, hidden)


def multiclass_classifier(in_features, hidden, num_classes):
    return nn.Sequential(
        nn.Linear(in_features, hidden, bias=False),
        nn.ELU(),
        nn.Linear(hidden, num_classes, bias=False),
        nn.LogSoftmax(dim=1),
        nn.Softmax(dim=1),
    )


def regressor(in_features, hidden):
    return nn.Sequential(
        nn.Linear(in_features, hidden, bias=False),
        nn.PReLU(),
        nn.LayerNorm(hidden),
        nn.Linear(hidden, 1, bias=False),
    )


def predicted_classes(probabilities):
    return torch.log(probabilities).argmax(-1)
