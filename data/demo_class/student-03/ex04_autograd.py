"""Letting PyTorch differentiate.

**Goal.** Ask autograd for gradients, keep them, and switch it off where you don't need them.

25 minutes, difficulty 2 of 5. You should know: ex03 (a model and its loss).

Where you are: error -> **gradient** -> step -> loop -> digit

You will need
-------------

    Tensor.requires_grad_  https://docs.pytorch.org/docs/stable/generated/torch.Tensor.requires_grad_.html
    Tensor.backward        https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html
    Tensor.grad            https://docs.pytorch.org/docs/stable/generated/torch.Tensor.grad.html
    Tensor.clone           https://docs.pytorch.org/docs/stable/generated/torch.Tensor.clone.html
    nn.Module.zero_grad    https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.zero_grad
    torch.no_grad          https://docs.pytorch.org/docs/stable/generated/torch.no_grad.html

The idea
--------
A gradient answers one question about many numbers at once: if this number grew a little, how much
would the loss grow? The loss is a single number, so each number that it depends on has one slope.

While a computation runs, autograd records each operation on tensors with `requires_grad=True`: the
graph. `backward()` goes through this graph from the loss to the beginning, multiplies the slopes
(the chain rule), and puts a gradient into `.grad` of each such tensor that you created yourself (a
leaf). For the mean of the squares of N numbers you can work out the result:

    f(x) = (x_1^2 + ... + x_N^2) / N         df/dx_i = 2 x_i / N

so here you can check your answer by hand. For a real network you can't.

Recording costs memory and time. A prediction needs no graph if you don't call `backward()`.

In a picture
------------

    forward    x = 1, 3   -- square -->     1, 9      -- mean -->        5
    backward       1, 3   <-- times 2x --   1/2, 1/2  <-- times 1/2 --   1
                  x.grad

Watch out
---------
- `.grad` adds up. Two backward passes that find 3 each leave 6, until you clear it.
- `.grad` is used again. If you keep it in a list and not a copy, a 3 in your list becomes a 6 in
  the next backward pass.

How to check
------------
`grader check ex04` in a terminal; in a notebook, run the last cell.
"""

import torch
from torch import Tensor, nn


def gradient_of_mean_square(x: Tensor) -> Tensor:
    """Find the gradient of the mean of the squares of x, by autograd.

    Args:
        x: floating point, any shape, without `requires_grad`. Must be unchanged after the
            call: same values, no `requires_grad`, no `.grad`.

    Returns:
        The gradient of `(x**2).mean()` at x: same shape and dtype as x. It may have a graph.

    Example:
        Six numbers:

        >>> gradient_of_mean_square(torch.tensor([[3.0, 6.0, -9.0], [0.0, 1.5, 12.0]]))
        tensor([[ 1.0000,  2.0000, -3.0000],
                [ 0.0000,  0.5000,  4.0000]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("gradient_of_mean_square is not written yet")


def parameter_gradients(
    model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor
) -> dict[str, Tensor]:
    """Collect the gradient of one batch's loss for every parameter of a model.

    The parameters may still hold gradients of earlier batches when the function is called; these
    must not count. The returned gradients keep their values when you call it again with another
    batch.

    Args:
        model: its parameters keep their values; their `.grad` may change. The loss
            depends on every one of them.
        criterion: takes the model's output, and labels `(n,)`.
        images: `(n, 784)`, floating point. Not modified.
        labels: `(n,)`, int64 class indices. Not modified.

    Returns:
        The gradients by parameter name, as `model.named_parameters()` has it; each has the shape of
        its parameter. They may have a graph.

    Example:
        One example of two numbers keeps this short. The model answers 0 where 2 is right:

        >>> model = nn.Linear(2, 1)
        >>> _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
        >>> x, y = torch.tensor([[1.0, 3.0]]), torch.tensor([[2.0]])
        >>> parameter_gradients(model, nn.MSELoss(), x, y)
        {'weight': tensor([[ -4., -12.]]), 'bias': tensor([-4.])}
    """
    # YOUR CODE HERE
    raise NotImplementedError("parameter_gradients is not written yet")


def predict_without_tracking(model: nn.Module, images: Tensor) -> Tensor:
    """Run a model on images while autograd records nothing.

    Whether autograd was on or off before the call, it is the same afterwards.

    Args:
        model: takes `(n, 784)`. Not modified: its parameters, their `requires_grad` and its mode
            (training or evaluation) are the same after the call.
        images: `(n, 784)`, floating point. Not modified.

    Returns:
        The model's output for the images, without a graph.

    Example:
        >>> model = nn.Linear(2, 1)
        >>> _ = nn.init.ones_(model.weight), nn.init.zeros_(model.bias)
        >>> output = predict_without_tracking(model, torch.tensor([[1.0, 3.0]]))
        >>> output, output.requires_grad
        (tensor([[4.]]), False)
    """
    # YOUR CODE HERE
    raise NotImplementedError("predict_without_tracking is not written yet")
