"""A classifier that outputs log-probabilities.

**Goal.** Build the network that takes an image of a handwritten digit and outputs ten
log-probabilities, and the loss that fits this output.

30 minutes, difficulty 2 of 5. You should know: ex01 (losses) and ex02 (heads).

Where you are: **error** -> gradient -> step -> loop -> digit

You will need
-------------

    nn.LogSoftmax  https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html
    nn.NLLLoss     https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
    torch.flatten  https://docs.pytorch.org/docs/stable/generated/torch.flatten.html
    torch.exp      https://docs.pytorch.org/docs/stable/generated/torch.exp.html

And the layers of ex02.

The idea
--------
An image of 28 x 28 pixels goes in as a row of 784 numbers. Two hidden layers turn it into 128 and
then 64 numbers, and a last layer into 10 scores z, one for each class. Scores can be any numbers;
softmax turns each row into probabilities that add up to 1, and the model outputs their logarithms:

    log p_i  =  z_i - log( exp(z_0) + ... + exp(z_9) )

The ten probabilities of one image add up to 1; other images have no influence on them: rows are
images, columns are classes.

Why logarithms? If one score is 1,000 higher than the others, the other probabilities are too small
for a computer number and become 0, and log 0 is minus infinity. PyTorch can compute the formula
above in one piece and stay finite, as long as you don't compute softmax first and the log
afterwards.

The loss then has little left to do. For each image it picks the log-probability of the true class,
changes its sign, and averages over the batch. A confident right answer costs almost 0, a confident
wrong one a lot. An untrained network gives each of the ten classes about a tenth, which costs
log 10 = 2.30: compare your first loss with it.

Between two layers there is a ReLU. Without it, three linear layers can do no more than one.

In a picture
------------

    784 -> ReLU -> 128 -> ReLU -> 64 -> 10 scores

    class              0       1       2
    score z            2       1       0
    z - 2.41 = log p  -0.41   -1.41   -2.41
    p                  0.67    0.24    0.09

    true class 1: the loss is 1.41

Watch out
---------
- With `dim=0` the images of a batch compete: a batch of 64 starts near log 64 = 4.16, not near
  log 10 = 2.30.
- A first loss of -0.10 is not a good start. It is minus the probability 1/10: the log is missing.

How to check
------------
`grader check ex03` in a terminal; in a notebook, run the last cell.
"""

import torch
from torch import Tensor, nn


def build_model() -> nn.Module:
    """Build the network 784 -> 128 -> 64 -> 10 that gives log-probabilities.

    The three linear layers have biases, there is a ReLU between them, and the log-softmax at the
    end runs over the classes. The model takes floating point images `(n, 784)`, for any n, and
    gives `(n, 10)`: log-probabilities that are finite, even when two scores differ by 1,000.

    Returns:
        A new model at every call, with fresh random weights.

    Example:
        Three linear layers, each with weights and biases, have this many parameters:

        >>> model = build_model()
        >>> sum(parameter.numel() for parameter in model.parameters())
        109386
        >>> tuple(model(torch.zeros(3, 784)).shape)
        (3, 10)
    """
    # YOUR CODE HERE
    raise NotImplementedError("build_model is not written yet")


def build_criterion() -> nn.Module:
    """Build the loss that fits a model that outputs log-probabilities.

    Returns:
        A criterion: called with log-probabilities `(n, classes)` and int64 labels `(n,)`, it
        returns the negative log-likelihood of the true classes, averaged over the batch, as a 0-d
        tensor.

    Example:
        The true class had probability 1/4, and the log of 4 is 1.3863:

        >>> criterion = build_criterion()
        >>> log_probabilities = torch.tensor([[0.25, 0.75]]).log()
        >>> round(criterion(log_probabilities, torch.tensor([0])).item(), 4)
        1.3863
    """
    # YOUR CODE HERE
    raise NotImplementedError("build_criterion is not written yet")


def batch_loss(model: nn.Module, criterion: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    """Compute the loss of one batch, ready for `backward()`.

    Args:
        model: takes `(n, 784)`.
        criterion: takes the model's output, and labels `(n,)`.
        images: `(n, 1, 28, 28)`, floating point, for any n; each is flattened to a row of 784
            numbers here. Not modified.
        labels: `(n,)`, int64 class indices.

    Returns:
        The loss as a 0-d tensor with its graph: the caller can call `backward()` on it.

    Example:
        `nn.Identity()` returns its input, so a black image gives 784 equal scores, and log 784 =
        6.6644:

        >>> images, labels = torch.zeros(2, 1, 28, 28), torch.tensor([3, 700])
        >>> loss = batch_loss(nn.Identity(), nn.CrossEntropyLoss(), images, labels)
        >>> round(loss.item(), 4)
        6.6644
    """
    # YOUR CODE HERE
    raise NotImplementedError("batch_loss is not written yet")


def probabilities(log_probabilities: Tensor) -> Tensor:
    """Turn log-probabilities back into probabilities.

    Args:
        log_probabilities: `(n, classes)`, floating point. Not modified.

    Returns:
        Numbers of the same shape and dtype, from 0 to 1; each row adds up to 1.

    Example:
        The log of 1/2 is -0.6931, the log of 1/4 is -1.3863:

        >>> probabilities(torch.tensor([[-0.6931, -1.3863, -1.3863]]))
        tensor([[0.5000, 0.2500, 0.2500]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("probabilities is not written yet")
