import torch


def build_optimizer(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr)


def train_epoch(model, loader, criterion, optimizer):
    running_loss = 0
    for images, labels in loader:
        images = images.flatten(start_dim=1)
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    return running_loss / len(loader)


def train(model, loader, criterion, optimizer, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(train_epoch(model, loader, criterion, optimizer))
    return losses
