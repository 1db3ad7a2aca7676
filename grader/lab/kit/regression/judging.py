"""What is right, and what known mistakes give, for the hidden tests."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import torch

from grader.guest.probing import (
    named_layers,
)
from kit.loop.trajectory import gradients_of
from kit.networks import layers
from kit.regression.bench import each_epoch, means_by
from kit.regression.course import Course, fit_case, loss_by, on_course, table
from kit.regression.mistakes import (
    BATCH_MISTAKES,
    COUNT_MISTAKES,
    EPOCH_LOSS_MISTAKES,
    OTHER_LOSSES,
)
from kit.regression.probes import columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.suite import Answer
    from kit.loop.trajectory import Named, Settings
    from kit.regression.course import Case

    Tensors = list[torch.Tensor]
    Table = tuple[torch.Tensor, torch.Tensor, int, Tensors]

__all__ = [
    "CHARGED_ELSEWHERE",
    "LOOP_MISTAKES",
    "LR_NOT_HANDED_OVER",
    "as_float32",
    "fit_cases",
    "one_batch_cases",
    "repeats",
    "sizes",
    "slopes",
    "tables",
]


def tables(*dtypes: torch.dtype) -> list[Table]:
    """Give features, targets, batch size and a network's weights, for two tables in turns.

    The tables are in each of some dtypes.
    """
    shapes = ((31, 11, 3, 4), (32, 7, 2, 3))
    cases: list[Table] = []
    for place, dtype in enumerate(dtypes):
        seed, n, d, batch_size = shapes[place % 2]
        columns = [column + 20 * (dtype == torch.uint8) for column in table(seed, n, d)]
        features, targets = (column.to(dtype) for column in columns)
        # so small that no two answers come close
        weights = [weight.double() / 4 for weight in layers(seed, d, 3, 1)]
        cases.append((features, targets, batch_size, weights))
    return cases


as_float32 = columns(lambda features, targets: (features.float(), targets.float()))


def sizes(features: torch.Tensor, _: torch.Tensor, batch_size: int, *__: object) -> list[int]:
    """Give the sizes of the batches."""
    return [len(part) for part in torch.split(features, batch_size)]


def sum_of_squares(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Measure the squared errors of all examples."""
    return (predictions - targets).square().sum()


def slopes(features: torch.Tensor, targets: torch.Tensor, _: int, weights: Tensors) -> Named:
    """Give the gradients of a network's squared errors over a whole table."""
    whole = features.float().double(), targets.float().double()
    return named_layers(gradients_of(loss_by(sum_of_squares), weights, whole))


def repeats(answer: Answer) -> bool:
    """Whether some rows of a column come twice."""
    value = answer.value
    if not isinstance(value, torch.Tensor) or not value.dim() or not value.numel():
        return False
    return len(torch.unique(value, dim=0)) < len(value)


def fit_cases(lr: float = 0.1) -> list[Case]:
    """Give weights, features, targets and the settings of a loop, twice.

    The numbers that the sum of the losses may be divided by wrongly all differ: five batches, the
    last of three examples, and three batches, the last of four.
    """
    return [
        fit_case(51, (4, 5), n=27, batch_size=6, epochs=2, lr=lr),
        fit_case(61, (4, 3), n=14, batch_size=5, epochs=7, lr=lr / 2),
    ]


@cache
def one_batch_cases() -> list[Case]:
    """Give loops of a single batch, for a single epoch."""
    return [
        (weights, features, targets, settings | {"epochs": 1, "batch_size": len(features)})
        for weights, features, targets, settings in fit_cases()
    ]


def with_settings(change: Callable[[Settings], Settings]) -> Callable[..., object]:
    """Give the mean losses of the epochs of a loop with some other settings."""

    def means(*case: Any) -> list[float]:
        weights, features, targets, given = case
        return Course(weights, features, targets, given | change(given)).means()

    return means


LOOP_MISTAKES = {**COUNT_MISTAKES, **BATCH_MISTAKES}

LR_NOT_HANDED_OVER = {"lr-not-handed-over": with_settings(lambda _: {"lr": 1e-3})}

CHARGED_ELSEWHERE: Mapping[str, Callable[..., object]] = {
    **{slug: each_epoch(mistake) for slug, mistake in EPOCH_LOSS_MISTAKES.items()},
    **{slug: means_by(loss) for slug, loss in OTHER_LOSSES.items()},
    **LR_NOT_HANDED_OVER,
    "step-uphill": with_settings(lambda given: {"lr": -given["lr"]}),
    "two-steps-a-batch": with_settings(lambda given: {"lr": 2 * given["lr"]}),
    "one-epoch-only": on_course(lambda course: course.means()[:1]),
    "one-epoch-too-many": with_settings(lambda given: {"epochs": given["epochs"] + 1}),
    "last-epoch-only": on_course(lambda course: course.means()[-1]),
    "losses-of-all-batches": on_course(lambda course: list(chain(*course.losses()))),
    "loss-is-a-tensor": on_course(lambda course: list(torch.tensor(course.means()))),
}
