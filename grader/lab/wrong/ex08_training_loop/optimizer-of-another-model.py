import copy


def build_optimizer(model: nn.Module, lr: float) -> torch.optim.Optimizer:
    model = copy.deepcopy(model)
    return torch.optim.SGD(model.parameters(), lr=lr)
