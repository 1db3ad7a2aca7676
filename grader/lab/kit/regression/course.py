"""A tiny regression in float64: tables that suites draw, and where a loop over them leads.

The network is linear, tanh, linear; targets are a column. Students compute in float32, so what is
compared with their answers is rounded to that.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import torch

from grader.guest.probing import named_layers
from kit.loop.trajectory import Trajectory, gradients_of
from kit.networks import layers, tensors
from kit.once_a_case import once_a_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from kit.loop.trajectory import Batch, LossAt, Named, Settings, Tensors

    Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    Case = tuple[Tensors, torch.Tensor, torch.Tensor, Settings]

__all__ = [
    "Course",
    "course_of",
    "fit_case",
    "loss_by",
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


@cache
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


class Course(Trajectory):
    """The trajectory of a regression, computed in float64.

    Attributes:
        whole: features and targets.
        examples: how many there are.
    """

    def __init__(
        self, weights: Tensors, features: torch.Tensor, targets: torch.Tensor, settings: Settings
    ) -> None:
        self.whole: Batch = features.double(), targets.double()
        self.examples = len(features)
        exact = [weight.double() for weight in weights]
        super().__init__(exact, *self.whole, settings, squares_at)

    def named(self, weights: Tensors) -> Named:
        """Give weights by name, in float32."""
        return named_layers([weight.detach().float() for weight in weights])

    def after_adam(self) -> Named:
        """Give the weights after a step of Adam on each batch of all epochs."""
        leaves = [weight.clone().requires_grad_() for weight in self.weights]
        optimizer = torch.optim.Adam(leaves, lr=self.lr)
        for batch in self.all:
            for leaf, slope in zip(leaves, gradients_of(self.loss_at, leaves, batch), strict=True):
                leaf.grad = slope
            optimizer.step()
        return self.named(leaves)

    def means_over_examples(self) -> list[float]:
        """Give the mean over examples for each epoch: what the whole table costs, if none moves."""
        sizes = [len(targets) for _, targets in self.batches]
        weighted = [
            [size * loss for size, loss in zip(sizes, losses, strict=True)]
            for losses in self.losses()
        ]
        return [sum(losses) / self.examples for losses in weighted]


course_of = once_a_case(Course)


def on_course(give: Callable[[Course], object]) -> Callable[..., object]:
    """Let a function of a course take the arguments of a case."""
    return lambda *case: give(course_of(*case))


@cache
def loss_by(measure: Loss) -> LossAt:
    """Give what measures the loss of a batch at W1, b1, W2, b2."""

    def loss_at(weights: Tensors, batch: Batch) -> torch.Tensor:
        features, targets = batch
        return measure(network_answers(weights, features), targets)

    return loss_at


squares_at = loss_by(mean_of_squares)


def network_answers(weights: Tensors, features: torch.Tensor) -> torch.Tensor:
    """Give what the network answers at W1, b1, W2, b2: (n, 1)."""
    first, first_bias, second, second_bias = weights
    return torch.tanh(features @ first.T + first_bias) @ second.T + second_bias
