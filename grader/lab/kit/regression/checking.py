"""What the public checks ask, and what is right and mistaken in what they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.utils.data import DataLoader, TensorDataset

from grader.guest.probing import (
    RejectedError,
    require_module,
    unfit,
)
from grader.suite import expect, probe
from kit.regression.mistakes import BATCH_MISTAKES, COUNT_MISTAKES, STEP_MISTAKES

if TYPE_CHECKING:
    from grader.suite import Answer

__all__ = [
    "CLOSE",
    "LOOP_MISTAKES",
    "answers",
    "expect_every_row_once",
    "in_order",
    "places_of",
    "two_epochs",
]

BATCH_SIZE = 3

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
        "first epoch": epochs[0],
        "second epoch": epochs[1],
        "dataset": "TensorDataset" if isinstance(loader.dataset, TensorDataset) else "other",
        "sorted": [in_order(column) for column in epochs[0]],
    }


@probe("build_regressor()(features)")
def answers(student: Any, features: torch.Tensor) -> dict[str, object]:
    """Give a new regressor's answers, and how many numbers it can learn."""
    built = student.build_regressor()
    if isinstance(built, type):
        raise RejectedError(f"it returned the class {built.__name__}.", "class-not-object")
    model = require_module(built, "build_regressor()").to(features.device)
    output = model.eval()(features)
    count = sum(parameter.numel() for parameter in model.parameters())
    return {"answers": output, "parameters": count}


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
