"""Public checks of what the red team attacks."""

from __future__ import annotations

import torch

from grader.suite import Student, expect


def test_the_gradient_of_a_mean_square(student: Student) -> None:
    """gradient_of_mean_square: 2 x / n."""
    x = torch.tensor([1.0, -2.0])

    expect(student.gradient_of_mean_square(x)).equals(x)
