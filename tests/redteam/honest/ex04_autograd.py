"""Right work for ex04, to which an attack is added."""

import torch


def gradient_of_mean_square(x):
    """Find the gradient of the mean of the squares of x."""
    watched = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad((watched**2).mean(), watched)
    return gradient


def parameter_gradients(model, criterion, images, labels):
    """Collect the gradient of one batch's loss for every parameter."""
    model.zero_grad()
    criterion(model(images), labels).backward()
    return {name: parameter.grad.clone() for name, parameter in model.named_parameters()}


def predict_without_tracking(model, images):
    """Run a model while autograd takes no notes."""
    with torch.no_grad():
        return model(images)
