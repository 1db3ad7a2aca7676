"""Looking at what was learned.

**Goal.** Ask a trained network for its prediction, count how often it is right, and look at its
mistakes.

30 minutes, difficulty 2 of 5.
You should know: ex03 (log-probabilities), ex04 (no graph), ex08 (loaders).

Where you are: error -> gradient -> step -> loop -> **digit**

You will need
-------------

    nn.Module.eval   https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.eval
    nn.Module.train  https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.train
    torch.no_grad    https://docs.pytorch.org/docs/stable/generated/torch.no_grad.html
    torch.argmax     https://docs.pytorch.org/docs/stable/generated/torch.argmax.html
    torch.bincount   https://docs.pytorch.org/docs/stable/generated/torch.bincount.html

The idea
--------
Training is over, and here is a picture of a seven. What does the network say? It outputs ten
log-probabilities, and probabilities are easier to read: ten numbers that add up to 1. The index of
the largest is its guess.

Two things that training needs must be off now, and switching off one does not switch off the other:

- Dropout turns units off at random, so the same picture gets a different answer each time. It is
  active in training mode, and does nothing in evaluation mode.
- Autograd records a graph for a backward pass that never comes.

After a look at the accuracy, training may go on. So leave the model in the mode in which you found
it, training or evaluation.

Accuracy is one number: how many of all images were recognised. The last batch may be smaller, and
an image in it counts no more than any other.

The confusion matrix says more. Row 7, column 1 counts the sevens that were predicted as a one.
Right answers are on the diagonal; all other entries are mistakes.

In a picture
------------

    predicted as    1    7    9
    true class 1   10    0    0
    true class 7    2    7    1        two sevens were predicted as a one
    true class 9    0    1    9

    accuracy (10 + 7 + 9) / 30 = 0.87

Watch out
---------
- Count images, not batches. 3 of 4 right and 0 of 1 right is 3 / 5 = 0.6, not the mean of 0.75
  and 0, which is 0.375.
- `(64, 1) == (64,)` is not 64 comparisons but a 64 x 64 table, and its mean is near 0.1.

How to check
------------
`grader check ex10` in a terminal; in a notebook, run the last cell.
"""

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader


def predict(model: nn.Module, image: Tensor) -> Tensor:
    """Return a model's probability of each class for one image.

    Dropout is off while the model runs, no graph is built, and the model's mode (training or
    evaluation) is the same after the call.

    Args:
        model: takes `(n, 784)` and gives log-probabilities `(n, 10)`.
        image: `(1, 28, 28)`, floating point: one image, without a batch dimension. Not modified.

    Returns:
        The ten probabilities, `(10,)`; they add up to 1.

    Example:
        A model whose weights are all 0 gives each of the ten classes the same probability:

        >>> model = nn.Sequential(nn.Linear(784, 10), nn.LogSoftmax(dim=1))
        >>> _ = nn.init.zeros_(model[0].weight), nn.init.zeros_(model[0].bias)
        >>> predict(model, torch.zeros(1, 28, 28))[:3]
        tensor([0.1000, 0.1000, 0.1000])
    """
    ### BEGIN SOLUTION
    was_training = model.training
    model.eval()
    with torch.no_grad():
        log_probabilities: Tensor = model(image.reshape(1, 784))
    model.train(was_training)
    return log_probabilities[0].exp()
    ### END SOLUTION


def accuracy(model: nn.Module, loader: DataLoader[tuple[Tensor, ...]]) -> float:
    """Return the fraction of images that a model recognises.

    Dropout is off while the model runs, no graph is built, and the model's mode (training or
    evaluation) is the same after the call.

    Args:
        model: takes `(n, 784)` and gives log-probabilities `(n, 10)`.
        loader: gives batches of images `(n, 1, 28, 28)` and int64 labels `(n,)`; the last batch may
            be smaller than the others.

    Returns:
        The number of images whose predicted class is the true one, divided by the number of all
        images: a Python float from 0 to 1.

    Example:
        A model that always says 7, and five labels in batches of four and one:

        >>> from torch.utils.data import TensorDataset
        >>> model = nn.Sequential(nn.Linear(784, 10), nn.LogSoftmax(dim=1))
        >>> _ = nn.init.zeros_(model[0].weight), nn.init.zeros_(model[0].bias)
        >>> _ = nn.init.ones_(model[0].bias[7])
        >>> data = TensorDataset(torch.zeros(5, 1, 28, 28), torch.tensor([7, 7, 0, 7, 2]))
        >>> accuracy(model, DataLoader(data, batch_size=4))
        0.6
    """
    ### BEGIN SOLUTION
    was_training = model.training
    model.eval()
    right = total = 0
    with torch.no_grad():
        for images, labels in loader:
            classes = model(images.flatten(start_dim=1)).argmax(dim=1)
            right += int((classes == labels).sum())
            total += len(labels)
    model.train(was_training)
    return right / total
    ### END SOLUTION


def confusion_matrix(model: nn.Module, loader: DataLoader[tuple[Tensor, ...]]) -> Tensor:
    """Count for each true class which classes a model predicts.

    Dropout is off while the model runs, no graph is built, and the model's mode (training or
    evaluation) is the same after the call.

    Args:
        model: takes `(n, 784)` and gives log-probabilities `(n, 10)`.
        loader: gives batches of images `(n, 1, 28, 28)` and int64 labels `(n,)`; the last batch may
            be smaller than the others.

    Returns:
        `(10, 10)`, int64, on any device: in row i and column j, how many images of class i the
        model predicted as class j. All entries add up to the number of images.

    Example:
        A model that always says 7 fills a single column:

        >>> from torch.utils.data import TensorDataset
        >>> model = nn.Sequential(nn.Linear(784, 10), nn.LogSoftmax(dim=1))
        >>> _ = nn.init.zeros_(model[0].weight), nn.init.zeros_(model[0].bias)
        >>> _ = nn.init.ones_(model[0].bias[7])
        >>> data = TensorDataset(torch.zeros(5, 1, 28, 28), torch.tensor([7, 7, 0, 7, 2]))
        >>> counts = confusion_matrix(model, DataLoader(data, batch_size=4))
        >>> counts[:, 7], int(counts.sum())
        (tensor([1, 0, 1, 0, 0, 0, 0, 3, 0, 0]), 5)
    """
    ### BEGIN SOLUTION
    was_training = model.training
    model.eval()
    counts = torch.zeros(10, 10, dtype=torch.int64)
    with torch.no_grad():
        for images, labels in loader:
            classes = model(images.flatten(start_dim=1)).argmax(dim=1)
            counts = counts.to(labels.device)
            counts += torch.bincount(labels * 10 + classes, minlength=100).reshape(10, 10)
    model.train(was_training)
    return counts
    ### END SOLUTION
