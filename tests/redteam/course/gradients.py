"""Right work, to which an attack is added."""

import torch


def gradient_of_mean_square(x):
    """Find the gradient of the mean of the squares of x."""
    ### BEGIN SOLUTION
    watched = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad((watched**2).mean(), watched)
    return gradient
    ### END SOLUTION


def parameter_gradients(model, criterion, images, labels):
    """Collect the gradient of one batch's loss for every parameter."""
    ### BEGIN SOLUTION
    model.zero_grad()
    criterion(model(images), labels).backward()
    return {name: parameter.grad.clone() for name, parameter in model.named_parameters()}
    ### END SOLUTION


def predict_without_tracking(model, images):
    """Run a model while autograd takes no notes."""
    ### BEGIN SOLUTION
    with torch.no_grad():
        return model(images)
    ### END SOLUTION
