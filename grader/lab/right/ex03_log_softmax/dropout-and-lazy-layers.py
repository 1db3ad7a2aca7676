def build_model():
    return nn.Sequential(
        nn.Flatten(),
        nn.LazyLinear(128),
        nn.ReLU(inplace=True),
        nn.Dropout(0.2),
        nn.LazyLinear(64),
        nn.ReLU(inplace=True),
        nn.Dropout(0.2),
        nn.LazyLinear(10),
        nn.LogSoftmax(dim=1),
    )
