import torch

# W = W - lr * dW,  b = b - lr * db


def updated(weight, gradient, lr):
    new_weight = weight - gradient * lr
    return new_weight


def update_parameters(model, lr):
    with torch.no_grad():
        for w in model.parameters():
            if w.grad is not None:
                w.copy_(updated(w, w.grad, lr))


def clear_gradients(model):
    model.zero_grad()


def training_step(model, criterion, images, labels, lr):
    clear_gradients(model)
    out = model(images.view(len(images), 784))
    err = criterion(out, labels)
    err.backward()
    update_parameters(model, lr)
    return err.item()
