"""What the hidden tests ask a submission."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partialmethod
from typing import TYPE_CHECKING, Any
from unittest import mock

import torch
from torch import nn

from beside.loop_bench import Bench, in_batches_of, step_comes_first
from beside.repairs import only_64
from grader.guest.probing import (
    RejectedError,
    SwappedCriterion,
    attempt,
    lent,
    named_layers,
    no_grad_ignored,
    parameter_values,
)
from grader.suite import probe
from kit.loop.weights import EPOCHS, PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from kit.loop.trajectory import Settings, Tensors


__all__ = [
    "run_epochs",
    "run_training",
]


def report_loop(
    loop: Callable[[Bench], object],
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    settings: Settings,
) -> dict[str, object]:
    """Let the student's loop run, and report what became of the model."""

    def bench(pixels: torch.Tensor = images) -> Bench:
        return Bench(weights, pixels, labels, settings)

    def swapped() -> None:
        given = bench()
        given.criterion = SwappedCriterion(given.criterion)
        loop(given)

    def with_graphs_kept() -> None:
        keeping = partialmethod(torch.Tensor.backward, retain_graph=True)
        with mock.patch.object(torch.Tensor, "backward", keeping):
            trace = bench().run_idle(loop)
        if trace.count("F") >= trace.count("B"):
            raise RejectedError("each backward pass has a prediction of its own")

    given = bench()
    losses = attempt(
        lambda: loop(given),
        {
            "images-not-flattened": lambda: loop(bench(images.flatten(start_dim=1))),
            "criterion-arguments-swapped": swapped,
            "step-before-backward": lambda: step_comes_first(bench(), loop),
            "one-prediction-for-all": with_graphs_kept,
            "fixed-batch-size": lambda: only_64(
                lambda size: loop(in_batches_of(size, weights, images, labels, settings))
            ),
            "prediction-under-no-grad": lambda: no_grad_ignored()(loop)(bench()),
        },
    )
    values = named_layers(parameter_values(given.model))
    return {
        PARAMETERS: values,
        "losses": losses,
        "trace": "".join(given.trace),
    }


@probe(EPOCHS)
def run_epochs(
    student: Any,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    settings: Settings,
) -> object:
    """Call train_epoch once an epoch, with the same model and optimizer."""

    def loop(bench: Bench) -> list[object]:
        given = (bench.model, bench.loader, bench.criterion, bench.optimizer)
        return [student.train_epoch(*given) for _ in range(bench.epochs)]

    return report_loop(loop, weights, images, labels, settings)


def right_epoch(
    model: nn.Module, loader: Any, criterion: nn.Module, optimizer: torch.optim.Optimizer
) -> float:
    """Train a model on every batch; give the mean of the batches' losses."""
    losses: list[float] = []
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(images.flatten(start_dim=1)), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


@probe("losses = train(model, loader, criterion, optimizer, epochs)")
def run_training(
    student: Any,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    settings: Settings,
    lend: bool,
) -> object:
    """Call train."""

    def loop(bench: Bench) -> object:
        given = (bench.model, bench.loader, bench.criterion, bench.optimizer)
        with lent(student, "train_epoch", right_epoch) if lend else nullcontext():
            return student.train(*given, bench.epochs)

    return report_loop(loop, weights, images, labels, settings)
