def train(
    model: nn.Module,
    loader: DataLoader,
    criterion: nn.Module,
    optimizer: torch.optim.Optimizer,
    epochs: int,
) -> list[float]:
    losses = []
    for epoch in range(epochs):
        for images, labels in loader:
            optimizer.zero_grad()
            output = model(images.view(images.shape[0], -1))
            loss = criterion(output, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses
