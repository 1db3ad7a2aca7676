def update_parameters(model: nn.Module, lr: float) -> None:
    for p in model.parameters():
        if p.grad is not None:
            p -= lr * p.grad
