"""Public checks of ex08_training_loop."""

from __future__ import annotations

from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from grader.guest.probing import (
    RejectedError,
    named_layers,
    network,
    parameter_values,
    set_gradients,
)
from grader.judge.drawing import loss_curves
from grader.judge.expect import expect
from grader.judge.networks import (
    CLASS_WEIGHTS,
    EQUAL_WEIGHTS,
    gradients_at,
    image_batch,
    layers,
    loss_at,
)
from grader.judge.suite import probe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.judge.student import Student

    Tensors = list[torch.Tensor]
    Batch = tuple[torch.Tensor, torch.Tensor]

BATCH_SIZE = 2
EPOCHS = 8
LR = 0.02


@probe("build_optimizer(model, lr), and one step,")
def optimizer_step(student: Any, weights: Tensors, gradients: Tensors, lr: float) -> object:
    """Let the student's optimizer take one step; give the weights."""
    model = network(weights)
    optimizer = student.build_optimizer(model, lr)
    if not isinstance(optimizer, torch.optim.Optimizer):
        kind = type(optimizer).__name__
        raise RejectedError(f"it gave back {kind}; expected an optimizer of torch.optim.")
    set_gradients(model, gradients)
    optimizer.step()
    return named_layers(parameter_values(model))


class RecordingLoss(nn.NLLLoss):
    """The criterion, which notes down each batch's loss for the report's picture."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__(weight=weight)
        self.losses: list[float] = []

    def forward(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """Measure the loss."""
        loss = super().forward(output, target)
        self.losses.append(loss.item())
        return loss


def run_loop(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, epochs: int
) -> dict[str, object]:
    """Train a network by `train`, or by `train_epoch` for no epochs; give weights and losses."""
    model = network(weights)
    loader = DataLoader(TensorDataset(images, labels), batch_size=BATCH_SIZE)
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    criterion = RecordingLoss(weights[0].new_tensor(CLASS_WEIGHTS))
    given = (model, loader, criterion, optimizer)
    losses = student.train(*given, epochs) if epochs else student.train_epoch(*given)
    moved = named_layers(parameter_values(model))
    return {"weights": moved, "losses": losses, "batch losses": criterion.losses}


@probe("train_epoch(model, loader, criterion, optimizer)")
def one_epoch(student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor) -> object:
    """Train for an epoch."""
    return run_loop(student, weights, images, labels, 0)


@probe(f"train(model, loader, criterion, optimizer, epochs={EPOCHS})")
def several_epochs(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor
) -> object:
    """Train for several epochs."""
    return run_loop(student, weights, images, labels, EPOCHS)


def case() -> tuple[Tensors, torch.Tensor, torch.Tensor]:
    """Give weights, images and labels of three batches of two, and one of one."""
    images, labels = image_batch(111, [2, 0, 2, 1, 3, 1, 0])
    return [weight.float() for weight in layers(110, 784, 8, 4)], images.float(), labels


def batches() -> list[Batch]:
    """Give the batches that the loader gives."""
    _, images, labels = case()
    pairs = zip(torch.split(images, BATCH_SIZE), torch.split(labels, BATCH_SIZE), strict=True)
    return list(pairs)


def path(
    parts: Sequence[Batch], kept: float = 0.0, class_weights: Sequence[float] = CLASS_WEIGHTS
) -> tuple[Tensors, list[float]]:
    """Walk by the gradient of one batch after the other; give the last weights and all losses.

    `kept` is how much the gradients of earlier batches count in each step.
    """
    weights, losses = case()[0], []
    total = [torch.zeros_like(weight) for weight in weights]
    for part in parts:
        losses.append(loss_at(weights, *part, class_weights).item())
        fresh = gradients_at(weights, *part, class_weights)
        total = [new + kept * old for new, old in zip(fresh, total, strict=True)]
        weights = [weight - LR * slope for weight, slope in zip(weights, total, strict=True)]
    return weights, losses


def test_the_optimizer_moves_every_parameter(student: Student) -> None:
    """A step of the optimizer takes the learning rate times the gradient off every parameter."""
    weights = [weight.float() for weight in layers(112, 4, 3, 2)]
    gradients = [slope.float() for slope in layers(113, 4, 3, 2)]
    pairs = list(zip(weights, gradients, strict=True))
    expect(optimizer_step(student, weights, gradients, 0.5)).equals(
        named_layers([weight - 0.5 * slope for weight, slope in pairs]),
        mistakes={
            "step-uphill": named_layers([weight + 0.5 * slope for weight, slope in pairs]),
            "lr-not-handed-over": named_layers([weight - 1e-3 * slope for weight, slope in pairs]),
            "optimizer-of-another-model": named_layers(weights),
        },
    )


def test_an_epoch_takes_one_step_a_batch(student: Student) -> None:
    """An epoch takes one step for each batch, by the gradient of that batch alone."""
    answer = one_epoch(student, *case())
    answer.show(loss_curves(answer["batch losses"].value, path(batches())[1], "batch"))
    expect(answer["weights"]).equals(
        named_layers(path(batches())[0]),
        mistakes={
            "gradients-add-up": lambda: named_layers(path(batches(), kept=1.0)[0]),
            "first-batch-only": lambda: named_layers(path(batches()[:1])[0]),
            "criterion-ignored": lambda: named_layers(
                path(batches(), class_weights=EQUAL_WEIGHTS)[0]
            ),
            "one-step-an-epoch": lambda: named_layers(path(batches()[-1:])[0]),
        },
    )


def test_the_epochs_loss_is_the_mean_over_its_batches(student: Student) -> None:
    """An epoch gives the sum of its batches' losses divided by the number of batches."""
    losses = path(batches())[1]
    expect(one_epoch(student, *case())["losses"]).equals(
        sum(losses) / len(losses),
        mistakes={
            "losses-not-divided": sum(losses),
            "divided-by-dataset-size": sum(losses) / len(case()[2]),
            "last-loss-only": losses[-1],
            "loss-is-a-tensor": torch.tensor(sum(losses) / len(losses)),
            "nothing-returned": None,
        },
    )


def test_training_gives_one_mean_loss_an_epoch(student: Student) -> None:
    """Training goes through the loader once an epoch and gives a mean loss for each."""
    losses = path(batches() * EPOCHS)[1]
    epochs = torch.tensor(losses, dtype=torch.float64).reshape(EPOCHS, -1)
    means = epochs.mean(dim=1).tolist()
    draw = partial(loss_curves, step="epoch")
    expect(several_epochs(student, *case())["losses"], draw).equals(
        means,
        mistakes={
            "sum-not-reset": list(accumulate(means)),
            "one-epoch-only": means[:1],
            "losses-of-all-batches": losses,
        },
    )
