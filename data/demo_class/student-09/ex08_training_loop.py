from torch import optim


def build_optimizer(model, lr):
    # 0.9 is what everybody uses, it is much faster
    return optim.SGD(model.parameters(), lr=lr, momentum=0.9)


def train_epoch(model, loader, criterion, optimizer):
    total, batches = 0.0, 0
    for images, labels in loader:
        optimizer.zero_grad()
        flat = images.view(-1, 784)
        loss = criterion(model(flat), labels)
        loss.backward()
        optimizer.step()
        total += loss.item()
        batches += 1
    return total / batches


def train(model, loader, criterion, optimizer, epochs):
    losses = []
    while len(losses) < epochs:
        losses.append(train_epoch(model, loader, criterion, optimizer))
    return losses
