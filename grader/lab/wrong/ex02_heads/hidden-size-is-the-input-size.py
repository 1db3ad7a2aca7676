def binary_classifier(in_features, hidden):
    return nn.Sequential(
        nn.Linear(in_features, in_features), nn.ReLU(), nn.Linear(in_features, 1), nn.Sigmoid()
    )
