"""Public checks of ex09_regression."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch.utils.data import DataLoader, TensorDataset

from grader.guest.probing import (
    RejectedError,
    named_layers,
    parameter_values,
    regression_network,
    require_module,
)
from grader.judge.drawing import loss_curves
from grader.judge.expect import expect
from grader.judge.regression import Course, fit_case, table
from grader.judge.suite import probe

if TYPE_CHECKING:
    from grader.judge.regression import Settings, Tensors
    from grader.judge.student import Student

BATCH_SIZE = 3


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
    return {"first epoch": epochs[0], "second epoch": epochs[1]}


@probe("build_regressor()(features)")
def answers(student: Any, features: torch.Tensor) -> dict[str, object]:
    """Give a new regressor's answers, and how many numbers it can learn."""
    model = require_module(student.build_regressor(), "build_regressor()").to(features.device)
    output = model.eval()(features)
    count = sum(parameter.numel() for parameter in model.parameters())
    return {"answers": output, "numbers to learn": count}


@probe("fit(model, loader, lr, epochs)")
def fitted(
    student: Any,
    weights: Tensors,
    features: torch.Tensor,
    targets: torch.Tensor,
    settings: Settings,
) -> dict[str, object]:
    """Let the student train a network of known weights."""
    model = regression_network(weights)
    loader = DataLoader(TensorDataset(features, targets), batch_size=settings["batch_size"])
    losses = student.fit(model, loader, settings["lr"], settings["epochs"])
    return {"weights": named_layers(parameter_values(model)), "losses": losses}


def test_the_loader_deals_float32_columns(student: Student) -> None:
    """The loader deals features (n, d) and targets (n, 1) in float32."""
    features, targets = (column.round() for column in table(121, 8, 2))
    answer = two_epochs(student, features.long(), targets)["first epoch"]
    for place, column in enumerate((features, targets)):
        dealt = expect(answer[place]).tensor(shape=tuple(column.shape), dtype=torch.float32)
        same = torch.equal(dealt.sort(dim=0).values, column.float().sort(dim=0).values)
        expect(answer[place]).satisfies(same, "its numbers are not those of the array.")


def test_the_loader_keeps_the_pairs_in_a_new_order(student: Student) -> None:
    """Each epoch has an order of its own, and every target stays beside its features."""
    features, targets = table(122, 12, 2)
    answer = two_epochs(student, features, targets)
    orders = []
    for name in ("first epoch", "second epoch"):
        dealt = expect(answer[name][0]).tensor(shape=(12, 2), dtype=torch.float32)
        order = [int((features - row).abs().sum(dim=1).argmin()) for row in dealt]
        orders.append(order)
        expect(answer[name]).equals([features[order].float(), targets[order].float()])
    expect(answer).satisfies(orders[0] != orders[1], "both epochs have the same order.")
    every = all(sorted(order) == list(range(12)) for order in orders)
    expect(answer).satisfies(every, "an example came twice in one epoch.")


def test_the_regressor_answers_with_one_number(student: Student) -> None:
    """The regressor leads from 4 numbers over 2 to 1."""
    answer = answers(student, torch.ones(3, 4))
    expect(answer["answers"]).tensor(shape=(3, 1), dtype=torch.float32)
    count = answer["numbers to learn"].value
    enough = isinstance(count, int) and count >= 13
    expect(answer).satisfies(
        enough, f"it has {count} numbers to learn; its two layers have 13.", "no-biases"
    )


def test_fit_takes_one_step_a_batch(student: Student) -> None:
    """Training takes one step for each batch, by the gradient of its mean squared error."""
    case = fit_case(123, (3, 4), n=8, batch_size=3, epochs=2, lr=0.05)
    course = Course(*case)
    expect(fitted(student, *case)["weights"]).equals(
        course.after(course.all),
        mistakes={
            "gradients-add-up": lambda: course.after(course.all, momentum=1.0),
            "squared-error-halved": lambda: course.after(course.all, lr=course.lr / 2),
            "step-not-taken": lambda: course.after([]),
            "one-epoch-only": lambda: course.after(course.batches),
        },
    )


def test_fit_gives_one_mean_loss_an_epoch(student: Student) -> None:
    """Training gives the mean of its batches' losses for each epoch."""
    case = fit_case(124, (2, 4), n=8, batch_size=3, epochs=8, lr=0.05)
    course = Course(*case)
    means = course.means()
    draw = partial(loss_curves, step="epoch")
    expect(fitted(student, *case)["losses"], draw).equals(
        means,
        mistakes={
            "losses-not-divided": [mean * len(course.batches) for mean in means],
            "last-epoch-only": means[-1],
            "loss-is-a-tensor": list(torch.tensor(means)),
            "nothing-returned": None,
        },
    )
