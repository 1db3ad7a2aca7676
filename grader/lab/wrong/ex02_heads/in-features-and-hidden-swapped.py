def regressor(in_features, hidden):
    return nn.Sequential(nn.Linear(hidden, in_features), nn.ReLU(), nn.Linear(in_features, 1))
