"""A small network by hand, in float64: data that suites draw, and what autograd must find there.

The network is linear, ReLU, linear, log-softmax; its loss weighs the classes, which tells the
criterion that a probe hands over from any other.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "CLASS_WEIGHTS",
    "EQUAL_WEIGHTS",
    "gradients_at",
    "image_batch",
    "layers",
    "loss_at",
    "mixed_pixels",
    "tensors",
]

CLASS_WEIGHTS = (1.0, 2.5, 0.5, 1.5)
EQUAL_WEIGHTS = (1.0, 1.0, 1.0, 1.0)


def tensors(seed: int, *shapes: tuple[int, ...]) -> list[torch.Tensor]:
    """Draw float64 tensors of these shapes."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]


def layers(seed: int, *sizes: int) -> list[torch.Tensor]:
    """Draw W1 (out, in), b1 (out,), W2, b2, … of a network whose layers have these sizes."""
    shapes: list[tuple[int, ...]] = []
    for inputs, outputs in pairwise(sizes):
        shapes += [(outputs, inputs), (outputs,)]
    return [tensor / tensor.shape[-1] ** 0.5 for tensor in tensors(seed, *shapes)]


def image_batch(seed: int, labels: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw images (n, 1, 28, 28) for these labels."""
    (images,) = tensors(seed, (len(labels), 1, 28, 28))
    return images + 0.2, torch.tensor(labels)


def mixed_pixels(images: torch.Tensor) -> torch.Tensor:
    """Flatten to (784, n) and transpose: each row then holds pixels of several images."""
    return images.reshape(784, -1).t()


def loss_at(
    weights: Sequence[torch.Tensor],
    images: torch.Tensor,
    labels: torch.Tensor,
    class_weights: Sequence[float] = CLASS_WEIGHTS,
) -> torch.Tensor:
    """Measure the weighted mean of -log p(true class) at W1, b1, W2, b2."""
    first, first_bias, second, second_bias = weights
    hidden = torch.relu(images.flatten(start_dim=1) @ first.T + first_bias)
    log_probabilities = torch.log_softmax(hidden @ second.T + second_bias, dim=1)
    importance = torch.tensor(class_weights, dtype=weights[0].dtype)[labels]
    each = -log_probabilities[torch.arange(len(labels)), labels]
    return (importance * each).sum() / importance.sum()


def gradients_at(
    weights: Sequence[torch.Tensor],
    images: torch.Tensor,
    labels: torch.Tensor,
    class_weights: Sequence[float] = CLASS_WEIGHTS,
) -> list[torch.Tensor]:
    """Differentiate the loss."""
    with torch.enable_grad():  # in a local run the student's code may have switched it off
        leaves = [weight.clone().requires_grad_() for weight in weights]
        return list(torch.autograd.grad(loss_at(leaves, images, labels, class_weights), leaves))
