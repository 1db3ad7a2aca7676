"""Public checks of ex09_regression."""

from __future__ import annotations

from functools import partial
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader

from grader.guest.probing import (
    RejectedError,
    require_module,
)
from grader.suite import expect, expect_each, loss_curves, probe
from kit.regression.bench import by_loss, each_epoch, expect_weights, run_fit
from kit.regression.course import Course, fit_case, on_course, table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.suite import Answer, Student
    from kit.regression.course import Loss

    EpochLoss = Callable[[Course, list[float]], object]

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


def test_the_loader_deals_float32_columns(student: Student) -> None:
    """The loader deals features (n, d) and targets (n, 1) in float32."""
    features, targets = table(121, 8, 2)
    features = features.round()
    answer = two_epochs(student, features.long(), targets)
    expect_every_row_once(answer["sorted"][0], len(features))
    x, y = in_order(features), in_order(targets)
    given, wanted = x.float(), y.float()
    expect(answer["sorted"]).equals(
        [given, wanted],
        mistakes={
            "dtype-of-the-arrays": [x.long(), y],
            "dtype-of-the-targets-kept": [given, y],
            "targets-as-class-indices": [given, y.long()],
            "features-and-targets-swapped": [wanted, given],
            "targets-flattened": [given, wanted.flatten()],
            "features-standardised": [(given - given.mean(0)) / given.std(0), wanted],
        },
    )


def places_of(rows: torch.Tensor, features: torch.Tensor) -> list[int]:
    """Find the features that rows resemble most."""
    return [int((features - row).abs().sum(dim=1).argmin()) for row in rows]


def test_the_loader_keeps_the_pairs_in_a_new_order(student: Student) -> None:
    """Each epoch has an order of its own, and every target stays beside its features."""
    features, targets = table(122, 12, 2)
    answer = two_epochs(student, features, targets)
    orders = []
    for name in ("first epoch", "second epoch"):
        rows = expect(answer[name][0]).tensor(shape=(12, 2), dtype=torch.float32)
        order = places_of(rows, features)
        orders.append(order)
        expect(answer[name][0]).equals(features[order].float())
        beside = expect(answer[name][1]).tensor(shape=(12, 1), dtype=torch.float32)
        expect(answer[name]).satisfies(
            bool((beside - targets[order]).abs().max() < CLOSE),
            "a target stands beside the features of another.",
            "pairs-come-apart",
        )
    same = orders[0] == orders[1]
    mistake = "never-shuffled" if orders[0] == list(range(12)) else "shuffled-once"
    expect(answer).satisfies(not same, "both epochs have the same order.", mistake)


def test_the_regressor_answers_with_one_number(student: Student) -> None:
    """The regressor leads from 4 numbers over 2 to 1."""
    answer = answers(student, torch.ones(3, 4))
    came = answer["answers"].value
    flat = isinstance(came, torch.Tensor) and came.shape == (3,)
    expect(answer).satisfies(not flat, "expected a column (3, 1).", "answer-flattened")
    expect(answer["answers"]).tensor(shape=(3, 1), dtype=torch.float32)
    count = answer["numbers to learn"].value
    count = count if isinstance(count, int) else 0
    expect(answer).satisfies(
        count >= 13,
        f"it has {count} numbers to learn; its two layers have 13.",
        "one-linear-layer" if count == 5 else "no-biases",
    )


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


def test_fit_takes_one_step_a_batch(student: Student) -> None:
    """Training takes one step for each batch, by the gradient of its mean squared error."""
    case = fit_case(123, (3, 4), n=11, batch_size=3, epochs=2, lr=0.05)
    expect_weights(student, [case], LOOP_MISTAKES, "another-model-trained")


def test_fit_gives_one_mean_loss_an_epoch(student: Student) -> None:
    """Training gives the mean of its batches' losses for each epoch."""
    cases = [fit_case(124, (2, 4), n=11, batch_size=3, epochs=epochs, lr=0.05) for epochs in (8, 2)]
    expect_each(
        lambda *case: run_fit(student, *case)["losses"],
        cases,
        right=on_course(Course.means),
        mistakes={
            **{slug: each_epoch(mistake) for slug, mistake in EPOCH_LOSS_MISTAKES.items()},
            "weighted-by-batch-size": on_course(Course.means_over_examples),
            "loss-after-the-step": on_course(lambda course: course.means(late=1)),
            "loss-after-the-epoch": on_course(Course.means_after_epochs),
            "sum-not-reset": on_course(lambda course: list(accumulate(course.means()))),
            "last-epoch-only": on_course(lambda course: course.means()[-1]),
            "losses-of-all-batches": on_course(lambda course: list(chain(*course.losses()))),
            "loss-is-a-tensor": on_course(lambda course: list(torch.tensor(course.means()))),
            "nothing-returned": lambda *_: None,
        },
        draw=partial(loss_curves, step="epoch"),
    )
