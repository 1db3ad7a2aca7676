def train(
    model: nn.Module,
    loader: DataLoader,
    criterion: nn.Module,
    optimizer: torch.optim.Optimizer,
    epochs: int,
) -> list[float]:
    losses = []
    for epoch in range(epochs):
        train_epoch(model, loader, criterion, optimizer)
        total = 0
        with torch.no_grad():
            for images, labels in loader:
                total += criterion(model(images.flatten(1)), labels).item()
        losses.append(total / len(loader))
    return losses
