"""Letting PyTorch differentiate.

**Goal.** Ask autograd for gradients, keep them safely, and switch it off where nobody needs them.

25 minutes, difficulty 2 of 5. Builds on ex03 (a model and its loss).

The way: error -> **gradient** -> step -> loop -> digit

The idea
--------
A gradient answers one question about many numbers at once: if this one grew a little, how much
would the loss grow? The loss is a single number, so there is one slope for every number before it.

While a computation runs, PyTorch writes down each operation on the tensors that it was told to
watch. `backward()` reads these notes from the loss back to the beginning, multiplying slopes on the
way (the chain rule), and leaves a gradient in `.grad` of each watched tensor that was there at the
beginning (a leaf). For the mean of the squares of N numbers the result is known from school:

    f(x) = (x_1^2 + ... + x_N^2) / N         df/dx_i = 2 x_i / N

so your answer can be compared with a formula, here and in no interesting case.

Two habits of `.grad` decide whether training works later:

- It adds up. A second `backward()` adds its gradient to what is already there.
- It is one box that is used again. Who keeps the box, and not a copy of what was in it, sees other
  numbers after the next batch.

And taking notes costs memory and time. A prediction that nobody will differentiate needs none.

How to check
------------
`grader check ex04` in a terminal; in a notebook, run the last cell.
"""

import torch
from torch import Tensor, nn


def gradient_of_mean_square(x: Tensor) -> Tensor:
    """Find the gradient of the mean of the squares of x, by autograd.

    Args:
        x: floating point, any shape, without `requires_grad`. Leaves as it came: same values, no
            `requires_grad`, no `.grad`.

    Returns:
        The gradient of `(x**2).mean()` at x: same shape and dtype as x.

    Example:
        Six numbers:

        >>> gradient_of_mean_square(torch.tensor([[3.0, 6.0, -9.0], [0.0, 1.5, 12.0]]))
        tensor([[ 1.0000,  2.0000, -3.0000],
                [ 0.0000,  0.5000,  4.0000]])
    """
    ### BEGIN SOLUTION
    watched = x.clone().requires_grad_()
    mean_square = (watched**2).mean()
    (gradient,) = torch.autograd.grad(mean_square, watched)
    return gradient
    ### END SOLUTION


def parameter_gradients(
    model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor
) -> dict[str, Tensor]:
    """Collect the gradient of one batch's loss for every parameter of a model.

    Gradients of earlier batches may still be there when the function is called; they must not
    count. What it returned keeps its values when it is called again, for another batch.

    Args:
        model: its parameters keep their values; their `.grad` may change. Every one takes part in
            the loss.
        criterion: takes what the model gives, and labels `(n,)`.
        images: `(n, 784)`, floating point. Not modified.
        labels: `(n,)`, int64 class indices. Not modified.

    Returns:
        The gradients by parameter name, as `model.named_parameters()` has it; each has the shape of
        its parameter.

    Example:
        One example of two numbers keeps this short. The model answers 0 where 2 is right:

        >>> model = nn.Linear(2, 1)
        >>> _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
        >>> x, y = torch.tensor([[1.0, 3.0]]), torch.tensor([[2.0]])
        >>> parameter_gradients(model, nn.MSELoss(), x, y)
        {'weight': tensor([[ -4., -12.]]), 'bias': tensor([-4.])}
    """
    ### BEGIN SOLUTION
    model.zero_grad()
    loss = criterion(model(images), labels)
    loss.backward()
    return {
        name: parameter.grad.clone()
        for name, parameter in model.named_parameters()
        if parameter.grad is not None
    }
    ### END SOLUTION


def predict_without_tracking(model: nn.Module, images: Tensor) -> Tensor:
    """Run a model on images while autograd takes no notes.

    Whether autograd was on or off before the call, it is the same afterwards.

    Args:
        model: takes `(n, 784)`. Not modified.
        images: `(n, 784)`, floating point. Not modified.

    Returns:
        What the model gives for the images, with no graph attached.

    Example:
        >>> model = nn.Linear(2, 1)
        >>> _ = nn.init.ones_(model.weight), nn.init.zeros_(model.bias)
        >>> output = predict_without_tracking(model, torch.tensor([[1.0, 3.0]]))
        >>> output, output.requires_grad
        (tensor([[4.]]), False)
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        output: Tensor = model(images)
    return output
    ### END SOLUTION
