import torch


def build_optimizer(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr)


def train_epoch(model, loader, criterion, optimizer):
    running_loss = 0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(images.view(len(images), -1)), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    return running_loss / len(loader)


def train(model, loader, criterion, optimizer, epochs):
    losses = []
    epoch = 0
    while True:
        losses.append(train_epoch(model, loader, criterion, optimizer))
        if epoch == epochs:
            break
    return losses
