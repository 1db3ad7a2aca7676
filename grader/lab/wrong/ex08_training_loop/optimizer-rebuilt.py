def train(
    model: nn.Module,
    loader: DataLoader,
    criterion: nn.Module,
    optimizer: torch.optim.Optimizer,
    epochs: int,
) -> list[float]:
    losses = []
    for epoch in range(epochs):
        group = optimizer.param_groups[0]
        optimizer = torch.optim.SGD(model.parameters(), lr=group["lr"], momentum=group["momentum"])
        losses.append(train_epoch(model, loader, criterion, optimizer))
    return losses
