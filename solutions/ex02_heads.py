"""One forward pass, three kinds of answer.

**Goal.** Build three networks that differ in little but their last step: one answers yes or no, one
chooses a class, one gives a number.

25 minutes, difficulty 1 of 5. Builds on ex01 (scores, softmax, and what a loss expects).

The way: **error** -> gradient -> step -> loop -> digit

The idea
--------
The body of a network turns its input into features: linear layers with something that is not
linear between them. The last layer, the head, turns features into an answer, and the kind of
question decides which one fits.

    one yes/no question      1 score        sigmoid    a probability
    one class of many        C scores       softmax    C probabilities that sum to 1
    how much                 1 score        nothing    any number

Sigmoid squeezes a single score into the range from 0 to 1. Softmax lets the scores of one row
compete for a 1, so it needs to know along which dimension they compete: rows are examples, columns
are classes. With a single score there is nobody to compete with.

A squeezed number has lost its room. If a score goes through sigmoid or softmax on its way to
softmax, the scores that arrive lie between 0 and 1, and even the surest network gives its favourite
among ten classes no more than a quarter. And a regressor with anything at its end that squeezes or
cuts can't reach the targets that lie beyond.

From probabilities to a decision it is one step: take the class that has most.

Between the input and the answer stands a hidden layer of `hidden` units, and behind it an
activation: without one, two linear layers can do no more than a single one. Which activation is up
to you, and so is the rest of the body: further layers, with dropout or without.

How to check
------------
`grader check ex02` in a terminal; in a notebook, run the last cell.
"""

import torch
from torch import Tensor, nn


def binary_classifier(in_features: int, hidden: int) -> nn.Module:
    """Build a network that answers a yes/no question with a probability.

    Args:
        in_features: how many numbers an example has.
        hidden: how many units the hidden layer has (one of them, if there are several).

    Returns:
        A new model; it takes `(n, in_features)`, floating point, for any n, and gives `(n, 1)`: the
        probability of yes, from 0 to 1.

    Example:
        >>> model = binary_classifier(in_features=3, hidden=4)
        >>> answers = model(torch.tensor([[1.0, -2.0, 0.5], [90.0, 80.0, -70.0]]))
        >>> tuple(answers.shape), bool(((answers >= 0) & (answers <= 1)).all())
        ((2, 1), True)
    """
    ### BEGIN SOLUTION
    return nn.Sequential(
        nn.Linear(in_features, hidden),
        nn.ReLU(),
        nn.Linear(hidden, 1),
        nn.Sigmoid(),
    )
    ### END SOLUTION


def multiclass_classifier(in_features: int, hidden: int, num_classes: int) -> nn.Module:
    """Build a network that shares a 1 among classes that exclude each other.

    Args:
        in_features: how many numbers an example has.
        hidden: how many units the hidden layer has (one of them, if there are several).
        num_classes: how many classes there are.

    Returns:
        A new model; it takes `(n, in_features)`, floating point, for any n, and gives
        `(n, num_classes)`: probabilities, each row sums to 1. Where the scores of a row lie far
        apart, one probability is near 1 and the others are near 0.

    Example:
        >>> model = multiclass_classifier(in_features=3, hidden=4, num_classes=5)
        >>> answers = model(torch.tensor([[1.0, -2.0, 0.5], [90.0, 80.0, -70.0]]))
        >>> tuple(answers.shape), torch.allclose(answers.sum(dim=1), torch.ones(2))
        ((2, 5), True)
    """
    ### BEGIN SOLUTION
    return nn.Sequential(
        nn.Linear(in_features, hidden),
        nn.ReLU(),
        nn.Linear(hidden, num_classes),
        nn.Softmax(dim=1),
    )
    ### END SOLUTION


def regressor(in_features: int, hidden: int) -> nn.Module:
    """Build a network that answers with a number.

    Args:
        in_features: how many numbers an example has.
        hidden: how many units the hidden layer has (one of them, if there are several).

    Returns:
        A new model; it takes `(n, in_features)`, floating point, for any n, and gives `(n, 1)`. Its
        answers have no bounds, above or below.

    Example:
        >>> model = regressor(in_features=3, hidden=4)
        >>> tuple(model(torch.tensor([[1.0, -2.0, 0.5], [90.0, 80.0, -70.0]])).shape)
        (2, 1)
    """
    ### BEGIN SOLUTION
    return nn.Sequential(
        nn.Linear(in_features, hidden),
        nn.ReLU(),
        nn.Linear(hidden, 1),
    )
    ### END SOLUTION


def predicted_classes(probabilities: Tensor) -> Tensor:
    """Choose the most probable class of each row.

    Args:
        probabilities: `(n, classes)`, floating point. Not modified.

    Returns:
        `(n,)`, int64: the index of each row's largest number.

    Example:
        >>> predicted_classes(torch.tensor([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]]))
        tensor([2, 0])
    """
    ### BEGIN SOLUTION
    return torch.argmax(probabilities, dim=1)
    ### END SOLUTION
