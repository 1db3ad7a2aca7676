class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.W2 = nn.Parameter(torch.randn(2, 1))
        self.b2 = nn.Parameter(torch.zeros(1))
        self.W1 = nn.Parameter(torch.randn(4, 2))
        self.b1 = nn.Parameter(torch.zeros(1, 2))

    def forward(self, x):
        hidden = torch.sigmoid(x @ self.W1 + self.b1)
        return hidden @ self.W2 + self.b2


def build_regressor():
    return Regressor()
