"""A tiny regression in float64: tables that suites draw, and where a loop over them leads.

The network is linear, tanh, linear; targets are a column. Students compute in float32, so what is
compared with their answers is rounded to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from grader.guest.probing import named_layers
from kit.networks import layers, tensors
from kit.once_a_case import once_a_case

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Tensors = list[torch.Tensor]
    Named = dict[str, torch.Tensor]
    Settings = dict[str, Any]
    Batch = tuple[torch.Tensor, torch.Tensor]
    Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    Case = tuple[Tensors, torch.Tensor, torch.Tensor, Settings]

__all__ = [
    "Course",
    "fit_case",
    "gradients_at",
    "mean_of_squares",
    "network_answers",
    "on_course",
    "table",
]


def table(seed: int, n: int, d: int) -> Batch:
    """Draw features (n, d) and targets (n, 1); the first features differ, also as whole numbers."""
    features, noise = tensors(seed, (n, d), (n, 1))
    places = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    features[:, 0] = 2 * places - n + 0.25
    targets = 2.5 + features.sum(dim=1, keepdim=True) / 2 + noise / 4
    return features, targets


def fit_case(
    seed: int, sizes: tuple[int, int], n: int, batch_size: int, epochs: int, lr: float
) -> Case:
    """Give float32 weights, features and targets, and the settings of a loop over them.

    `sizes` are the number of features and that of hidden units.
    """
    weights = layers(seed, *sizes, 1)
    features, noise = tensors(seed + 1, (n, sizes[0]), (n, 1))
    targets = 1.5 + features[:, :1] - features[:, 1:2] / 2 + noise / 4
    settings = {"batch_size": batch_size, "epochs": epochs, "lr": lr}
    return [weight.float() for weight in weights], features.float(), targets.float(), settings


def mean_of_squares(predictions: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Measure the mean of the squared errors."""
    errors = [(mine - right) ** 2 for mine, right in zip(predictions, targets, strict=True)]
    return torch.stack(errors).mean()


def mean(numbers: Sequence[float]) -> float:
    """Give the sum divided by the count."""
    return sum(numbers) / len(numbers)


