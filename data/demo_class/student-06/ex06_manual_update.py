import torch


def updated(weight, gradient, lr):
    return weight - lr * gradient


def update_parameters(model, lr):
    for p in model.parameters():
        if p.grad is not None:
            p.data -= lr * p.grad


def clear_gradients(model):
    for p in model.parameters():
        p.grad = None


def training_step(model, criterion, images, labels, lr):
    clear_gradients(model)
    loss = criterion(model(images.flatten(start_dim=1)), labels)
    loss.backward()
    update_parameters(model, lr)
    return loss.item()
