def train_epoch(
    model: nn.Module,
    loader: DataLoader,
    criterion: nn.Module,
    optimizer: torch.optim.Optimizer,
) -> float:
    running_loss = 0
    for images, labels in loader:
        output = model(images.view(images.shape[0], -1))
        loss = criterion(output, labels)
        optimizer.step()
        optimizer.zero_grad()
        loss.backward()
        running_loss += loss.item()
    return running_loss / len(loader)
