def update_parameters(model: nn.Module, lr: float) -> None:
    moving = [p for p in model.parameters() if p.grad is not None]
    with torch.no_grad():
        for p in moving:
            p.add_(p.grad, alpha=-lr)


def training_step(
    model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor, lr: float
) -> float:
    parameters = list(model.parameters())
    loss = criterion(model(torch.flatten(images, start_dim=1)), labels)
    gradients = torch.autograd.grad(loss, parameters)
    with torch.no_grad():
        for p, g in zip(parameters, gradients):
            p.sub_(lr * g)
    return loss.item()
