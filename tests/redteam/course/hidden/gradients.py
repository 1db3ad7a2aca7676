"""Hidden tests of what the red team attacks: functions, probes, and what stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from grader.suite import Student, expect, points, probe

Batch = tuple[Tensor, Tensor, Tensor]

GENERATOR = torch.Generator().manual_seed(3)


def drawn(*shape: int) -> Tensor:
    """Draw normal numbers, float64."""
    return torch.randn(*shape, generator=GENERATOR, dtype=torch.float64)


TENSORS = [drawn(5), drawn(3, 4), drawn(2, 3, 2), drawn(7), drawn(1, 6)]
# weights (C, N), images (B, N), labels (B,): sizes that differ, and classes that repeat
BATCHES = [
    (drawn(4, 3), drawn(6, 3), torch.tensor([0, 3, 1, 3, 2, 3])),
    (drawn(5, 2), drawn(3, 2), torch.tensor([4, 0, 4])),
    (drawn(3, 6), drawn(4, 6), torch.tensor([1, 1, 0, 2])),
]


def layer_of(weight: Tensor) -> nn.Module:
    """Make a linear layer without a bias of its weights."""
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=False, dtype=weight.dtype)
    with torch.no_grad():
        layer.weight.copy_(weight)
    return layer


@probe("parameter_gradients(model, criterion, images, labels)")
def gradients(student: Any, weight: Tensor, images: Tensor, labels: Tensor) -> object:
    """Ask twice, so that older gradients are there."""
    model, criterion = layer_of(weight), nn.CrossEntropyLoss()
    student.parameter_gradients(model, criterion, images, labels)
    return student.parameter_gradients(model, criterion, images, labels)


@probe("predict_without_tracking(model, images)")
def prediction(student: Any, weight: Tensor, images: Tensor, labels: Tensor) -> object:
    """Predict, and train the model afterwards."""
    del labels
    model = layer_of(weight)
    scores = student.predict_without_tracking(model, images)
    model(images).sum().backward()
    return {"scores": scores, "gradients": [each.grad for each in model.parameters()]}


def right_gradients(weight: Tensor, images: Tensor, labels: Tensor) -> dict[str, Tensor]:
    """Compute the gradient of the mean cross-entropy: (softmax - one-hot)^T x / n."""
    shares = torch.softmax(images @ weight.T, dim=1)
    errors = shares - torch.eye(len(weight), dtype=weight.dtype)[labels]
    return {"weight": errors.T @ images / len(images)}


def right_prediction(weight: Tensor, images: Tensor, labels: Tensor) -> dict[str, object]:
    """Compute scores, and the gradient of their sum."""
    del labels
    return {"scores": images @ weight.T, "gradients": [images.sum(0).expand_as(weight)]}


@points(0.5)
@pytest.mark.parametrize("x", TENSORS)
def test_gradient_of_a_mean_square(student: Student, x: Tensor) -> None:
    """gradient_of_mean_square: 2 x / n."""
    expect(student.gradient_of_mean_square(x)).equals(2 * x / x.numel())


@points(1.5)
@pytest.mark.parametrize("batch", BATCHES)
def test_gradients_of_parameters(student: Student, batch: Batch) -> None:
    """parameter_gradients: those of one batch alone."""
    expect(gradients(student, *batch)).equals(right_gradients(*batch))


@points(1)
@pytest.mark.parametrize("batch", BATCHES)
def test_prediction(student: Student, batch: Batch) -> None:
    """predict_without_tracking: what the model gives, and it can learn afterwards."""
    expect(prediction(student, *batch)).equals(right_prediction(*batch))
