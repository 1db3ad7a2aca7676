"""How wrong is the network?

**Goal.** Write the two losses that train most networks, and the functions that they are made of,
using tensors only.

60 minutes, difficulty 2 of 5. You should know: tensors.

Where you are: **error** -> gradient -> step -> loop -> digit

You will need
-------------

    torch.arange     https://docs.pytorch.org/docs/stable/generated/torch.arange.html
    torch.unsqueeze  https://docs.pytorch.org/docs/stable/generated/torch.unsqueeze.html
    torch.gather     https://docs.pytorch.org/docs/stable/generated/torch.gather.html
    torch.sum        https://docs.pytorch.org/docs/stable/generated/torch.sum.html
    torch.logsumexp  https://docs.pytorch.org/docs/stable/generated/torch.logsumexp.html
    Tensor.reshape   https://docs.pytorch.org/docs/stable/generated/torch.Tensor.reshape.html

The idea
--------
Training needs one number that says how wrong the network is; everything else follows from it.

If the answer is a number, use the squared error: the difference between prediction and target,
squared, so that both directions count and large errors count most. For n examples

    loss  =  1/(2n) * sum( (y - y_hat)^2 )

The 2 is there for the derivative: the derivative of the square has a factor 2, and the two cancel.

If the answer is a class, the network gives one score z for each class. Scores may be any numbers;
softmax turns each row into probabilities that add up to 1. The loss is minus the log of the
probability of the true class, averaged over the examples (cross-entropy). A confident right answer
costs almost nothing, a confident wrong one a lot.

    log p_i  =  z_i - log( exp(z_0) + exp(z_1) + ... )

Computed exactly like this, it fails: for a computer, exp(1,000) is infinity and exp(-1,000) is 0,
and log 0 is minus infinity. The way out: add the same number to all scores of a row, and the
probabilities stay the same.

PyTorch has all four functions ready-made. Here you write them, so PyTorch's own are switched off
(`F.mse_loss`, `F.one_hot`, `log_softmax`, `F.cross_entropy`, `F.nll_loss` and the `nn` modules that
wrap them). You may use `torch.logsumexp`, `exp`, `log` and `softmax`.

In a picture
------------

    error        1    2    4        p of the true class    0.99   0.5    0.01
    its square   1    4   16        cost: -log p           0.01   0.69   4.61

    (1 + 4 + 16) / (2 * 3) = 3.5

Watch out
---------
- `(3, 1)` minus `(3,)` is not three errors. It is a 3 x 3 table: every prediction against every
  target.
- n counts examples, not numbers. For 2 examples of 3 numbers each, 2n is 4, not 12.

How to check
------------
`grader check ex01` in a terminal; in a notebook, run the last cell.
"""

import torch
from torch import Tensor


def mean_squared_error(predictions: Tensor, targets: Tensor) -> Tensor:
    """Measure how wrong the predictions are: 1/(2n) times the sum of the squared errors.

    Args:
        predictions: floating point, `(n,)`, `(n, 1)` or `(n, d)`: n examples. Not modified.
        targets: the same numbers of examples and of outputs, and the same dtype; if one is `(n,)`
            and the other `(n, 1)`, example i is compared with example i. Not modified.

    Returns:
        The loss as a 0-d tensor of the same dtype. n is the number of examples, even if each has d
        numbers.

    Example:
        The errors of the first example are 1 and 2, the error of the second is 3:

        >>> predictions = torch.tensor([[1.0, 2.0, 0.0], [0.0, 0.0, 4.0]])
        >>> targets = torch.tensor([[2.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
        >>> mean_squared_error(predictions, targets)
        tensor(3.5000)
    """
    # YOUR CODE HERE
    raise NotImplementedError("mean_squared_error is not written yet")


def one_hot(labels: Tensor, num_classes: int) -> Tensor:
    """Write each label as a row with a single 1, in the column of its class.

    Args:
        labels: `(n,)`, int64 class indices from 0 to `num_classes - 1`. Not modified.
        num_classes: how many columns there are, even if the last classes do not occur.

    Returns:
        `(n, num_classes)`, float32, on the device of the labels.

    Example:
        >>> one_hot(torch.tensor([1, 0]), 3)
        tensor([[0., 1., 0.],
                [1., 0., 0.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("one_hot is not written yet")


def log_softmax(logits: Tensor) -> Tensor:
    """Turn scores into log-probabilities over the last dimension.

    Args:
        logits: `(..., classes)`, floating point, any number of dimensions; one row may hold
            scores of 10,000 and of -10,000. Not modified.

    Returns:
        Finite numbers of the same shape and dtype; their exp adds up to 1 over the last dimension
        (up to rounding).

    Example:
        Three equal scores get probability 1/3 each, and log(1/3) = -1.0986. A score that is log 2 =
        0.69315 higher gets twice the probability:

        >>> log_softmax(torch.tensor([[5.0, 5.0, 5.0], [0.69315, 0.0, 0.0]]))
        tensor([[-1.0986, -1.0986, -1.0986],
                [-0.6931, -1.3863, -1.3863]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("log_softmax is not written yet")


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Compute the mean of -log p(true class) over the batch.

    Args:
        logits: `(n, classes)`, floating point: raw scores, also as large as 10,000 or as small as
            -10,000. Not modified.
        labels: `(n,)`, int64 class indices. Not modified.

    Returns:
        The loss as a 0-d tensor of the logits' dtype: the mean of minus the log-probability of each
        row's true class.

    Example:
        The true classes have the probabilities 1/3 and 1/2, so the loss is the mean of log 3 and
        log 2:

        >>> logits = torch.tensor([[5.0, 5.0, 5.0], [0.69315, 0.0, 0.0]])
        >>> cross_entropy(logits, torch.tensor([2, 0]))
        tensor(0.8959)
    """
    # YOUR CODE HERE
    raise NotImplementedError("cross_entropy is not written yet")
