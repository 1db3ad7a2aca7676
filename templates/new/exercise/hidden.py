"""Hidden tests of $name: they decide the score, and students never see them."""

from __future__ import annotations

import torch

from grader.suite import Student, expect, expect_each, points


@points(2)
def test_errors_are_averaged(student: Student) -> None:
    """mean_squared_error: the mean over all predictions."""
    torch.manual_seed(1)
    expect_each(
        student.mean_squared_error,
        cases=[(torch.randn(4), torch.randn(4)), (torch.randn(7), torch.randn(7))],
        right=lambda predictions, targets: ((predictions - targets) ** 2).mean(),
        mistakes={
            # what the mistake computes, beside the right answer: an answer that equals it is named
            "sum-not-mean": lambda predictions, targets: ((predictions - targets) ** 2).sum(),
        },
    )


@points(1)
def test_arguments_stay_as_they_are(student: Student) -> None:
    """mean_squared_error: predictions and targets are not modified."""
    answer = student.mean_squared_error(torch.ones(3), torch.full((3,), 3.0))

    expect(answer).leaves_arguments_alone()
    expect(answer).equals(torch.tensor(4.0))
