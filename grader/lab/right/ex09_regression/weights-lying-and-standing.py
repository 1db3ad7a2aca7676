class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(2, 1))
        self.first = nn.Parameter(torch.randn(2, 4) / 2)
        self.second = nn.Parameter(torch.randn(1, 2))
        self.offset = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        hidden = torch.sin(self.first @ x.T + self.shift)
        return (self.second @ hidden).T + self.offset


def build_regressor():
    return Regressor()
