def update_parameters(model: nn.Module, lr: float) -> None:
    with torch.no_grad():
        for layer in model.modules():
            if isinstance(layer, nn.Linear):
                if layer.weight.grad is not None:
                    layer.weight = layer.weight - lr * layer.weight.grad
                if layer.bias.grad is not None:
                    layer.bias = layer.bias - lr * layer.bias.grad
