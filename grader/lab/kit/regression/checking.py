"""What the public checks ask, and what is right and mistaken in what they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.utils.data import DataLoader, TensorDataset

from grader.guest.probing import (
    require_module,
    unfit,
)
from grader.suite import expect, probe
from kit.regression.mistakes import BATCH_MISTAKES, COUNT_MISTAKES, STEP_MISTAKES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.suite import Answer

__all__ = [
    "CLOSE",
    "EPOCHS",
    "LOOP_MISTAKES",
    "SORTED",
    "answers",
    "by_name",
    "expect_every_row_once",
    "in_order",
    "places_of",
    "two_epochs",
]

BATCH_SIZE = 3

EPOCHS = ("the first epoch", "the second epoch")

SORTED = "the first epoch (sorted)"

CLOSE = 1e-4  # float32 of numbers of some tens


@probe(f"make_loader(features, targets, batch_size={BATCH_SIZE})")
def two_epochs(student: Any, features: torch.Tensor, targets: torch.Tensor) -> dict[str, object]:
    """Make NumPy arrays of the tensors; give the examples as two epochs deal them."""
    arrays = features.cpu().numpy(), targets.cpu().numpy()
    loader = student.make_loader(*arrays, BATCH_SIZE)
    if not isinstance(loader, DataLoader):
        raise unfit(loader, "a DataLoader")
    epochs = [[torch.cat(columns) for columns in zip(*loader, strict=True)] for _ in range(2)]
    return {
        **{name: by_name(columns) for name, columns in zip(EPOCHS, epochs, strict=True)},
        "is a TensorDataset": isinstance(loader.dataset, TensorDataset),
        SORTED: by_name([in_order(column) for column in epochs[0]]),
    }


def by_name(columns: Sequence[torch.Tensor]) -> dict[str, torch.Tensor]:
    """Name the columns of a table: its features, its targets."""
    return dict(zip(("features", "targets"), columns, strict=True))


@probe("build_regressor()(features)")
def answers(student: Any, features: torch.Tensor) -> dict[str, object]:
    """Give a new regressor's answers, and how many numbers it can learn."""
    model = require_module(student.build_regressor(), "build_regressor()").to(features.device)
    output = model.eval()(features)
    count = sum(parameter.numel() for parameter in model.parameters())
    return {"the output": output, "parameters": count}


def in_order(column: torch.Tensor) -> torch.Tensor:
    """Give the rows of a column in the order of their first numbers."""
    return column[column.reshape(len(column), -1)[:, 0].argsort()]


def expect_every_row_once(answer: Answer, count: int) -> None:
    """Require that no row is missing, and that none comes twice."""
    rows = answer.value if isinstance(answer.value, torch.Tensor) else torch.empty(0)
    full = count - count % BATCH_SIZE
    expect(answer).satisfies(
        len(rows) != full, f"an epoch has {full} of {count} rows.", "last-batch-dropped"
    )
    expect(answer).satisfies(len(rows) in {0, count}, f"an epoch has {len(rows)} of {count} rows.")
    once = not rows.numel() or len(rows.unique(dim=0)) == len(rows)
    expect(answer).satisfies(
        once, "an example appears twice in one epoch.", "examples-drawn-with-replacement"
    )


def places_of(rows: torch.Tensor, features: torch.Tensor) -> list[int]:
    """Find the features that rows resemble most."""
    return [int((features - row).abs().sum(dim=1).argmin()) for row in rows]


LOOP_MISTAKES = {**STEP_MISTAKES, **BATCH_MISTAKES, **COUNT_MISTAKES}
