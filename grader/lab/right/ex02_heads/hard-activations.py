def binary_classifier(in_features, hidden):
    return nn.Sequential(
        nn.Linear(in_features, 3 * hidden),
        nn.Hardtanh(),
        nn.Linear(3 * hidden, hidden),
        nn.SiLU(),
        nn.Linear(hidden, 1),
        nn.Hardsigmoid(),
    )


def multiclass_classifier(in_features, hidden, num_classes):
    return nn.Sequential(
        nn.Linear(in_features, hidden),
        nn.Hardswish(),
        nn.Linear(hidden, num_classes),
        nn.Softmax(1),
    )


def regressor(in_features, hidden):
    body = nn.Sequential(nn.Linear(in_features, hidden), nn.Tanh(), nn.Linear(hidden, hidden))
    return nn.Sequential(body, nn.Softsign(), nn.Dropout(0.9), nn.Linear(hidden, 1))


def predicted_classes(probabilities):
    return probabilities.topk(1, dim=1).indices.squeeze(1)
