"""A softmax classifier in NumPy.

**Goal.** Write softmax, the cross-entropy loss and a classifier that learns by gradient descent,
with NumPy alone.

40 minutes, difficulty 2 of 5. You should know: NumPy arrays and their axes.

The idea
--------
A linear classifier computes one score per class, `x @ weights + bias`. Softmax turns the scores z
of a row into probabilities that add up to 1:

    p_j  =  exp(z_j) / ( exp(z_0) + exp(z_1) + ... )

The loss of an example is -log p of its true class. The loss of a batch is the mean over its
examples.

exp(1,000) is infinity for a computer. The way out: subtract the same number from all scores of a
row, for example the largest. The probabilities stay the same.

Label smoothing asks for a little less than certainty: with smoothing s and C classes, the target is
1 - s + s/C for the true class and s/C for each other class. The loss of an example is then minus
the sum of target times log p over the classes.

One step of gradient descent needs the gradient of the loss. With the probabilities p and one-hot
labels t (1 in the column of the true class, 0 elsewhere), for n examples:

    gradient for the weights  =  x.T @ (p - t) / n
    gradient for the bias     =  the sum of the rows of (p - t) / n

How to check
------------
`grader check softmax` in a terminal; in a notebook, run the last cell.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEARNING_RATE = 0.5  # the size of a step; try others, from 0.01 to 10


def softmax(scores: Floats) -> Floats:
    """Turn each row of scores into probabilities.

    Args:
        scores: float64, `(n, classes)`. Not modified.

    Returns:
        The probabilities, `(n, classes)`: each row adds up to 1. They are finite and right for
        scores of 10,000 as well.

    Raises:
        ValueError: the scores do not have two dimensions.

    Example:
        A score that is log 3 higher gets three times the probability:

        >>> softmax(np.array([[0.0, np.log(3.0)]])).round(2).tolist()
        [[0.25, 0.75]]
    """
    ### BEGIN SOLUTION
    if scores.ndim != 2:
        raise ValueError(f"scores must have two dimensions, not {scores.ndim}")
    largest = scores.max(axis=1, keepdims=True)
    powers = np.exp(scores - largest)
    return powers / powers.sum(axis=1, keepdims=True)
    ### END SOLUTION


def cross_entropy(scores: Floats, labels: Ints, *, smoothing: float = 0.0) -> float:
    """Measure how wrong scores are: the mean of -log p(true class) over the batch.

    Args:
        scores: float64, `(n, classes)`. Not modified.
        labels: int64, `(n,)`: the true class of each row. Not modified.
        smoothing: how much of the target is shared by all classes, from 0 to 1.

    Returns:
        The loss, finite even where two scores differ by 1,000.

    Example:
        Two equal scores give the true class probability 1/2, and -log(1/2) is 0.693:

        >>> round(cross_entropy(np.zeros((1, 2)), np.array([1])), 3)
        0.693
    """
    ### BEGIN SOLUTION
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    classes = scores.shape[1]
    targets = (1 - smoothing) * np.eye(classes)[labels] + smoothing / classes
    return float(-(targets * logs).sum(axis=1).mean())
    ### END SOLUTION


class SoftmaxClassifier:
    """A linear classifier that keeps what it has learned.

    Attributes:
        weights: float64, `(features, classes)`, zeros at first.
        bias: float64, `(classes,)`, zeros at first.
    """

    def __init__(self, features: int, classes: int) -> None:
        self.weights = np.zeros((features, classes))
        self.bias = np.zeros(classes)

    def step(self, x: Floats, labels: Ints) -> float:
        """Take one step of gradient descent on a batch, of size LEARNING_RATE.

        Args:
            x: float64, `(n, features)`. Not modified.
            labels: int64, `(n,)`. Not modified.

        Returns:
            The loss of the batch before the step.
        """
        ### BEGIN SOLUTION
        scores = x @ self.weights + self.bias
        errors = (softmax(scores) - np.eye(len(self.bias))[labels]) / len(x)
        self.weights = self.weights - LEARNING_RATE * x.T @ errors
        self.bias = self.bias - LEARNING_RATE * errors.sum(axis=0)
        return cross_entropy(scores, labels)
        ### END SOLUTION

    def predict(self, x: Floats) -> Ints:
        """Choose the class with the highest score for each row.

        Args:
            x: float64, `(n, features)`. Not modified.

        Returns:
            The classes, `(n,)` int64.
        """
        ### BEGIN SOLUTION
        return (x @ self.weights + self.bias).argmax(axis=1)
        ### END SOLUTION
