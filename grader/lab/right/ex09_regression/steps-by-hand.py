def fit(model, loader, lr, epochs):
    losses = []
    for epoch in range(epochs):
        batch_losses = []
        for x, y in loader:
            loss = ((model(x) - y) ** 2).mean()
            model.zero_grad()
            loss.backward()
            with torch.no_grad():
                for p in model.parameters():
                    p -= lr * p.grad
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses
