import torch


def updated(weight, gradient, lr):
    return torch.sub(weight, gradient, alpha=lr)


def update_parameters(model, lr):
    for p in model.parameters():
        if p.grad is None:
            continue
        p.data = updated(p.data, p.grad.data, lr)


def clear_gradients(model):
    for p in model.parameters():
        p.grad = None


def training_step(model, criterion, images, labels, lr):
    loss = criterion(model.forward(images.flatten(1)), labels)
    params = [p for p in model.parameters() if p.requires_grad]
    for p, g in zip(params, torch.autograd.grad(loss, params)):
        p.grad = g  # replaces whatever was there
    update_parameters(model, lr)
    return float(loss)
