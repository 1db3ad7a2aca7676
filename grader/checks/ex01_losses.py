"""Public checks of ex01: run them as often as you like while you write."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

from grader.judge.drawing import shares_of_logs
from grader.judge.expect import expect, expect_each

if TYPE_CHECKING:
    from grader.judge.student import Student


def two_rows_of_scores() -> Tensor:
    """Return the scores of three classes, for two examples."""
    return torch.tensor([[2.0, 0.0, -1.0], [-3.0, 0.5, 4.0]])


def sum_of_squares(given: Tensor, wanted: Tensor) -> Tensor:
    """Add up all squared differences."""
    return F.mse_loss(given, wanted, reduction="sum")


def test_squared_error_of_three_examples(student: Student) -> None:
    """The errors 1, 2 and 4 of three examples cost (1 + 4 + 16) / 6."""
    one = torch.tensor([[1.0, 2.0], [0.0, 0.0], [3.0, 4.0]])
    other = torch.tensor([[2.0, 0.0], [0.0, 0.0], [3.0, 0.0]])
    expect_each(
        student.mean_squared_error,
        [(one, other), (torch.arange(8.0).reshape(4, 2), torch.ones(4, 2))],
        right=lambda given, wanted: sum_of_squares(given, wanted) / (2 * len(given)),
        mistakes={
            "half-left-out": lambda given, wanted: sum_of_squares(given, wanted) / len(given),
            "not-divided-by-n": lambda given, wanted: sum_of_squares(given, wanted) / 2,
            "divided-by-all-numbers": lambda given, wanted: F.mse_loss(given, wanted) / 2,
        },
    )


def test_squared_error_of_a_row_and_a_column(student: Student) -> None:
    """Three predictions in a row meet three targets in a column one by one."""
    predictions, targets = torch.tensor([1.0, 2.0, 4.0]), torch.tensor([[1.0], [4.0], [1.0]])
    expect(student.mean_squared_error(predictions, targets)).equals(
        torch.tensor(13 / 6),
        mistakes={"errors-of-all-pairs": (predictions - targets).square().sum() / 6},
    )


def test_one_hot_of_three_labels(student: Student) -> None:
    """Three labels become three rows with a single 1 each, with a column for every class."""
    labels = torch.tensor([2, 0, 2])
    right = torch.tensor([[0.0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]])
    expect(student.one_hot(labels, 4)).equals(
        right,
        mistakes={
            "width-of-the-largest-label": right[:, :3],
            "one-hot-of-whole-numbers": right.long(),
            "one-hot-of-truth-values": right.bool(),
        },
    )


def test_log_softmax_of_two_rows(student: Student) -> None:
    """The log-probabilities of a row belong to shares that sum to 1."""
    scores = two_rows_of_scores()
    expect(student.log_softmax(scores), draw=shares_of_logs).equals(
        F.log_softmax(scores, 1),
        mistakes={
            "log-softmax-over-batch": F.log_softmax(scores, 0),
            "shares-without-their-log": scores.softmax(1),
        },
    )


def test_log_softmax_of_a_large_score(student: Student) -> None:
    """A score of 10,000 is no trouble."""
    scores = torch.tensor([[10_000.0, 0.0, -10_000.0]])
    expect(student.log_softmax(scores)).equals(F.log_softmax(scores, 1))


def test_cross_entropy_of_two_examples(student: Student) -> None:
    """The loss is the mean of minus the log-probabilities of the true classes."""
    scores = two_rows_of_scores()
    expect_each(
        student.cross_entropy,
        [(scores, torch.tensor([1, 2])), (scores.flip(0), torch.tensor([0, 0]))],
        right=F.cross_entropy,
        mistakes={
            "loss-summed-over-batch": partial(F.cross_entropy, reduction="sum"),
            "loss-of-each-image": partial(F.cross_entropy, reduction="none"),
            "minus-sign-missing": lambda z, y: -F.cross_entropy(z, y),
            "softmax-taken-twice": lambda z, y: F.cross_entropy(z.softmax(1), y),
        },
    )
