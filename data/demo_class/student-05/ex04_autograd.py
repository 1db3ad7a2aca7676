import torch


def gradient_of_mean_square(x):
    a = torch.tensor(x.numpy(force=True), requires_grad=True, device=x.device)
    b = (a ** 2).mean()
    b.backward()
    return a.grad


def parameter_gradients(model, criterion, images, labels):
    model.zero_grad()
    out = model(images)
    err = criterion(out, labels)
    err.backward()
    result = {}
    for n, p in model.named_parameters():
        result[n] = 1.0 * p.grad
    return result


def predict_without_tracking(model, images):
    with torch.no_grad():
        out = model(images)
    return out
