def update_parameters(model: nn.Module, lr: float) -> None:
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            if layer.weight.grad is not None:
                layer.weight = nn.Parameter(layer.weight - lr * layer.weight.grad)
            if layer.bias.grad is not None:
                layer.bias = nn.Parameter(layer.bias - lr * layer.bias.grad)
