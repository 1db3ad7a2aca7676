"""What checks and hidden tests of log-probabilities both ask a submission."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from beside.repairs import only_64
from grader.guest.probing import (
    RecognisedError,
    RejectedError,
    require_module,
    unfit,
    values_by_shape,
    works,
)
from grader.suite import probe

if TYPE_CHECKING:
    from grader.suite import StudentModule

__all__ = ["ScaledLoss", "criterion_value", "model_output", "output_beside_another", "scaled"]

SCALE = 1.5  # times the usual loss: a criterion of the test's own


@probe("build_criterion()(log_probabilities, labels)")
def criterion_value(student: StudentModule, log_probabilities: Tensor, labels: Tensor) -> object:
    """Compute the student's criterion on log-probabilities."""
    criterion = student.build_criterion()
    if isinstance(criterion, type) or not callable(criterion):
        raise unfit(criterion, "a loss function", "`build_criterion()`")
    try:
        return criterion(log_probabilities, labels)
    except RuntimeError as error:
        if isinstance(criterion, nn.MSELoss | nn.L1Loss | nn.SmoothL1Loss | nn.HuberLoss):
            raise RecognisedError("squared-error-for-classes") from error
        raise


def known_model(student: StudentModule, images: Tensor, sharpness: float = 1.0) -> nn.Module:
    """Build the student's model and give it known weights, those of ten classes more sharply."""
    model = require_module(student.build_model(), "build_model()").to(images.device).eval()
    model(images)  # a lazy layer has no weights before
    with torch.no_grad():
        for parameter in model.parameters():
            scale = sharpness if 10 in parameter.shape else 1.0
            parameter.copy_(scale * values_by_shape(parameter.shape))
    return model


def scores_of(model: nn.Module, images: Tensor) -> Tensor:
    """Return what the model gives, if it is one row an image."""
    scores = model(images)
    if isinstance(scores, Tensor) and scores.dim() == 2 and len(scores) == len(images):
        return scores
    came = f"shape {tuple(scores.shape)}" if isinstance(scores, Tensor) else type(scores).__name__
    raise RejectedError(f"The model returned {came}; expected a tensor with one row per image.")


@probe("build_model()(images)")
def model_output(student: StudentModule, images: Tensor, sharpness: float) -> dict[str, object]:
    """Run the model with known weights; say which shapes these have, in an order of their own."""
    try:
        model = known_model(student, images, sharpness)
        output = scores_of(model, images)
    except RuntimeError as error:

        def run_on(size: int) -> None:
            many = images[torch.arange(size) % len(images)]
            scores_of(known_model(student, many, sharpness), many)

        if works(lambda: only_64(run_on)):
            raise RecognisedError("fixed-batch-size") from error
        raise
    shapes = [
        sorted((size for size in parameter.shape if size > 1), reverse=True)
        for parameter in model.parameters()
    ]
    again = model(images)
    alike = torch.allclose(output, again, equal_nan=True)
    return {
        "shapes": sorted(shapes, reverse=True),
        "the output": output,
        "alike": alike,
    }


@probe("build_model()(images), after another call of build_model(),")
def output_beside_another(student: StudentModule, images: Tensor, sharpness: float) -> Tensor:
    """Run a model with known weights, after another one was given sharper weights."""
    model = known_model(student, images)
    known_model(student, images, sharpness)
    return scores_of(model, images)


def scaled(output: Tensor, labels: Tensor) -> Tensor:
    """Return the loss that the criterion at hand measures."""
    return SCALE * F.nll_loss(output, labels)


class ScaledLoss(nn.Module):
    """Measures half as much again as the mean negative log-likelihood: no other criterion does."""

    def forward(self, log_probabilities: Tensor, labels: Tensor) -> Tensor:
        """Measure the loss."""
        return scaled(log_probabilities, labels)
