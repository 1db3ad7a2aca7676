def gradient_of_mean_square(x):
    w = torch.tensor(x.tolist(), dtype=x.dtype, device=x.device, requires_grad=True)
    w.pow(2).mean().backward()
    return w.grad


def parameter_gradients(model, criterion, images, labels):
    for p in model.parameters():
        p.grad = None
    criterion(model(images), labels).backward()
    return {name: p.grad for name, p in model.named_parameters()}


def predict_without_tracking(model, images):
    return model(images).data
