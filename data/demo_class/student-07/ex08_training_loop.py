# ex08 - training loop
import torch


def build_optimizer(model, lr):
    return torch.optim.SGD(model.parameters(), lr=lr)


def train_epoch(model, loader, criterion, optimizer):
    model.train()
    running_loss = 0
    for images, labels in loader:
        images = images.reshape(images.shape[0], -1)
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    else:
        mean_loss = running_loss / len(loader)
        print("Training loss:", mean_loss)
    return mean_loss


def train(model, loader, criterion, optimizer, epochs):
    return [train_epoch(model, loader, criterion, optimizer) for e in range(epochs)]
