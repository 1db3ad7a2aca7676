"""Where a training loop leads: the right one, and those of known mistakes.

A case is the weights of a network, images, labels, and the settings of a loop over them.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

import torch

from grader.guest.probing import named_layers
from kit.networks import EQUAL_WEIGHTS, gradients_at, loss_at, mixed_pixels
from kit.once_a_case import once_a_case

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Tensors = list[torch.Tensor]
    Named = dict[str, torch.Tensor]
    Settings = dict[str, Any]
    Case = tuple[Tensors, torch.Tensor, torch.Tensor, Settings]
    Batch = tuple[torch.Tensor, torch.Tensor]
    EpochLoss = Callable[["Path", list[float]], object]

__all__ = ["Path", "each_epoch", "first_epoch", "images_of", "mixed", "on_path", "unmoved"]


def trail(
    weights: Tensors,
    batches: Sequence[Batch],
    lr: float,
    momentum: float,
    class_weights: Sequence[float],
) -> list[Tensors]:
    """Give the weights before the first, and after each, of the steps on some batches.

    A momentum of 1 walks by the sum of all gradients so far, as gradients do that nobody clears.
    """
    velocity = [torch.zeros_like(weight) for weight in weights]
    places = [weights]
    for images, labels in batches:
        fresh = gradients_at(places[-1], images, labels, class_weights)
        velocity = [new + momentum * old for new, old in zip(fresh, velocity, strict=True)]
        strides = [lr * slope for slope in velocity]
        places.append([weight - step for weight, step in zip(places[-1], strides, strict=True)])
    return places


class Path:
    """A case of a loop, and where the right loop and mistaken ones lead in it.

    Attributes:
        batches: the batches of one epoch.
        all: the batches of all epochs.
        size: the batch size, which the last batch of an epoch may not reach.
    """

    def __init__(
        self, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, settings: Settings
    ) -> None:
        self.weights, self.size, self.lr = weights, settings["batch_size"], settings["lr"]
        self.momentum, self.class_weights = settings["momentum"], settings["class_weights"]
        parts = torch.split(images, self.size), torch.split(labels, self.size)
        self.batches: list[Batch] = list(zip(*parts, strict=True))
        self.epochs: int = settings["epochs"]
        self.all = self.batches * self.epochs
        self._measured: dict[tuple[float, int], list[list[float]]] = {}

    def trail(
        self, batches: Sequence[Batch], lr: float | None = None, momentum: float | None = None
    ) -> list[Tensors]:
        """Give the weights before the first, and after each, of the steps on some batches."""
        lr = self.lr if lr is None else lr
        momentum = self.momentum if momentum is None else momentum
        return trail(self.weights, batches, lr, momentum, self.class_weights)

    def after(
        self, batches: Sequence[Batch], lr: float | None = None, momentum: float | None = None
    ) -> Named:
        """Give the weights after a step on each of these batches."""
        return named_layers(self.trail(batches, lr, momentum)[-1])

    def after_epochs(self, momentum: float) -> Named:
        """Give the weights after all epochs, each of which begins without velocity."""
        weights = self.weights
        for _ in range(self.epochs):
            weights = trail(weights, self.batches, self.lr, momentum, self.class_weights)[-1]
        return named_layers(weights)

    def without_criterion(self) -> Named:
        """Give the weights after a loop whose loss weighs all classes alike."""
        places = trail(self.weights, self.all, self.lr, self.momentum, EQUAL_WEIGHTS)
        return named_layers(places[-1])

    def loss(self, weights: Tensors, batch: Batch) -> float:
        """Give the loss of one batch."""
        return loss_at(weights, *batch, self.class_weights).item()

    def losses(self, momentum: float = 0.0, late: int = 0) -> list[list[float]]:
        """Give the losses of each epoch's batches, each measured `late` steps too late."""
        if (momentum, late) not in self._measured:
            self._measured[momentum, late] = self._measure(momentum, late)
        return self._measured[momentum, late]

    def _measure(self, momentum: float, late: int) -> list[list[float]]:
        places = self.trail(self.all, momentum=momentum)[late:]
        measured = [self.loss(*pair) for pair in zip(places, self.all, strict=False)]
        count = len(self.batches)
        return [measured[start : start + count] for start in range(0, len(measured), count)]

    def means(self, momentum: float = 0.0, late: int = 0) -> list[float]:
        """Give the mean of the batches' losses for each epoch."""
        return [mean(losses) for losses in self.losses(momentum, late)]

    def means_added_up(self) -> list[float]:
        """Give for each epoch the sum of the means so far."""
        return list(accumulate(self.means()))

    def means_after_epochs(self) -> list[float]:
        """Give the mean loss after each epoch, with the weights that it ended with."""
        count = len(self.batches)
        ends = self.trail(self.all)[count::count]
        return [mean([self.loss(end, batch) for batch in self.batches]) for end in ends]


def mean(numbers: Sequence[float]) -> float:
    """Give the sum divided by the count."""
    return sum(numbers) / len(numbers)


path_of = once_a_case(Path)


def on_path(give: Callable[[Path], object]) -> Callable[..., object]:
    """Let a function of a path take the arguments of a case."""
    return lambda *case: give(path_of(*case))


def mixed(batches: Sequence[Batch]) -> list[Batch]:
    """Mix the pixels of each batch's images."""
    return [(mixed_pixels(images), labels) for images, labels in batches]


def unmoved(path: Path) -> Named:
    """Give the weights as they were."""
    return named_layers(path.weights)


def first_epoch(mistake: EpochLoss, path: Path) -> object:
    """Give what a mistake makes of the first epoch's losses."""
    return mistake(path, path.losses()[0])


def each_epoch(mistake: EpochLoss, path: Path) -> list[object]:
    """Give what a mistake makes of each epoch's losses."""
    return [mistake(path, losses) for losses in path.losses()]


def images_of(path: Path) -> int:
    """Count the images of an epoch."""
    return sum(len(labels) for _, labels in path.batches)
