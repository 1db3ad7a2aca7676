"""One-hot tables, and those that are too wide or too narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.suite import Answer

__all__ = ["as_wide_each_time", "marked"]


def as_wide_each_time(answers: Sequence[Answer], largest: int) -> dict[str, Callable[..., Tensor]]:
    """Give the mistake of tables that are as wide as each other, whatever the number of classes.

    Args:
        answers: what came back.
        largest: the largest label of any case.
    """
    tables = [each.value for each in answers if isinstance(each.value, Tensor)]
    widths = {table.shape[1] if table.dim() == 2 else 0 for table in tables}
    if len(tables) < len(answers) or len(widths) > 1 or min(widths) <= largest:
        return {}
    (width,) = widths
    return {"number-of-classes-fixed": lambda labels, _: marked(labels, width)}


def marked(labels: Tensor, num_classes: int) -> Tensor:
    """Write a 1 into each row."""
    rows = torch.zeros(len(labels), num_classes)
    for row, label in zip(rows, labels, strict=True):
        row[label] = 1
    return rows
