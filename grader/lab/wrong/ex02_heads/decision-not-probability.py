class YesOrNo(nn.Module):
    def __init__(self, in_features, hidden):
        super().__init__()
        self.fc1 = nn.Linear(in_features, hidden)
        self.fc2 = nn.Linear(hidden, 1)

    def forward(self, x):
        p = torch.sigmoid(self.fc2(torch.relu(self.fc1(x))))
        return torch.round(p)


def binary_classifier(in_features, hidden):
    return YesOrNo(in_features, hidden)
