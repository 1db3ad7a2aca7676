def body(in_features, hidden):
    return [
        nn.LazyLinear(2 * hidden),
        nn.BatchNorm1d(2 * hidden),
        nn.GELU(),
        nn.Dropout(0.5),
        nn.Linear(2 * hidden, hidden),
        nn.LeakyReLU(0.1),
        nn.Dropout(0.2),
    ]


def binary_classifier(in_features, hidden):
    return nn.Sequential(*body(in_features, hidden), nn.Linear(hidden, 1), nn.Sigmoid())


def multiclass_classifier(in_features, hidden, num_classes):
    return nn.Sequential(
        *body(in_features, hidden), nn.Linear(hidden, num_classes), nn.Softmax(dim=-1)
    )


def regressor(in_features, hidden):
    return nn.Sequential(*body(in_features, hidden), nn.Linear(hidden, 1))


def predicted_classes(probabilities):
    return probabilities.max(dim=-1).indices
