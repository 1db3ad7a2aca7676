"""Where a classifier's training loop leads: the right one, and those of known mistakes.

A case is the weights of a network, images, labels, and the settings of a loop over them.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from grader.guest.probing import named_layers
from kit.loop.trajectory import Trajectory
from kit.networks import EQUAL_WEIGHTS, loss_at, mixed_pixels
from kit.once_a_case import once_a_case

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import torch

    from kit.loop.trajectory import Batch, LossAt, Named, Settings, Tensors

    Case = tuple[Tensors, torch.Tensor, torch.Tensor, Settings]
    EpochLoss = Callable[["Path", list[float]], object]

__all__ = [
    "Path",
    "each_epoch",
    "first_epoch",
    "images_of",
    "mixed",
    "on_path",
    "path_of",
    "unmoved",
    "until_a_rise",
]


class Path(Trajectory):
    """The trajectory of a classifier whose criterion weighs the classes."""

    def __init__(
        self, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, settings: Settings
    ) -> None:
        loss_at = by_class_weights(tuple(settings["class_weights"]))
        super().__init__(weights, images, labels, settings, loss_at)

    def without_criterion(self) -> Named:
        """Give the weights after a loop whose loss weighs all classes alike."""
        return self.after(self.all, loss_at=by_class_weights(EQUAL_WEIGHTS))


@cache  # by the same measure, so that what was computed by it is found
def by_class_weights(class_weights: tuple[float, ...]) -> LossAt:
    """Give what measures the loss of a batch at some weights."""
    return lambda weights, batch: loss_at(weights, *batch, class_weights)


path_of = once_a_case(Path)


def on_path(give: Callable[[Path], object]) -> Callable[..., object]:
    """Let a function of a path take the arguments of a case."""
    return lambda *case: give(path_of(*case))


def mixed(batches: Sequence[Batch]) -> list[Batch]:
    """Mix the pixels of each batch's images."""
    return [mixed_batch(batch) for batch in batches]


@lru_cache(64)
def mixed_batch(batch: Batch) -> Batch:
    """Mix the pixels of a batch's images."""
    images, labels = batch
    return mixed_pixels(images), labels


def unmoved(path: Path) -> Named:
    """Give the weights as they were."""
    return named_layers(path.weights)


def first_epoch(mistake: EpochLoss, path: Path) -> object:
    """Give what a mistake makes of the first epoch's losses."""
    return mistake(path, path.losses()[0])


def each_epoch(mistake: EpochLoss, path: Path) -> list[object]:
    """Give what a mistake makes of each epoch's losses."""
    return [mistake(path, losses) for losses in path.losses()]


def until_a_rise(path: Path) -> list[float]:
    """Give the means of the epochs before the first that lies above the one before it."""
    means = path.means()
    rises = (place for place in range(1, len(means)) if means[place] > means[place - 1])
    return means[: next(rises, len(means))]


def images_of(path: Path) -> int:
    """Count the images of an epoch."""
    return sum(len(labels) for _, labels in path.batches)
