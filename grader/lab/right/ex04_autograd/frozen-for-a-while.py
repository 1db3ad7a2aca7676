def gradient_of_mean_square(x):
    return torch.autograd.functional.jacobian(lambda t: t.square().mean(), x)


def parameter_gradients(model, criterion, images, labels):
    """Go through the images one by one; the mean of their gradients is the batch's."""
    gradients = {name: torch.zeros_like(p) for name, p in model.named_parameters()}
    for image, label in zip(images, labels):
        loss = criterion(model(image[None]), label[None])
        found = torch.autograd.grad(loss, model.parameters())
        for name, gradient in zip(gradients, found):
            gradients[name] += gradient / len(labels)
    return gradients


def predict_without_tracking(model, images):
    watched = [p for p in model.parameters() if p.requires_grad]
    for p in watched:
        p.requires_grad_(False)
    output = model(images)
    for p in watched:
        p.requires_grad_(True)
    return output
