def updated(weight: Tensor, gradient: Tensor, lr: float, *, sign: int = -1) -> Tensor:
    return torch.add(weight, gradient, alpha=sign * lr)


def update_parameters(model: nn.Module, lr: float, only: list[nn.Parameter] | None = None) -> int:
    moved = [p for p in (only or list(model.parameters())) if p.grad is not None]
    for p in moved:
        p.data = updated(p.data, p.grad, lr, sign=-1)
    return len(moved)


def clear_gradients(model: nn.Module, to_none: bool = False) -> None:
    for p in model.parameters():
        p.grad = None if to_none else torch.zeros_like(p)


def training_step(
    model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor, lr: float
) -> float:
    clear_gradients(model, to_none=True)
    loss = criterion(model(images.flatten(start_dim=1)), labels)
    loss.backward()
    if not update_parameters(model, lr, only=list(model.parameters())):
        raise ValueError("nothing has moved")
    return float(loss)
