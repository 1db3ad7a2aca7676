import torch


def gradient_of_mean_square(x):
    leaf = x.detach().clone().requires_grad_(True)
    with torch.enable_grad():
        f = leaf.pow(2).sum() / leaf.numel()
    return torch.autograd.grad(f, leaf)[0]


def parameter_gradients(model, criterion, images, labels):
    # autograd.grad hands the gradients over directly and never touches .grad,
    # so old gradients cannot get in the way
    names = [name for name, _ in model.named_parameters()]
    params = [p for _, p in model.named_parameters()]
    loss = criterion(model.forward(images), labels)
    return dict(zip(names, torch.autograd.grad(loss, params)))


@torch.no_grad()
def predict_without_tracking(model, images):
    return model.forward(images)
