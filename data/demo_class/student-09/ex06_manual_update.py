import torch


def updated(weight, gradient, lr):
    step = lr * gradient
    return weight - step


def update_parameters(model, lr):
    for p in model.parameters():
        if p.grad is not None:
            with torch.no_grad():
                p.sub_(lr * p.grad)


def clear_gradients(model):
    model.zero_grad()


def training_step(model, criterion, images, labels, lr):
    model.zero_grad()
    flat = images.view(-1, 784)
    loss = criterion(model(flat), labels)
    loss.backward()
    update_parameters(model, lr)
    return loss.item()
