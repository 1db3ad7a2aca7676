def updated(weight: Tensor, gradient: Tensor, lr: float) -> Tensor:
    step = gradient * lr
    return weight - step


def update_parameters(model: nn.Module, lr: float) -> None:
    for module in model.modules():
        for p in module.parameters(recurse=False):
            if p.grad is not None:
                p.data.sub_(p.grad.mul(lr))


def training_step(
    model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor, lr: float
) -> float:
    clear_gradients(model)
    rows = images.squeeze(1).flatten(1)
    predictions = model(rows)
    loss = criterion(predictions, labels)
    value = loss.item()
    loss.backward()
    update_parameters(model, lr)
    return value
