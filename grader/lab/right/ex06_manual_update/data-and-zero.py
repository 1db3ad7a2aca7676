def updated(weight: Tensor, gradient: Tensor, lr: float) -> Tensor:
    new = weight.clone()
    new -= lr * gradient
    return new


def update_parameters(model: nn.Module, lr: float) -> None:
    for p in model.parameters():
        if p.grad is not None:
            p.data = p.data - lr * p.grad.data


def clear_gradients(model: nn.Module) -> None:
    model.zero_grad()


def training_step(
    model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor, lr: float
) -> float:
    clear_gradients(model)
    output = model(images.flatten(1))
    loss = criterion(output, labels)
    loss.backward()
    update_parameters(model, lr)
    return loss.item()
