"""$title.

**Goal.** Say here, in a sentence, what your students can do after this exercise.

How to check
------------
`grader check $name` in a terminal.
"""

import torch


def mean_squared_error(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Compute the mean of the squared differences.

    Args:
        predictions: (N,), float32; not modified.
        targets: (N,), float32; not modified.

    Returns:
        A 0-d tensor.

    Example:
        >>> mean_squared_error(torch.tensor([1.0, 3.0]), torch.tensor([0.0, 0.0]))
        tensor(5.)
    """
    ### BEGIN SOLUTION
    return ((predictions - targets) ** 2).mean()
    ### END SOLUTION
