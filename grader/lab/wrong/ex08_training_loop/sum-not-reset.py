def train(
    model: nn.Module,
    loader: DataLoader,
    criterion: nn.Module,
    optimizer: torch.optim.Optimizer,
    epochs: int,
) -> list[float]:
    losses = []
    running_loss = 0
    for epoch in range(epochs):
        for images, labels in loader:
            optimizer.zero_grad()
            output = model(images.view(images.shape[0], -1))
            loss = criterion(output, labels)
            loss.backward()
            optimizer.step()
            running_loss += loss.item()
        losses.append(running_loss / len(loader))
    return losses
