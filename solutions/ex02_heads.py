"""One forward pass, three kinds of answer.

**Goal.** Build three networks that differ only in their last step: one answers yes or no, one
chooses a class, one predicts a number.

25 minutes, difficulty 1 of 5. You should know: ex01 (scores, softmax, and what a loss expects).

Where you are: **error** -> gradient -> step -> loop -> digit

You will need
-------------

    nn.Sequential  https://docs.pytorch.org/docs/stable/generated/torch.nn.Sequential.html
    nn.Linear      https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html
    nn.ReLU        https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html
    nn.Sigmoid     https://docs.pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html
    nn.Softmax     https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html
    torch.argmax   https://docs.pytorch.org/docs/stable/generated/torch.argmax.html

The idea
--------
The body of a network turns its input into features: linear layers with a non-linear function
between them. The last layer, the head, turns features into an answer. Which head fits depends on
the kind of question.

    one yes/no question      1 score        sigmoid    a probability
    one class of many        C scores       softmax    C probabilities that add up to 1
    how much                 1 score        nothing    any number

Sigmoid squeezes a single score into the range from 0 to 1. Softmax turns the scores of one row into
probabilities that add up to 1, so it needs to know its dimension `dim`: rows are examples, columns
are classes. With a single score, softmax always gives 1.

A regressor that ends in a function that squeezes or cuts off its answers can't reach the targets
outside that range.

From probabilities to a decision it is one step: take the class with the largest probability.

Between the input and the answer there is a hidden layer of `hidden` units, followed by an
activation: without one, two linear layers can do no more than one. You need an activation, and you
choose which one. Further layers and dropout are up to you.

In a picture
------------

    scores    head      answer
    2         sigmoid   0.88: yes
    2 1 0     softmax   0.67 0.24 0.09: class 0
    2         nothing   2

Watch out
---------
- Do not squeeze twice. If sigmoid comes before softmax, ten scores lie between 0 and 1, and no
  class gets more than e / (e + 9) = 0.23.
- Softmax needs the right `dim`. With 4 rows of 3 classes, `dim=0` makes each column add up to 1,
  so the rows add up to 3/4 on average.

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
    """Build a network that gives one probability for each of several classes.

    Args:
        in_features: how many numbers an example has.
        hidden: how many units the hidden layer has (one of them, if there are several).
        num_classes: how many classes there are.

    Returns:
        A new model; it takes `(n, in_features)`, floating point, for any n, and gives
        `(n, num_classes)`: probabilities, each row adds up to 1. If the scores of a row are far
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
    """Build a network that predicts a number.

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
