"""What known mistakes in a regression's training make of weights and losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn import functional as F

from kit.loop.trajectory import half_the_square
from kit.regression.bench import by_loss
from kit.regression.course import Course, on_course

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kit.regression.course import Loss

    EpochLoss = Callable[[Course, list[float]], object]

__all__ = [
    "BATCH_MISTAKES",
    "COUNT_MISTAKES",
    "DIVISOR_MISTAKES",
    "EPOCH_LOSS_MISTAKES",
    "GRADIENT_MISTAKES",
    "OTHER_LOSSES",
    "STEP_MISTAKES",
]

ROUND = 1e-12  # under the root of a mean, so that its slope at 0 is finite

OTHER_LOSSES: Mapping[str, Loss] = {
    "squared-error-halved": lambda p, y: F.mse_loss(p, y) / 2,
    "squares-summed": lambda p, y: F.mse_loss(p, y, reduction="sum"),
    "errors-of-all-pairs": lambda p, y: ((p - y.flatten()) ** 2).mean(),
    "distances-not-squares": F.l1_loss,
    "root-of-the-mean": lambda p, y: (F.mse_loss(p, y) + ROUND).sqrt(),
}

STEP_MISTAKES: Mapping[str, Callable[..., object]] = {
    **{slug: by_loss(loss) for slug, loss in OTHER_LOSSES.items()},
    "step-uphill": on_course(lambda course: course.after(course.all, lr=-course.lr)),
    "two-steps-a-batch": on_course(lambda course: course.after(course.all, lr=2 * course.lr)),
    "lr-not-handed-over": on_course(lambda course: course.after(course.all, lr=1e-3)),
    "adam-step": on_course(Course.after_adam),
}

# these decide no points beyond the test that they fail
GRADIENT_MISTAKES: Mapping[str, Callable[..., object]] = {
    "smooth-absolute-error": by_loss(F.smooth_l1_loss),
    "backward-times-loss": on_course(
        lambda course: course.after(course.all, loss_at=half_the_square(course.loss_at))
    ),
}

DIVISOR_MISTAKES: Mapping[str, EpochLoss] = {
    "losses-divided-by-last-batch": lambda course, losses: sum(losses) / len(course.batches[-1][1]),
    "losses-divided-by-epochs": lambda course, losses: sum(losses) / course.epochs,
    "one-batch-too-few-counted": lambda _, losses: sum(losses) / (len(losses) - 1),
}

COUNT_MISTAKES: Mapping[str, Callable[..., object]] = {
    "one-epoch-only": on_course(lambda course: course.after(course.batches)),
    "one-epoch-too-many": on_course(lambda course: course.after([*course.all, *course.batches])),
}

BATCH_MISTAKES: Mapping[str, Callable[..., object]] = {
    "momentum-added": on_course(lambda course: course.after(course.all, momentum=0.9)),
    "gradients-add-up": on_course(lambda course: course.after(course.all, momentum=1.0)),
    "cleared-once-an-epoch": on_course(lambda course: course.after_epochs(momentum=1.0)),
    "first-batch-only": on_course(lambda course: course.after(course.batches[:1] * course.epochs)),
    "one-step-an-epoch": on_course(
        lambda course: course.after(course.batches[-1:] * course.epochs)
    ),
    "whole-table-at-once": on_course(lambda course: course.after([course.whole] * course.epochs)),
    "step-before-backward": on_course(lambda course: course.after(course.all[:-1])),
}

EPOCH_LOSS_MISTAKES: Mapping[str, EpochLoss] = {
    "losses-not-divided": lambda _, losses: sum(losses),
    "divided-by-dataset-size": lambda course, losses: sum(losses) / course.examples,
    "losses-divided-by-batch-size": lambda course, losses: sum(losses) / course.size,
    "last-loss-only": lambda _, losses: losses[-1],
    "first-batch-only": lambda _, losses: losses[0],
}
