def update_parameters(model: nn.Module, lr: float) -> None:
    for layer in model.children():
        if isinstance(layer, nn.Linear):
            for p in (layer.weight, layer.bias):
                if p.grad is not None:
                    p.data -= lr * p.grad