class Course:
    """A case of a loop, and where the right loop and mistaken ones lead in it.

    Attributes:
        batches: the batches of one epoch.
        all: the batches of all epochs.
        size: the batch size, which the last batch of an epoch may not reach.
        examples: how many there are.
    """

    def __init__(
        self, weights: Tensors, features: torch.Tensor, targets: torch.Tensor, settings: Settings
    ) -> None:
        self.weights = [weight.double() for weight in weights]
        self.size, self.lr = settings["batch_size"], settings["lr"]
        self.whole: Batch = features.double(), targets.double()
        self.examples = len(features)
        parts = [torch.split(column, self.size) for column in self.whole]
        self.batches: list[Batch] = list(zip(*parts, strict=True))
        self.epochs: int = settings["epochs"]
        self.all = self.batches * self.epochs
        self._measured: dict[tuple[float, int, Loss], list[list[float]]] = {}

    def after(
        self,
        batches: Sequence[Batch],
        lr: float | None = None,
        momentum: float = 0.0,
        loss: Loss = mean_of_squares,
    ) -> Named:
        """Give the weights after a step on each of these batches."""
        stride = self.lr if lr is None else lr
        return rounded(trail(self.weights, batches, stride, momentum, loss)[-1])

    def after_epochs(self, momentum: float) -> Named:
        """Give the weights after all epochs, each of which begins without velocity."""
        weights = self.weights
        for _ in range(self.epochs):
            weights = trail(weights, self.batches, self.lr, momentum)[-1]
        return rounded(weights)

    def after_adam(self) -> Named:
        """Give the weights after a step of Adam on each batch of all epochs."""
        leaves = [weight.clone().requires_grad_() for weight in self.weights]
        optimizer = torch.optim.Adam(leaves, lr=self.lr)
        for batch in self.all:
            for leaf, slope in zip(leaves, gradients_at(leaves, batch), strict=True):
                leaf.grad = slope
            optimizer.step()
        return rounded(leaves)

    def losses(
        self, momentum: float = 0.0, late: int = 0, loss: Loss = mean_of_squares
    ) -> list[list[float]]:
        """Give the losses of each epoch's batches, each measured `late` steps too late."""
        if (momentum, late, loss) not in self._measured:
            self._measured[momentum, late, loss] = self._measure(momentum, late, loss)
        return self._measured[momentum, late, loss]

    def _measure(self, momentum: float, late: int, loss: Loss) -> list[list[float]]:
        places = trail(self.weights, self.all, self.lr, momentum, loss)[late:]
        pairs = zip(places, self.all, strict=False)
        measured = [loss_at(weights, batch, loss).item() for weights, batch in pairs]
        count = len(self.batches)
        return [measured[start : start + count] for start in range(0, len(measured), count)]

    def means(
        self, momentum: float = 0.0, late: int = 0, loss: Loss = mean_of_squares
    ) -> list[float]:
        """Give the mean of the batches' losses for each epoch."""
        return [mean(losses) for losses in self.losses(momentum, late, loss)]

    def means_over_examples(self) -> list[float]:
        """Give the mean over examples for each epoch: what the whole table costs, if none moves."""
        sizes = [len(targets) for _, targets in self.batches]
        weighted = [
            [size * loss for size, loss in zip(sizes, losses, strict=True)]
            for losses in self.losses()
        ]
        return [sum(losses) / self.examples for losses in weighted]

    def means_added_up(self) -> list[float]:
        """Give for each epoch the sum of the means so far, as if each cost the same."""
        return [mean * place for place, mean in enumerate(self.means(), start=1)]

    def means_after_epochs(self) -> list[float]:
        """Give the mean loss after each epoch, with the weights that it ended with."""
        count = len(self.batches)
        ends = trail(self.weights, self.all, self.lr)[count::count]
        return [mean([loss_at(end, batch).item() for batch in self.batches]) for end in ends]


def trail(
    weights: Tensors,
    batches: Sequence[Batch],
    lr: float,
    momentum: float = 0.0,
    loss: Loss = mean_of_squares,
) -> list[Tensors]:
    """Give the weights before the first, and after each, of the steps on some batches.

    A momentum of 1 walks by the sum of all gradients so far, as gradients do that nobody clears.
    """
    velocity = [torch.zeros_like(weight) for weight in weights]
    places = [weights]
    for batch in batches:
        fresh = gradients_at(places[-1], batch, loss)
        velocity = [new + momentum * old for new, old in zip(fresh, velocity, strict=True)]
        pairs = zip(places[-1], velocity, strict=True)
        places.append([weight - lr * slope for weight, slope in pairs])
    return places


course_of = once_a_case(Course)


def on_course(give: Callable[[Course], object]) -> Callable[..., object]:
    """Let a function of a course take the arguments of a case."""
    return lambda *case: give(course_of(*case))


def rounded(weights: Tensors) -> Named:
    """Give weights by name, in float32."""
    return named_layers([weight.detach().float() for weight in weights])


def loss_at(weights: Tensors, batch: Batch, loss: Loss = mean_of_squares) -> torch.Tensor:
    """Measure the loss of a batch at W1, b1, W2, b2."""
    features, targets = batch
    return loss(network_answers(weights, features), targets)


def network_answers(weights: Tensors, features: torch.Tensor) -> torch.Tensor:
    """Give what the network answers at W1, b1, W2, b2: (n, 1)."""
    first, first_bias, second, second_bias = weights
    return torch.tanh(features @ first.T + first_bias) @ second.T + second_bias


def gradients_at(weights: Tensors, batch: Batch, loss: Loss = mean_of_squares) -> Tensors:
    """Differentiate the loss of a batch."""
    with torch.enable_grad():  # in a local run the student's code may have switched it off
        leaves = [weight.detach().clone().requires_grad_() for weight in weights]
        return list(torch.autograd.grad(loss_at(leaves, batch, loss), leaves))
