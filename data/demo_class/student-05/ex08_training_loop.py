from torch import optim


def build_optimizer(model, lr):
    return optim.SGD(model.parameters(), lr)


def train_epoch(model, loader, criterion, optimizer):
    total = 0.0
    for images, labels in loader:
        out = model(images.view(len(images), 784))
        err = criterion(out, labels)
        err.backward()
        optimizer.step()
        total = total + err.item()
    return total / len(loader)


def train(model, loader, criterion, optimizer, epochs):
    history = []
    for epoch in range(epochs):
        history.append(train_epoch(model, loader, criterion, optimizer))
    return history
