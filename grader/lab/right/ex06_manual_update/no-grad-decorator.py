@torch.no_grad()
def update_parameters(model: nn.Module, lr: float) -> None:
    for name, p in model.named_parameters():
        if p.grad is not None:
            p.copy_(updated(p, p.grad, lr))


def clear_gradients(model: nn.Module) -> None:
    for p in model.parameters():
        p.grad = None


def training_step(
    model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor, lr: float
) -> float:
    output = model.forward(images.reshape(len(images), 784))
    clear_gradients(model)
    loss = criterion.forward(output, labels)
    loss.backward()
    update_parameters(model, lr)
    print(f"loss {loss.item():.4f}")
    return float(loss)
