def updated(weight: Tensor, gradient: Tensor, lr: float) -> Tensor:
    return torch.sub(weight, gradient, alpha=lr)


def update_parameters(model: nn.Module, lr: float) -> None:
    for p in model.parameters():
        if p.grad is None:
            continue
        p.detach().sub_(lr * p.grad)


def clear_gradients(model: nn.Module) -> None:
    model.zero_grad(set_to_none=False)


def training_step(
    model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor, lr: float
) -> float:
    clear_gradients(model)
    output = model(images.flatten(1))
    loss = criterion(output, labels)
    loss.backward()
    update_parameters(model, lr)
    return loss.item()
