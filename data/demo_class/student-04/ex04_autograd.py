import torch


def gradient_of_mean_square(x):
    x2 = x.clone()
    x2.requires_grad = True
    y = torch.mean(x2 * x2)
    y.backward()
    return x2.grad


def parameter_gradients(model, criterion, images, labels):
    for p in model.parameters():
        p.grad = None
    loss = criterion(model(images), labels)
    loss.backward()
    return {name: p.grad.detach().clone() for name, p in model.named_parameters()}


def predict_without_tracking(model, images):
    with torch.no_grad():
        return model(images)
