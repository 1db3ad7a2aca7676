def updated(weight: Tensor, gradient: Tensor, lr: float) -> Tensor:
    return weight + (-lr) * gradient


def update_parameters(model: nn.Module, lr: float) -> None:
    torch.optim.SGD(model.parameters(), lr=lr).step()


def clear_gradients(model: nn.Module) -> None:
    torch.optim.SGD(model.parameters(), lr=1.0).zero_grad()


def training_step(
    model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor, lr: float
) -> float:
    model.train()
    loss = criterion(model(images.view(-1, 28 * 28)), labels)
    clear_gradients(model)
    loss.backward()
    update_parameters(model, lr)
    clear_gradients(model)
    return loss.detach().cpu().numpy().item()
