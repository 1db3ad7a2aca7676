def update_parameters(model: nn.Module, lr: float) -> None:
    with torch.no_grad():
        for p in model.parameters():
            if p.grad is not None:
                p += -lr * p.grad


def training_step(
    model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor, lr: float
) -> float:
    for p in model.parameters():
        p.grad = None
    output = model.forward(images.view(images.shape[0], -1))
    loss = criterion(output, labels)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            if p.grad is not None:
                p += -lr * p.grad
    return loss.item()
