"""The same loop, another loss: numbers instead of classes.

**Goal.** Bring a table of numbers into batches, and train a tiny network to predict a number.

30 minutes, difficulty 2 of 5. You should know: ex01 (squared error), ex02 (heads), ex08 (the loop).

Where you are: error -> gradient -> step -> **loop** -> digit

You will need
-------------

    torch.from_numpy  https://docs.pytorch.org/docs/stable/generated/torch.from_numpy.html
    Tensor.float      https://docs.pytorch.org/docs/stable/generated/torch.Tensor.float.html
    TensorDataset     https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset
    DataLoader        https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader
    nn.MSELoss        https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html

And the optimizer of ex08.

The idea
--------
Nothing in the loop depends on digits. Take other data and another measure of error, and the same
five lines learn to answer with a number: a price, a temperature, a yield.

Tables come as NumPy arrays, and in NumPy a decimal number has 64 bits. Layers have weights of 32
bits, and PyTorch refuses to mix the two. So the data are converted once, before training begins.

A row of features and its target are one example, and they always belong together:

    TensorDataset   keeps the pairs         (features[i], targets[i])
    DataLoader      gives batches           several pairs at a time

Each epoch shuffles the pairs anew, so that different epochs have different batches; within an
epoch, every pair comes up exactly once.

The loss is the mean of the squared errors, one error for each example:

    ((prediction_1 - target_1)^2 + ... + (prediction_n - target_n)^2) / n

In a picture
------------

    1 + relu(x) - 2 * relu(x - 2) bends at x = 0 and at x = 2

    x   prediction   target   error
    1   2            3        1
    3   2            5        3        loss (1^2 + 3^2) / 2 = 5

Watch out
---------
- Predictions are `(n, 1)`. With targets `(3,)`, three predictions give 9 errors, not 3, and the
  network learns to predict the average of all targets for every input.
- `nn.MSELoss` has no factor 1/2: errors of 1 and 3 give (1 + 9) / 2 = 5, and ex01 gives 2.5.

How to check
------------
`grader check ex09` in a terminal; in a notebook, run the last cell.
"""

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

if TYPE_CHECKING:
    import numpy as np


def make_loader(
    features: "np.ndarray", targets: "np.ndarray", batch_size: int
) -> DataLoader[tuple[Tensor, ...]]:
    """Make a loader that gives the rows of two arrays in batches, in a new order each epoch.

    Args:
        features: a NumPy array `(n, d)` of any real dtype. Not modified.
        targets: a NumPy array `(n, 1)` of any real dtype; row i belongs to row i of the features.
            Not modified.
        batch_size: how many examples per batch; the last batch of an epoch may have fewer.

    Returns:
        A DataLoader over a TensorDataset. Its batches are pairs of float32 tensors: features
        `(batch, d)` and targets `(batch, 1)`. Each epoch holds every example once.

    Example:
        Three examples in batches of two. Which one comes last changes from epoch to epoch:

        >>> import numpy as np
        >>> features = np.array([[1, 2], [3, 4], [5, 6]])
        >>> loader = make_loader(features, np.array([[10.5], [30.5], [50.5]]), batch_size=2)
        >>> [(tuple(x.shape), tuple(y.shape)) for x, y in loader]
        [((2, 2), (2, 1)), ((1, 2), (1, 1))]
        >>> sorted((x.tolist(), y.tolist()) for x, y in loader.dataset)
        [([1.0, 2.0], [10.5]), ([3.0, 4.0], [30.5]), ([5.0, 6.0], [50.5])]
    """
    # YOUR CODE HERE
    raise NotImplementedError("make_loader is not written yet")


def build_regressor() -> nn.Module:
    """Build a network that predicts one number from four.

    Returns:
        A module of two linear layers, each with biases: the first turns 4 numbers into 2, the
        second these into 1. It takes `(n, 4)` and gives `(n, 1)`; its answer can be any real
        number. What you put between the layers is your choice.

    Example:
        Two weights for each of four inputs and two biases, then two weights and a bias:

        >>> model = build_regressor()
        >>> sum(parameter.numel() for parameter in model.parameters())
        13
        >>> model(torch.zeros(3, 4)).shape
        torch.Size([3, 1])
    """
    # YOUR CODE HERE
    raise NotImplementedError("build_regressor is not written yet")


def fit(
    model: nn.Module, loader: DataLoader[tuple[Tensor, ...]], lr: float, epochs: int
) -> list[float]:
    """Train a model on pairs of features and targets, one step of plain SGD per batch.

    The loss of a batch is PyTorch's `nn.MSELoss`: the mean of the squared errors, without the
    factor 1/2 of ex01.

    Args:
        model: takes `(n, d)` and gives `(n, 1)`; its parameters are changed in place.
        loader: gives batches of features `(n, d)` and targets `(n, 1)`, floating point; the last
            batch may be smaller than the others.
        lr: the learning rate.
        epochs: how many times to go through the loader.

    Returns:
        One mean loss for each epoch, as Python floats: the losses of its batches, each computed
        before the step on that batch, added up and divided by the number of batches.

    Example:
        One example: a model of zeros answers 0 where 1 is right. The feature is 0, so only the bias
        learns, from 0 to 0.5:

        >>> model = nn.Linear(1, 1)
        >>> _ = nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
        >>> loader = DataLoader(TensorDataset(torch.zeros(1, 1), torch.ones(1, 1)))
        >>> fit(model, loader, lr=0.25, epochs=2)
        [1.0, 0.25]
    """
    # YOUR CODE HERE
    raise NotImplementedError("fit is not written yet")
