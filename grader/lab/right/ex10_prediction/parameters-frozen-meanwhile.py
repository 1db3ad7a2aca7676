from contextlib import contextmanager


@contextmanager
def looking(model):
    modes = [(module, module.training) for module in model.modules()]
    wanted = [(p, p.requires_grad) for p in model.parameters()]
    model.eval().requires_grad_(False)
    try:
        yield model
    finally:
        for module, mode in modes:
            module.training = mode
        for p, want in wanted:
            p.requires_grad_(want)


def predict(model, image):
    with looking(model):
        return model(image.reshape(1, -1)).exp().squeeze(0)


def confusion_matrix(model, loader):
    counts = torch.zeros(10, 10, dtype=torch.int64)
    with looking(model):
        for images, labels in loader:
            for label, row in zip(labels, model(images.flatten(1))):
                counts[label, row.argmax()] += 1
    return counts


def accuracy(model, loader):
    counts = confusion_matrix(model, loader)
    return counts.trace().item() / counts.sum().item()
