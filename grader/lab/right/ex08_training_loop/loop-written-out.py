def build_optimizer(model: nn.Module, lr: float) -> torch.optim.Optimizer:
    return torch.optim.SGD([{"params": model.parameters(), "lr": lr}])


def train(
    model: nn.Module,
    loader: DataLoader,
    criterion: nn.Module,
    optimizer: torch.optim.Optimizer,
    epochs: int,
) -> list[float]:
    history = []
    for epoch in range(epochs):
        running_loss = 0
        model.train()
        for images, labels in loader:
            images.resize_(images.shape[0], 784)
            optimizer.zero_grad(set_to_none=False)
            loss = criterion(model(images), labels)
            loss.backward()
            optimizer.step()
            running_loss += loss.item()
        print(f"Training loss: {running_loss / len(loader)}")
        history.append(running_loss / len(loader))
    return history
