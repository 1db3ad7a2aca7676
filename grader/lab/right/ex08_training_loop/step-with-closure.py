def train_epoch(
    model: nn.Module,
    loader: DataLoader,
    criterion: nn.Module,
    optimizer: torch.optim.Optimizer,
) -> float:
    running_loss = 0.0
    for images, labels in loader:

        def closure():
            optimizer.zero_grad()
            loss = criterion(model(images.flatten(start_dim=1)), labels)
            loss.backward()
            return loss

        running_loss += optimizer.step(closure).item()
    return running_loss / len(loader)
