"""W - lr * grad: the step that all of training is made of.

**Goal.** Write by hand what an optimizer does, and with it one whole training step.

30 minutes, difficulty 3 of 5. You should know: ex03 (model and loss) and ex04 (gradients).

Where you are: error -> gradient -> **step** -> loop -> digit

You will need
-------------

    nn.Module.parameters  https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.parameters
    Tensor.grad           https://docs.pytorch.org/docs/stable/generated/torch.Tensor.grad.html
    Tensor.sub_           https://docs.pytorch.org/docs/stable/generated/torch.Tensor.sub_.html
    torch.no_grad         https://docs.pytorch.org/docs/stable/generated/torch.no_grad.html
    Tensor.backward       https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html
    Tensor.item           https://docs.pytorch.org/docs/stable/generated/torch.Tensor.item.html

The idea
--------
The gradient of the loss points uphill: it says for each weight how the loss grows when that weight
grows. We want the loss to shrink, so each weight takes a small step the other way:

    W_new  =  W - lr * gradient

The learning rate lr sets the size of the step. With W = 1.0, gradient = 0.5 and lr = 0.1 the weight
becomes 0.95. Biases follow the same rule.

A model holds its parameters as objects, and all code that works with the model uses these same
objects. Picture labelled boxes: training changes what is in a box. A new tensor under an old name
in your function is a new box, and the model does not know it.

Parameters have `requires_grad=True`, so autograd records what is done with them. The update is not
part of the loss and must not be recorded: you have to tell PyTorch so.

One whole training step is always the same five things: clear the old gradients, run the model,
compute the loss, compute the gradients, update.

In a picture
------------

    W - lr * gradient  =  1.00 - 0.1 * 0.5  =  0.95

    changed in place         a new tensor
    model -> [0.95]          model -> [1.00]
                             p     -> [0.95]

Watch out
---------
- `p = p - lr * p.grad` in a loop changes no model. The name p gets a new tensor, the model keeps
  its 1.0, and no error says so.
- Gradients add up until you clear them: with 0.5 from each batch, the third step uses 1.5. The
  first step is right, so one step shows nothing.

How to check
------------
`grader check ex06` in a terminal; in a notebook, run the last cell.
"""

import torch
from torch import Tensor, nn


def updated(weight: Tensor, gradient: Tensor, lr: float) -> Tensor:
    """Take one step of gradient descent with a single tensor.

    Args:
        weight: floating point, any shape. Not modified.
        gradient: same shape and dtype as the weight. Not modified.
        lr: the learning rate.

    Returns:
        The weight after the step, as a new tensor of the same shape and dtype.

    Example:
        A gradient of 0 does not change a weight:

        >>> weight = torch.tensor([[1.0, 2.0, -3.0]])
        >>> updated(weight, torch.tensor([[0.5, -0.5, 0.0]]), lr=0.1)
        tensor([[ 0.9500,  2.0500, -3.0000]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("updated is not written yet")


def update_parameters(model: nn.Module, lr: float) -> None:
    """Take one step of gradient descent with every parameter of a model, in place.

    One call does what one step of plain SGD (`torch.optim.SGD`) with this learning rate would do.
    Weights and biases that have a gradient change; a parameter whose `.grad` is None does not. The
    gradients keep their values, and the model keeps its `Parameter` objects: the same ones, still
    leaves that require gradients.

    Args:
        model: its parameters are changed in place.
        lr: the learning rate.

    Example:
        The bias has no gradient here, so it does not change:

        >>> layer = nn.Linear(2, 1)
        >>> _ = nn.init.ones_(layer.weight), nn.init.ones_(layer.bias)
        >>> layer.weight.grad = torch.tensor([[2.0, -1.0]])
        >>> update_parameters(layer, lr=0.5)
        >>> layer.weight.detach(), layer.bias.detach()
        (tensor([[0.0000, 1.5000]]), tensor([1.]))
    """
    # YOUR CODE HERE
    raise NotImplementedError("update_parameters is not written yet")


def clear_gradients(model: nn.Module) -> None:
    """Clear the gradients of every parameter of a model.

    Args:
        model: afterwards each parameter's `.grad` is None or holds zeros only; the parameters keep
            their values.

    Example:
        After clearing, `.grad` holds the next batch's gradient only. Here d(3 w)/dw is 3, even if
        it was computed before:

        >>> layer = nn.Linear(1, 1)
        >>> three = torch.tensor([[3.0]])
        >>> layer(three).sum().backward()
        >>> clear_gradients(layer)
        >>> layer(three).sum().backward()
        >>> layer.weight.grad
        tensor([[3.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("clear_gradients is not written yet")


def training_step(
    model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor, lr: float
) -> float:
    """Take one whole training step on one batch, without an optimizer.

    The parameters may hold old gradients when the function is called; these must not count.

    Args:
        model: takes `(n, 784)`; its parameters are changed in place.
        criterion: takes the model's output, and labels `(n,)`.
        images: `(n, 1, 28, 28)`, floating point. Not modified.
        labels: `(n,)`, int64 class indices. Not modified.
        lr: the learning rate.

    Returns:
        The loss of this batch before the update, as a Python float.

    Example:
        A model whose weights are 0 gives both classes probability 1/2, which costs log 2 = 0.6931.
        The image is black, so the weights get no gradient, and the biases move towards class 0:

        >>> model = nn.Linear(784, 2)
        >>> _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
        >>> image, label = torch.zeros(1, 1, 28, 28), torch.tensor([0])
        >>> round(training_step(model, nn.CrossEntropyLoss(), image, label, lr=1.0), 4)
        0.6931
        >>> model.bias.detach()
        tensor([ 0.5000, -0.5000])
    """
    # YOUR CODE HERE
    raise NotImplementedError("training_step is not written yet")
