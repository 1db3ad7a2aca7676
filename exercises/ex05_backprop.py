"""The chain rule by hand.

**Goal.** Find every gradient of a two-layer network yourself, from the loss back to the first
weight.

90 to 120 minutes, difficulty 4 of 5. You should know: ex01 (losses) and ex04 (what a gradient is).

Where you are: error -> **gradient** -> step -> loop -> digit

You will need
-------------

    torch.matmul   https://docs.pytorch.org/docs/stable/generated/torch.matmul.html
    torch.sigmoid  https://docs.pytorch.org/docs/stable/generated/torch.sigmoid.html
    torch.t        https://docs.pytorch.org/docs/stable/generated/torch.t.html
    torch.sum      https://docs.pytorch.org/docs/stable/generated/torch.sum.html

`@` is `torch.matmul`.

The idea
--------
A network with one hidden layer, for n examples at once:

    L1 = x W1 + b1     S = sigmoid(L1)     L2 = S W2 + b2

    loss = 1/(2n) * sum of (L2 - y)^2

    x (n, d)    W1 (d, h)    b1 (h,)    W2 (h, k)    b2 (k,)    y (n, k)

Turn W1 a little. L1 moves, so S moves, so L2 moves, so the loss moves: a chain, and each link
passes on what it receives times its own slope. The chain rule says that these slopes multiply.

Start at the end, because the end is a single number. At each step of the backward pass, keep one
tensor: how much the loss changes with each number at that point. It has the shape of that point (of
L2, S or L1), and it is all that the next step needs. You meet three kinds of links:

- A function of each number by itself, like the sigmoid: multiply number by number with its slope.
  A sigmoid's slope is 1/4 in the middle, fades on both sides, and can be had from S alone.
- A matrix product: what comes back is multiplied by the same weights, transposed. Each weight's own
  gradient is what went in times what comes back, added up over the examples.
- A bias takes part in every example, so it gathers from all of them.

Every `backward()` does this. Once you have done it by hand, you know why gradients vanish behind a
saturated sigmoid, and what a network of a hundred layers does: the same, a hundred times.

Shapes are the compass. A gradient has the shape of what it belongs to, and as n, d, h and k differ,
few ways of multiplying fit. And there is a test for every number: turn that one weight a little and
see whether the loss moves as you say.

In a picture
------------

    forward    x 2  -->  L1 0  -- sigmoid -->    S 0.5  -- * 4 + 0 -->  L2 2  -->  loss 0.5
    backward                1  <-- times 1/4 --      4  <-- times 4 --     1

    The slope of the sigmoid at L1 = 0 is 1/4, so 4 becomes 4 * 1/4 = 1.

Watch out
---------
- The slope of the sigmoid is not L1 (1 - L1). For L1 = 3 that is -6, and no slope of a sigmoid is
  negative or above 1/4.
- Divide by n once, where the loss does. If you do it again on the way to W1, a batch of 5 makes dW1
  5 times too small.

How to check
------------
`grader check ex05` in a terminal; in a notebook, run the last cell.
"""

import torch
from torch import Tensor


def forward(
    x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Run the network, and return what each layer computes.

    Args:
        x: `(n, d)`, floating point, n examples. Not modified.
        W1: `(d, h)`. Not modified.
        b1: `(h,)`. Not modified.
        W2: `(h, k)`. Not modified.
        b2: `(k,)`. Not modified.

    Returns:
        `(L1, S, L2)`, of the arguments' dtype: the hidden layer before the sigmoid `(n, h)`, after
        it `(n, h)`, and the output `(n, k)`, without a function after it.

    Example:
        The sigmoid of 0 is 1/2:

        >>> x = torch.tensor([[1.0, 2.0]])
        >>> W1, b1 = torch.tensor([[1.0, 0.0], [0.0, -1.0]]), torch.tensor([-1.0, 2.0])
        >>> W2, b2 = torch.tensor([[2.0], [4.0]]), torch.tensor([1.0])
        >>> forward(x, W1, b1, W2, b2)
        (tensor([[0., 0.]]), tensor([[0.5000, 0.5000]]), tensor([[4.]]))
    """
    # YOUR CODE HERE
    raise NotImplementedError("forward is not written yet")


def loss(L2: Tensor, y: Tensor) -> Tensor:
    """Measure how wrong the output is: half the squared error, averaged over the examples.

    Args:
        L2: `(n, k)`, floating point, the network's output. Not modified.
        y: `(n, k)`, the targets. Not modified.

    Returns:
        `1/(2n) * sum of (L2 - y)^2`, a 0-d tensor of L2's dtype; n counts examples (rows), not
        numbers.

    Example:
        Two examples with errors of 3 and 0:

        >>> loss(torch.tensor([[4.0], [1.0]]), torch.tensor([[1.0], [1.0]]))
        tensor(2.2500)
    """
    # YOUR CODE HERE
    raise NotImplementedError("loss is not written yet")


def backward(
    x: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Find the gradient of the loss for each weight and bias, without autograd.

    Autograd is switched off while this function is graded.

    Args:
        x: `(n, d)`, floating point, n examples. Not modified.
        y: `(n, k)`, their targets. Not modified.
        W1: `(d, h)`. Not modified.
        b1: `(h,)`. Not modified.
        W2: `(h, k)`. Not modified.
        b2: `(k,)`. Not modified.

    Returns:
        `(dW1, db1, dW2, db2)`; each has the shape and dtype of the parameter that it belongs to.

    Example:
        The network of `forward`, which answers 4 where 1 is right. The example is there twice,
        which does not change a mean:

        >>> x, y = torch.tensor([[1.0, 2.0], [1.0, 2.0]]), torch.tensor([[1.0], [1.0]])
        >>> W1, b1 = torch.tensor([[1.0, 0.0], [0.0, -1.0]]), torch.tensor([-1.0, 2.0])
        >>> W2, b2 = torch.tensor([[2.0], [4.0]]), torch.tensor([1.0])
        >>> dW1, db1, dW2, db2 = backward(x, y, W1, b1, W2, b2)
        >>> dW2, db2
        (tensor([[1.5000],
                [1.5000]]), tensor([3.]))
        >>> dW1, db1
        (tensor([[1.5000, 3.0000],
                [3.0000, 6.0000]]), tensor([1.5000, 3.0000]))
    """
    # YOUR CODE HERE
    raise NotImplementedError("backward is not written yet")
