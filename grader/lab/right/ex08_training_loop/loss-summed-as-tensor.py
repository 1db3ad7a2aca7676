def train_epoch(
    model: nn.Module,
    loader: DataLoader,
    criterion: nn.Module,
    optimizer: torch.optim.Optimizer,
) -> float:
    total = torch.tensor(0.0, dtype=torch.float64)
    batches = 0
    for batch in iter(loader):
        images, labels = batch
        optimizer.zero_grad()
        loss = criterion(model(torch.flatten(images, 1)), labels)
        loss.backward()
        optimizer.step()
        total += loss.detach().cpu()
        batches += 1
    return (total / batches).item()
