import torch as th


def build_optimizer(model, lr):
    return th.optim.SGD(model.parameters(), lr=lr)


def train_epoch(model, loader, criterion, optimizer):
    losses = []
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(images.flatten(1)), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def train(model, loader, criterion, optimizer, epochs):
    return [train_epoch(model, loader, criterion, optimizer) for _ in range(epochs)]
