"""What known mistakes in a training loop make of weights and losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.loop.path import images_of, mixed, on_path
from kit.loop.trajectory import half_the_square

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kit.loop.path import EpochLoss

__all__ = ["DIVISOR_MISTAKES", "EPOCH_LOSS_MISTAKES", "LOOP_MISTAKES", "STEP_MISTAKES"]

STEP_MISTAKES: Mapping[str, Callable[..., object]] = {
    "step-uphill": on_path(lambda path: path.after(path.all, lr=-path.lr)),
    "two-steps-a-batch": on_path(lambda path: path.after(path.all, lr=2 * path.lr)),
    "pixels-of-images-mixed": on_path(lambda path: path.after(mixed(path.all))),
}

LOOP_MISTAKES: Mapping[str, Callable[..., object]] = {
    "gradients-add-up": on_path(lambda path: path.after(path.all, momentum=1.0)),
    "cleared-once-an-epoch": on_path(lambda path: path.after_epochs(momentum=1.0)),
    "first-batch-only": on_path(lambda path: path.after(path.batches[:1] * path.epochs)),
    "same-batch-again": on_path(lambda path: path.after(path.batches[:1] * len(path.all))),
    "smaller-batch-left-out": on_path(lambda path: path.after(path.batches[:-1] * path.epochs)),
    "one-step-an-epoch": on_path(lambda path: path.after(path.batches[-1:] * path.epochs)),
    "step-before-backward": on_path(lambda path: path.after(path.all[:-1])),
    "backward-times-loss": on_path(
        lambda path: path.after(path.all, loss_at=half_the_square(path.loss_at))
    ),
}

EPOCH_LOSS_MISTAKES: Mapping[str, EpochLoss] = {
    "losses-not-divided": lambda _, losses: sum(losses),
    "divided-by-dataset-size": lambda path, losses: sum(losses) / images_of(path),
    "losses-divided-by-batch-size": lambda path, losses: sum(losses) / path.size,
    "last-loss-only": lambda _, losses: losses[-1],
    "sum-reset-each-batch": lambda _, losses: losses[-1] / len(losses),
    "first-batch-only": lambda _, losses: losses[0] / len(losses),
    "weighted-by-batch-size": lambda path, losses: (
        sum(loss * len(labels) for loss, (_, labels) in zip(losses, path.batches, strict=True))
        / images_of(path)
    ),
}

# of the sum of an epoch's losses; these decide no points beyond the test that they fail
DIVISOR_MISTAKES: Mapping[str, EpochLoss] = {
    "losses-divided-by-last-batch": lambda path, losses: sum(losses) / len(path.batches[-1][1]),
    "losses-divided-by-epochs": lambda path, losses: sum(losses) / path.epochs,
    "one-batch-too-few-counted": lambda _, losses: sum(losses) / (len(losses) - 1),
}
