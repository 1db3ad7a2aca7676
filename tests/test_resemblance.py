"""Tests of `grader.answers.resemblance`: a fact about wrong numbers, and none of them."""

from __future__ import annotations

import re

import pytest
import torch

from grader.answers.resemblance import resemblance

TABLE = torch.tensor([[1.5, -2.0, 3.0], [0.25, 5.0, -6.0], [7.0, -1.0, 2.0], [4.0, 8.0, -9.0]])
PAIR, QUARTERS = torch.tensor([1.5, 2.5]), torch.full((2,), 0.25)
SAME_AMOUNT = "Every number differs from the right one by the same amount."


def changed(row: int | slice, column: int | slice) -> torch.Tensor:
    """Return the table with some numbers off."""
    other = TABLE.clone()
    other[row, column] = other[row, column] * 1.5 + 0.1
    return other


@pytest.mark.parametrize(
    ("came", "right", "said"),
    [
        (-TABLE, TABLE, "Every number has the wrong sign, but the right absolute value."),
        (-3.5, 3.5, "The number has the wrong sign, but the right absolute value."),
        (TABLE.abs(), TABLE, "All absolute values are right, but some signs are wrong."),
        (2.5 * TABLE, TABLE, "Every number is 2.5 times the right one."),
        (TABLE.numpy() / 4, TABLE.numpy(), "Every number is 0.25 times the right one."),
        (7.0, 3.5, "The number is too large."),
        (torch.tensor(0.5), torch.tensor(1.5), "The number is too small."),
        (torch.ones(2), QUARTERS, SAME_AMOUNT),
        (changed(1, slice(None)), TABLE, "Only row 1 of 4 is wrong."),
        (changed(slice(0, 4, 3), slice(None)), TABLE, "Only rows 0 and 3 of 4 are wrong."),
        (changed(slice(None), 2), TABLE, "Only column 2 of 3 is wrong."),
        (TABLE.flip(0), TABLE, "The numbers are right, but in the wrong order."),
        (TABLE + 0.5, TABLE, SAME_AMOUNT),
        (PAIR**2, PAIR, "Every number is too large."),
        (3, 11, "The number is too small."),
        (1.6, 1.5, "The number is too large."),
        (TABLE**2, TABLE, ""),
        (TABLE[:2], TABLE, ""),
        (torch.full((2,), float("nan")), PAIR, ""),
        ("7", 7, ""),
        (True, 1, ""),
        (None, TABLE, ""),
    ],
)  # fmt: skip
def test_what_wrong_numbers_have_in_common_is_said(came: object, right: object, said: str) -> None:
    """The most telling fact alone, and nothing where there is none."""
    assert resemblance(came, right) == said


def test_no_number_of_either_is_in_it() -> None:
    """A hidden test says it: how many times, or where, and never how much."""
    right = torch.tensor([[17.25, -31.5], [43.125, 59.75]])
    for came in (-right, 3 * right, right.flip(0), right + 7.625, right.abs(), right**2):
        assert not re.search(r"17|31|43|59|7\.6", resemblance(came, right))
