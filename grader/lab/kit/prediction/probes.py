"""What the hidden tests ask a submission."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from unittest import mock

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from beside.repairs import of_size, only_64, only_one_fails, searching_rows
from grader.guest.probing import attempt, network
from grader.suite import probe

if TYPE_CHECKING:
    from collections.abc import Callable

    Tensors = list[torch.Tensor]
    Images = tuple[Tensors, torch.Tensor, torch.Tensor, int]
    Pairs = list[tuple[torch.Tensor, torch.Tensor]]  # log-probabilities and labels of each batch

__all__ = [
    "OUTPUTS",
    "RESULTS",
    "accuracy",
    "accuracy_and_model",
    "confusion",
    "confusion_and_model",
    "log_probabilities",
    "prediction",
    "prediction_and_model",
]

RESULTS = {False: "the result in evaluation mode", True: "the result in training mode"}

OUTPUTS = {
    False: "model(images) after a call in evaluation mode",
    True: "model(images) after a call in training mode",
}

SILENT = (0, 2, 5)  # the hidden units that dropout silences

SILENT_IN_GRAPHS = (2, 4)  # those that a graph silences


class Silencing(nn.Dropout):
    """Dropout whose dice always fall the same way."""

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Silence some units and make the others louder, if dropout is on."""
        if not self.training or not self.p:
            return hidden
        loudness = torch.full_like(hidden, 1 / (1 - self.p))
        loudness[..., list(SILENT)] = 0
        return hidden * loudness


class Network(nn.Module):
    """A network with dropout.

    One that minds graphs answers with fewer hidden units while it builds one.
    """

    def __init__(self, weights: Tensors, dim: int = 1, *, minds_graphs: bool = False) -> None:
        super().__init__()
        first, activation, last, _ = network(weights)
        self.hidden = nn.Sequential(first, activation, Silencing(0.5))
        self.scores = nn.Sequential(last, nn.LogSoftmax(dim))
        self.minds_graphs = minds_graphs

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Run the network."""
        hidden = self.hidden(images)
        if self.minds_graphs and hidden.requires_grad:
            heard = torch.ones_like(hidden)
            heard[..., list(SILENT_IN_GRAPHS)] = 0
            hidden = hidden * heard
        log_probabilities: torch.Tensor = self.scores(hidden)
        return log_probabilities


def in_both_modes(ask: Callable[[nn.Module], object], weights: Tensors) -> dict[str, object]:
    """Ask about a network in evaluation mode, and in training mode."""
    return {name: ask(Network(weights).train(training)) for training, name in RESULTS.items()}


def and_afterwards(
    ask: Callable[[nn.Module], object], weights: Tensors, images: torch.Tensor
) -> dict[str, object]:
    """Ask about a network that minds graphs, in both modes; give what it says afterwards, too."""
    found: dict[str, object] = {}
    for training in (False, True):
        model = Network(weights, minds_graphs=True).train(training)
        found[RESULTS[training]] = ask(model)
        with torch.no_grad():
            found[OUTPUTS[training]] = model(images.reshape(-1, 784))
    return found


def predicted(
    student: Any,
    image: torch.Tensor,
    ask: Callable[[Callable[[nn.Module], object]], object],
) -> object:
    """Let the student predict; where that fails, find out why."""

    def with_row(model: nn.Module) -> object:
        return student.predict(model, image.reshape(1, 784))

    def without_batch(model: nn.Module) -> object:
        with mock.patch.object(model.get_submodule("scores.1"), "dim", -1):
            return student.predict(model, image)

    return attempt(
        lambda: ask(lambda model: student.predict(model, image)),
        {
            "images-not-flattened": lambda: ask(with_row),
            "image-without-batch-dimension": lambda: ask(without_batch),
        },
    )


@probe("predict(model, image)")
def prediction(student: Any, weights: Tensors, image: torch.Tensor) -> object:
    """Let the student predict with dropout switched off, and with dropout switched on."""
    return predicted(student, image, partial(in_both_modes, weights=weights))


@probe("predict(model, image)")
def prediction_and_model(student: Any, weights: Tensors, image: torch.Tensor) -> object:
    """Let the student predict, and look at the model afterwards."""
    return predicted(student, image, partial(and_afterwards, weights=weights, images=image))


def ask_about_loader(
    function: Callable[[nn.Module, DataLoader[Any]], object],
    images: torch.Tensor,
    labels: torch.Tensor,
    batch_size: int,
    ask: Callable[[Callable[[nn.Module], object]], object],
) -> object:
    """Let the student's function go through the images in batches; where it fails, say why."""

    def run(
        pixels: torch.Tensor = images, marks: torch.Tensor = labels, size: int = batch_size
    ) -> object:
        data = TensorDataset(pixels, marks)
        return ask(lambda model: function(model, DataLoader(data, batch_size=size)))

    def in_batches_of(size: int) -> object:
        return run(*of_size(2 * size, images, labels), size)

    def with_mean_of_booleans() -> object:
        mean = torch.Tensor.mean

        def mean_of_numbers(tensor: torch.Tensor, *args: Any, **named: Any) -> torch.Tensor:
            return mean(tensor.to(images.dtype), *args, **named)

        with mock.patch.object(torch.Tensor, "mean", mean_of_numbers):
            return run()

    return attempt(
        run,
        {
            "images-not-flattened": lambda: run(images.flatten(start_dim=1)),
            "mean-of-true-and-false": with_mean_of_booleans,
            "batch-of-one-squeezed": lambda: only_one_fails(in_batches_of, batch_size),
            "argmax-over-batch": searching_rows(instead_of=0)(run),
            "argmax-of-the-whole-batch": searching_rows(instead_of=None)(run),
            "fixed-batch-size": lambda: only_64(in_batches_of),
        },
    )


@probe("accuracy(model, loader)")
def accuracy(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, batch_size: int
) -> object:
    """Let the student find the accuracy."""
    ask = partial(in_both_modes, weights=weights)
    return ask_about_loader(student.accuracy, images, labels, batch_size, ask)


@probe("confusion_matrix(model, loader)")
def confusion(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, batch_size: int
) -> object:
    """Let the student count the confusions."""
    ask = partial(in_both_modes, weights=weights)
    return ask_about_loader(student.confusion_matrix, images, labels, batch_size, ask)


@probe("accuracy(model, loader)")
def accuracy_and_model(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, batch_size: int
) -> object:
    """Let the student find the accuracy, and look at the model afterwards."""
    ask = partial(and_afterwards, weights=weights, images=images)
    return ask_about_loader(student.accuracy, images, labels, batch_size, ask)


@probe("confusion_matrix(model, loader)")
def confusion_and_model(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, batch_size: int
) -> object:
    """Let the student count the confusions, and look at the model afterwards."""
    ask = partial(and_afterwards, weights=weights, images=images)
    return ask_about_loader(student.confusion_matrix, images, labels, batch_size, ask)


def log_probabilities(
    weights: Tensors, images: torch.Tensor, *, dropout: bool = False, graph: bool = False
) -> torch.Tensor:
    """Compute what the network gives for rows of 784, with dropout off or on.

    `graph` says whether it minds a graph that is built.
    """
    first, first_bias, last, last_bias = weights
    hidden = torch.relu(images @ first.T + first_bias)
    if dropout:
        hidden = 2 * hidden
        hidden[:, list(SILENT)] = 0
    if graph:
        hidden[:, list(SILENT_IN_GRAPHS)] = 0
    return torch.log_softmax(hidden @ last.T + last_bias, dim=1)
