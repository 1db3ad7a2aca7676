class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.bend = nn.PReLU(2)
        self.answer = nn.Linear(2, 1)
        self.norm = nn.BatchNorm1d(2)
        self.steepness = nn.PReLU()
        self.hidden = nn.Linear(4, 2)

    def forward(self, x):
        return self.answer(self.steepness(self.bend(self.norm(self.hidden(x)))))


def build_regressor():
    return Regressor()
