"""What the public checks ask, and what is right and mistaken in what they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader

from grader.guest.probing import (
    RejectedError,
    require_module,
)
from grader.suite import expect, probe
from kit.regression.bench import by_loss
from kit.regression.course import Course, on_course

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.suite import Answer
    from kit.regression.course import Loss

    EpochLoss = Callable[[Course, list[float]], object]

__all__ = [
    "CLOSE",
    "EPOCH_LOSS_MISTAKES",
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
def two_epochs(
    student: Any, features: torch.Tensor, targets: torch.Tensor
) -> dict[str, list[torch.Tensor]]:
    """Make NumPy arrays of the tensors; give the examples as two epochs deal them."""
    arrays = features.cpu().numpy(), targets.cpu().numpy()
    loader = student.make_loader(*arrays, BATCH_SIZE)
    if not isinstance(loader, DataLoader):
        raise RejectedError(f"it gave back {type(loader).__name__}; expected a DataLoader.")
    epochs = [[torch.cat(columns) for columns in zip(*loader, strict=True)] for _ in range(2)]
    return {
        "first epoch": epochs[0],
        "second epoch": epochs[1],
        "sorted": [in_order(column) for column in epochs[0]],
    }


@probe("build_regressor()(features)")
def answers(student: Any, features: torch.Tensor) -> dict[str, object]:
    """Give a new regressor's answers, and how many numbers it can learn."""
    built = student.build_regressor()
    if isinstance(built, type):
        raise RejectedError(f"it gave back the class {built.__name__}.", "class-not-object")
    model = require_module(built, "build_regressor()").to(features.device)
    output = model.eval()(features)
    count = sum(parameter.numel() for parameter in model.parameters())
    return {"answers": output, "numbers to learn": count}


def in_order(column: torch.Tensor) -> torch.Tensor:
    """Give the rows of a column in the order of their first numbers."""
    return column[column.reshape(len(column), -1)[:, 0].argsort()]


def expect_every_row_once(answer: Answer, count: int) -> None:
    """Require that no row is missing, and that none comes twice."""
    rows = answer.value if isinstance(answer.value, torch.Tensor) else torch.empty(0)
    full = count - count % BATCH_SIZE
    expect(answer).satisfies(
        len(rows) != full, f"{full} of {count} rows came.", "last-batch-dropped"
    )
    once = not rows.numel() or len(rows.unique(dim=0)) == len(rows)
    expect(answer).satisfies(
        once, "an example came twice in one epoch.", "examples-drawn-with-replacement"
    )


def places_of(rows: torch.Tensor, features: torch.Tensor) -> list[int]:
    """Find the features that rows resemble most."""
    return [int((features - row).abs().sum(dim=1).argmin()) for row in rows]


OTHER_LOSSES: Mapping[str, Loss] = {
    "squared-error-halved": lambda p, y: F.mse_loss(p, y) / 2,
    "squares-summed": lambda p, y: F.mse_loss(p, y, reduction="sum"),
    "errors-of-all-pairs": lambda p, y: ((p - y.flatten()) ** 2).mean(),
    "distances-not-squares": F.l1_loss,
    "root-of-the-mean": lambda p, y: (F.mse_loss(p, y) + 1e-12).sqrt(),
}

STEP_MISTAKES: Mapping[str, Callable[..., object]] = {
    **{slug: by_loss(loss) for slug, loss in OTHER_LOSSES.items()},
    "step-uphill": on_course(lambda course: course.after(course.all, lr=-course.lr)),
    "two-steps-a-batch": on_course(lambda course: course.after(course.all, lr=2 * course.lr)),
    "lr-not-handed-over": on_course(lambda course: course.after(course.all, lr=1e-3)),
    "adam-step": on_course(Course.after_adam),
}

LOOP_MISTAKES: Mapping[str, Callable[..., object]] = {
    **STEP_MISTAKES,
    "momentum-added": on_course(lambda course: course.after(course.all, momentum=0.9)),
    "gradients-add-up": on_course(lambda course: course.after(course.all, momentum=1.0)),
    "cleared-once-an-epoch": on_course(lambda course: course.after_epochs(momentum=1.0)),
    "first-batch-only": on_course(lambda course: course.after(course.batches[:1] * course.epochs)),
    "one-step-an-epoch": on_course(
        lambda course: course.after(course.batches[-1:] * course.epochs)
    ),
    "whole-table-at-once": on_course(lambda course: course.after([course.whole] * course.epochs)),
    "step-before-backward": on_course(lambda course: course.after(course.all[:-1])),
    "one-epoch-only": on_course(lambda course: course.after(course.batches)),
    "one-epoch-too-many": on_course(lambda course: course.after([*course.all, *course.batches])),
}

EPOCH_LOSS_MISTAKES: Mapping[str, EpochLoss] = {
    "losses-not-divided": lambda _, losses: sum(losses),
    "divided-by-dataset-size": lambda course, losses: sum(losses) / course.examples,
    "losses-divided-by-batch-size": lambda course, losses: sum(losses) / course.size,
    "last-loss-only": lambda _, losses: losses[-1],
    "first-batch-only": lambda _, losses: losses[0],
}
