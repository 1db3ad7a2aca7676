"""One-hot tables, and what mistakes make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.suite import Answer

__all__ = ["marked", "one_hot_mistakes"]

WIDEST = 1_000  # columns that are compared: no exercise has so many classes


def one_hot_mistakes(answers: Sequence[Answer], largest: int) -> dict[str, Callable[..., Tensor]]:
    """Give what mistakes make of labels and a number of classes.

    Args:
        answers: what came back, for numbers of classes that differ.
        largest: the largest label of any case.
    """
    return {
        "one-hot-of-whole-numbers": lambda labels, classes: marked(labels, classes).long(),
        "one-hot-of-truth-values": lambda labels, classes: marked(labels, classes).bool(),
        "one-hot-transposed": lambda labels, classes: marked(labels, classes).T,
        "classes-counted-from-one": lambda labels, classes: marked(labels, classes).roll(-1, 1),
        "every-row-gets-every-label": lambda labels, classes: (
            marked(labels, classes).amax(0).expand(len(labels), -1)
        ),
        "zeros-and-ones-swapped": lambda labels, classes: 1 - marked(labels, classes),
        **as_wide_each_time(answers, largest),
    }


def as_wide_each_time(answers: Sequence[Answer], largest: int) -> dict[str, Callable[..., Tensor]]:
    """Give the mistake of tables that are as wide as each other, whatever the number of classes.

    Args:
        answers: what came back.
        largest: the largest label of any case.
    """
    tables = [each.value for each in answers if isinstance(each.value, Tensor)]
    widths = {table.shape[1] if table.dim() == 2 else 0 for table in tables}
    if len(tables) < len(answers) or len(widths) > 1 or not largest < min(widths) <= WIDEST:
        return {}
    (width,) = widths
    return {"number-of-classes-fixed": lambda labels, _: marked(labels, width)}


def marked(labels: Tensor, num_classes: int) -> Tensor:
    """Write a 1 into each row."""
    rows = torch.zeros(len(labels), num_classes)
    for row, label in zip(rows, labels, strict=True):
        row[label] = 1
    return rows
