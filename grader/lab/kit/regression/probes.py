"""What the hidden tests ask a submission."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any
from unittest import mock

import torch
from torch.utils.data import DataLoader, TensorDataset

from beside.layers import answers_with, built
from grader.guest.probing import (
    RejectedError,
    attempt,
    gradient_values,
    named_layers,
    regression_network,
    unfit,
)
from grader.suite import probe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kit.loop.trajectory import Named
    from kit.regression.course import (
        Course,
    )

    Tensors = list[torch.Tensor]
    Table = tuple[torch.Tensor, torch.Tensor, int, Tensors]
    EpochLoss = Callable[["Course", list[float]], object]

__all__ = [
    "BATCHES",
    "GRADIENTS",
    "ORDERS",
    "answers_by_weights",
    "columns",
    "layer_sizes",
    "one_epoch",
    "three_epochs",
]

BATCHES = "the loader's batches"

GRADIENTS = "the gradients that the loader's batches give a network"

ORDERS = tuple(f"a network's output for the batches of epoch {epoch}" for epoch in (1, 2, 3))

MAX_BATCHES = 1000  # a loader that never ends is a wrong one, too


def dealt(loader: DataLoader[Any]) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Go through a loader once.

    Raises:
        RejectedError: it gives something else than pairs of tensors with rows.
    """
    batches = list(islice(loader, MAX_BATCHES))
    for batch in batches:
        if not isinstance(batch, list | tuple) or len(batch) != 2:
            raise RejectedError("A batch of the loader is not a pair of features and targets.")
        if not all(isinstance(column, torch.Tensor) and column.numel() for column in batch):
            raise RejectedError("A batch of the loader does not hold two tensors.")
        if not all(column.dim() for column in batch):
            raise RejectedError("A batch of the loader holds a single number, not rows.")
    if not batches:
        raise RejectedError("The loader has no batches.")
    return [(features, targets) for features, targets in batches]


def loader_of(student: Any, arrays: Sequence[Any], batch_size: int) -> DataLoader[Any]:
    """Let the student make a loader.

    Raises:
        RejectedError: what came back is no DataLoader.
    """
    original = TensorDataset.__init__

    def cut(dataset: TensorDataset, *columns: torch.Tensor) -> None:
        original(dataset, *(column[: min(map(len, columns))] for column in columns))

    def converting(dataset: TensorDataset, *columns: Any) -> None:
        original(dataset, *map(torch.as_tensor, columns))

    def make() -> object:
        return student.make_loader(*arrays, batch_size)

    def make_with(init: Callable[..., None]) -> object:
        with mock.patch.object(TensorDataset, "__init__", init):
            return make()

    loader = attempt(
        make,
        {
            "lengths-differ": partial(make_with, cut),
            "arrays-not-tensors": partial(make_with, converting),
        },
    )
    if isinstance(loader, DataLoader):
        return loader
    raise unfit(loader, "a DataLoader")


def as_arrays(*columns: torch.Tensor) -> list[Any]:
    """Make NumPy arrays of some tensors."""
    return [column.cpu().numpy().copy() for column in columns]


def first_numbers(column: torch.Tensor) -> torch.Tensor:
    """Give the first number of each row."""
    return column.reshape(len(column), -1)[:, 0].double()


def joined(columns: Sequence[torch.Tensor]) -> torch.Tensor:
    """Put the rows of several batches one below the other.

    Raises:
        RejectedError: the rows differ in shape or dtype.
    """
    if len({(column.shape[1:], column.dtype) for column in columns}) != 1:
        raise RejectedError(
            "The batches of the loader differ in dtype, or in more than their first dimension."
        )
    return torch.cat(list(columns))


@probe("make_loader(features, targets, batch_size)")
def one_epoch(
    student: Any,
    features: torch.Tensor,
    targets: torch.Tensor,
    batch_size: int,
    weights: Tensors,
) -> dict[str, object]:
    """Go through the loader once; give each column in its own order, the pairs, and the slopes."""
    arrays = as_arrays(features, targets)
    loader = loader_of(student, arrays, batch_size)
    batches = dealt(loader)
    questions, answers = (joined(columns) for columns in zip(*batches, strict=True))
    order, own_order = (first_numbers(column).argsort() for column in (questions, answers))
    return {
        "arrays": [torch.from_numpy(array) for array in arrays],
        "is a TensorDataset": isinstance(loader.dataset, TensorDataset),
        "batch sizes": [len(column) for column, _ in batches],
        BATCHES: {"features": questions[order], "targets": answers[own_order]},
        "pairs": answers[order] if len(answers) == len(questions) else None,
        GRADIENTS: slopes_of(batches, weights),
    }


def slopes_of(batches: Sequence[tuple[torch.Tensor, torch.Tensor]], weights: Tensors) -> object:
    """Give the gradients that all batches together leave in a network; None if it takes none."""
    model = regression_network(weights)
    for questions, answers in batches:
        rows = len(questions)
        if questions.shape != (rows, weights[0].shape[1]) or answers.shape != (rows, 1):
            return None
        if questions.dtype != torch.float32 or answers.dtype != torch.float32:
            return None
        (model(questions.double()) - answers.double()).square().sum().backward()
    return named_layers(gradient_values(model.parameters()))


@probe("make_loader(features, targets, batch_size)")
def three_epochs(
    student: Any,
    features: torch.Tensor,
    targets: torch.Tensor,
    batch_size: int,
    weights: Tensors,
) -> dict[str, torch.Tensor]:
    """Go through the loader three times; give a network's answers as each epoch deals."""
    loader = loader_of(student, as_arrays(features, targets), batch_size)
    model = regression_network(weights)
    with torch.no_grad():
        return {
            name: model(joined([column for column, _ in dealt(loader)]).double()).flatten()
            for name in ORDERS
        }


def in_order(column: torch.Tensor) -> torch.Tensor:
    """Give a column's rows in the order of their first numbers."""
    return column[column[:, 0].argsort()]


def columns(
    change: Callable[[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]],
) -> Callable[..., Named]:
    """Give both columns by name after a change of what the arrays hold."""

    def give(features: torch.Tensor, targets: torch.Tensor, *_: object) -> Named:
        changed = change(in_order(features), in_order(targets))
        return dict(zip(("features", "targets"), changed, strict=True))

    return give


@probe("build_regressor()")
def layer_sizes(student: Any, features: torch.Tensor) -> dict[str, object]:
    """Give the different sizes of the model's weight matrices, and its number of parameters."""
    parameters = list(built(student, features).parameters())
    shapes = {tuple(sorted(weight.shape)) for weight in parameters if weight.dim() == 2}
    # a bias that is kept as a row is no layer
    matrices = [list(shape) for shape in sorted(shapes) if shape != (1, 1)]
    return {"sizes": matrices, "parameters": sum(weight.numel() for weight in parameters)}


@probe("build_regressor()(features), for several sets of weights,")
def answers_by_weights(student: Any, sets: list[Tensors]) -> list[torch.Tensor]:
    """Give the model's answers with sets of weights."""
    return answers_with(built(student, sets[0][-1]), sets)
