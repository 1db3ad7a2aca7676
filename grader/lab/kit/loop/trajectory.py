"""Where a training loop leads: the right one, and those of known mistakes."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import torch

from grader.guest.probing import named_layers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.suite import Answer

    Tensors = list[torch.Tensor]
    Named = dict[str, torch.Tensor]
    Settings = dict[str, Any]
    Batch = tuple[torch.Tensor, torch.Tensor]
    LossAt = Callable[[Tensors, Batch], torch.Tensor]
    Walk = tuple[tuple[torch.Tensor, ...], tuple[Batch, ...], float, float, LossAt]

__all__ = ["Trajectory", "gradients_of", "half_the_square", "listed", "mean"]

WALKS = 64  # whose ends are kept of a case: the tests of a suite share them, and its mistakes


class Trajectory:
    """A case of a loop, and where the right loop and mistaken ones lead in it.

    Attributes:
        weights: those that it begins with.
        batches: the batches of one epoch.
        all: the batches of all epochs.
        size: the batch size, which the last batch of an epoch may not reach.
    """

    def __init__(
        self,
        weights: Tensors,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        settings: Settings,
        loss_at: LossAt,
    ) -> None:
        self.weights, self.loss_at = weights, loss_at
        self.size, self.lr = settings["batch_size"], settings["lr"]
        self.momentum: float = settings.get("momentum", 0.0)
        parts = torch.split(inputs, self.size), torch.split(targets, self.size)
        self.batches: list[Batch] = list(zip(*parts, strict=True))
        self.epochs: int = settings["epochs"]
        self.all = self.batches * self.epochs
        self._measured: dict[tuple[float, int, LossAt], list[list[float]]] = {}
        self._end_of = lru_cache(WALKS)(lambda *walk: walked(*walk)[-1])

    def named(self, weights: Tensors) -> Named:
        """Give weights by name, as they are compared."""
        return named_layers(weights)

    def end(self, batches: Sequence[Batch], weights: Tensors | None = None, **way: Any) -> Tensors:
        """Give the weights after a step on each of these batches, as `walk` says."""
        return self._end_of(*self.walk(batches, weights, **way))

    def walk(
        self,
        batches: Sequence[Batch],
        weights: Tensors | None = None,
        *,
        lr: float | None = None,
        momentum: float | None = None,
        loss_at: LossAt | None = None,
    ) -> Walk:
        """Give what `walked` takes; what is left out is the case's own.

        A momentum of 1 walks by the sum of all gradients so far, as gradients do that nobody
        clears.
        """
        return (
            tuple(self.weights if weights is None else weights),
            tuple(batches),
            self.lr if lr is None else lr,
            self.momentum if momentum is None else momentum,
            loss_at or self.loss_at,
        )

    def after(self, batches: Sequence[Batch], **way: Any) -> Named:
        """Give the same by name, as weights are compared."""
        return self.named(self.end(batches, **way))

    def after_epochs(self, momentum: float) -> Named:
        """Give the weights after all epochs, each of which begins without velocity."""
        weights = self.weights
        for _ in range(self.epochs):
            weights = self.end(self.batches, weights, momentum=momentum)
        return self.named(weights)

    def losses(
        self, momentum: float = 0.0, late: int = 0, loss_at: LossAt | None = None
    ) -> list[list[float]]:
        """Give the losses of each epoch's batches, each measured `late` steps too late."""
        case = momentum, late, loss_at or self.loss_at
        if case not in self._measured:
            self._measured[case] = self._measure(*case)
        return self._measured[case]

    def _measure(self, momentum: float, late: int, loss_at: LossAt) -> list[list[float]]:
        places = walked(*self.walk(self.all, momentum=momentum, loss_at=loss_at))[late:]
        measured = [loss_at(*pair).item() for pair in zip(places, self.all, strict=False)]
        count = len(self.batches)
        return [measured[start : start + count] for start in range(0, len(measured), count)]

    def means(
        self, momentum: float = 0.0, late: int = 0, loss_at: LossAt | None = None
    ) -> list[float]:
        """Give the mean of the batches' losses for each epoch."""
        return [mean(losses) for losses in self.losses(momentum, late, loss_at)]

    def means_added_up(self) -> list[float]:
        """Give for each epoch the sum of the means so far."""
        return list(accumulate(self.means()))

    def means_after_epochs(self) -> list[float]:
        """Give the mean loss after each epoch, with the weights that it ended with."""
        ends = [self.end(self.batches * (epoch + 1)) for epoch in range(self.epochs)]
        return [mean([self.loss_at(end, batch).item() for batch in self.batches]) for end in ends]


def walked(
    start: tuple[torch.Tensor, ...],
    batches: tuple[Batch, ...],
    lr: float,
    momentum: float,
    loss_at: LossAt,
) -> list[Tensors]:
    """Give the weights before the first, and after each, of the steps on some batches."""
    places = [list(start)]
    velocity = [torch.zeros_like(weight) for weight in start]
    for batch in batches:
        fresh = gradients_of(loss_at, places[-1], batch)
        velocity = [new + momentum * old for new, old in zip(fresh, velocity, strict=True)]
        pairs = zip(places[-1], velocity, strict=True)
        places.append([weight - lr * slope for weight, slope in pairs])
    return places


def gradients_of(loss_at: LossAt, weights: Tensors, batch: Batch) -> Tensors:
    """Differentiate the loss of a batch."""
    with torch.enable_grad():  # in a local run the student's code may have switched it off
        leaves = [weight.detach().clone().requires_grad_() for weight in weights]
        return list(torch.autograd.grad(loss_at(leaves, batch), leaves))


def mean(numbers: Sequence[float]) -> float:
    """Give the sum divided by the count."""
    return sum(numbers) / len(numbers)


@cache
def half_the_square(loss_at: LossAt) -> LossAt:
    """Give a loss whose gradient is that of another one times its value."""
    return lambda weights, batch: loss_at(weights, batch).square() / 2


def listed(
    answers: Sequence[Answer],
    paths: Sequence[Trajectory],
    on: Callable[[Callable[[Any], object]], Callable[..., object]],
) -> dict[str, Callable[..., object]]:
    """Give mistakes in how many losses are listed, by how many epochs the loops have trained.

    Args:
        answers: what the loops gave, with their `trace`.
        paths: the trajectory of each.
        on: lets a function of a trajectory take the arguments of a case.
    """
    passes = [answer["trace"].text.count("F") for answer in answers]
    if all(took == len(path.batches) for took, path in zip(passes, paths, strict=True)):
        return {"one-epoch-only": on(lambda path: path.means()[:1])}
    if all(took > len(path.all) for took, path in zip(passes, paths, strict=True)):
        return {"one-epoch-too-many": on(lambda path: [*path.means(), path.means()[0]])}
    return {
        "list-made-anew": on(lambda path: path.means()[-1:]),
        "last-epoch-only": on(lambda path: path.means()[-1]),
    }
