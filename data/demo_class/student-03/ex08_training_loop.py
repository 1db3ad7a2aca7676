"""The whole loop: look, measure, step, repeat.

**Goal.** Train a network for several epochs with an optimizer, and report how the loss falls.

35 minutes, difficulty 3 of 5.
You should know: ex03 (model, loss), ex04 (gradients), ex06 (the step).

Where you are: error -> gradient -> step -> **loop** -> digit

You will need
-------------

    optim.SGD            https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html
    Optimizer.zero_grad  https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html
    Optimizer.step       https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.step.html
    Tensor.backward      https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html
    Tensor.item          https://docs.pytorch.org/docs/stable/generated/torch.Tensor.item.html

The idea
--------
An optimizer does the arithmetic of ex06 for you. It is given the parameters once, when it is built,
and knows nothing else: not the model, not the loss, not the data. So the loop has to do everything
in the right order, once for each batch:

    clear old gradients  ->  model  ->  loss  ->  gradients  ->  step

The optimizer updates the parameters with the gradients that it finds at that moment. Ask yourself
at each line: are there gradients now, and from which batch?

An epoch is one pass through all batches of the loader; training is several epochs. The batches may
have different sizes (the last is often smaller), so nothing in the loop may rely on a size.

To see whether it works, each epoch reports one number: the losses of its batches added up, divided
by how many batches there were. Each of these losses is already a mean over its own images, so the
sizes of the batches play no part. And keep only the number: a loss kept as a tensor keeps its whole
graph in memory.

In a picture
------------

    batch of images                        64     64     64     8
    clear, model, loss, gradients, step     |      |      |     |
    loss of the batch                      0.9    0.7    0.5   0.3

    the epoch reports (0.9 + 0.7 + 0.5 + 0.3) / 4 = 0.6

Watch out
---------
- If you clear the gradients between `backward()` and the step, the step finds none: a loss of 2.30
  stays at 2.30.
- Divide by the number of batches. Losses of 0.7 and 0.3 give 0.5; divided by 128 images they would
  give 0.008.

How to check
------------
`grader check ex08` in a terminal; in a notebook, run the last cell.
"""

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader


def build_optimizer(model: nn.Module, lr: float) -> torch.optim.Optimizer:
    """Build plain stochastic gradient descent for a model.

    Plain means: the rule `W - lr * gradient` and nothing else (no momentum, no weight decay).

    Args:
        model: the optimizer gets all of its parameters. Not modified.
        lr: the learning rate.

    Returns:
        A new optimizer.

    Example:
        A weight of 1 with a gradient of 2 becomes 1 - 0.1 * 2:

        >>> layer = nn.Linear(1, 1)
        >>> _ = nn.init.ones_(layer.weight)
        >>> layer.weight.grad = torch.tensor([[2.0]])
        >>> build_optimizer(layer, lr=0.1).step()
        >>> layer.weight.detach()
        tensor([[0.8000]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("build_optimizer is not written yet")


def train_epoch(
    model: nn.Module,
    loader: DataLoader[tuple[Tensor, Tensor]],
    criterion: nn.Module,
    optimizer: torch.optim.Optimizer,
) -> float:
    """Train a model on every batch of a loader, one optimizer step per batch.

    Args:
        model: takes `(n, 784)`; its parameters are changed in place. You need not set its
            mode (training or evaluation).
        loader: gives batches of images `(n, 1, 28, 28)`, floating point, and int64 labels `(n,)`;
            the last batch may be smaller than the others.
        criterion: takes the model's output, and labels `(n,)`.
        optimizer: holds the model's parameters.

    Returns:
        The mean of the batches' losses, each computed before the step on that batch, as a Python
        float.

    Example:
        Three black images of class 0 in batches of two and one. The first batch costs log 2 =
        0.6931, the second, after a step, 0.3133:

        >>> from torch.utils.data import TensorDataset
        >>> model = nn.Linear(784, 2)
        >>> _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
        >>> data = TensorDataset(torch.zeros(3, 1, 28, 28), torch.tensor([0, 0, 0]))
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
        >>> loader = DataLoader(data, batch_size=2)
        >>> round(train_epoch(model, loader, nn.CrossEntropyLoss(), optimizer), 4)
        0.5032
    """
    # YOUR CODE HERE
    raise NotImplementedError("train_epoch is not written yet")


def train(
    model: nn.Module,
    loader: DataLoader[tuple[Tensor, Tensor]],
    criterion: nn.Module,
    optimizer: torch.optim.Optimizer,
    epochs: int,
) -> list[float]:
    """Train a model for several epochs.

    Args:
        model: takes `(n, 784)`; its parameters are changed in place.
        loader: gives batches of images `(n, 1, 28, 28)` and int64 labels `(n,)`.
        criterion: takes the model's output, and labels `(n,)`.
        optimizer: holds the model's parameters.
        epochs: how many times to go through the loader.

    Returns:
        One mean loss for each epoch, in order, as `train_epoch` reports it.

    Example:
        One black image of class 0, so one step per epoch:

        >>> from torch.utils.data import TensorDataset
        >>> model = nn.Linear(784, 2)
        >>> _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
        >>> loader = DataLoader(TensorDataset(torch.zeros(1, 1, 28, 28), torch.tensor([0])))
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
        >>> losses = train(model, loader, nn.CrossEntropyLoss(), optimizer, epochs=2)
        >>> [round(loss, 4) for loss in losses]
        [0.6931, 0.3133]
    """
    # YOUR CODE HERE
    raise NotImplementedError("train is not written yet")
