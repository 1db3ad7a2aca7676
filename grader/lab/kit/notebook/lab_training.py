"""What the hidden tests and the public checks of lab_training have in common."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional as F

from beside.experiments import around_a_step, other_weights, weights_of
from beside.lab_names import (
    as_seen,
    events,
    holdings,
    last_scores,
    layers_run,
    model_of,
    optimizer_of,
    output,
)
from grader.errors import WrongAnswer
from grader.guest.probing import attempt
from grader.suite import expect, probe

if TYPE_CHECKING:
    from grader.suite import Answer

__all__ = [
    "are_shares",
    "criterion_value",
    "fitting_loss",
    "given_alike",
    "model_layers",
    "model_output",
    "names_in",
    "number_in",
    "one_step",
    "pixels",
    "scores_in",
    "step_lowers_the_loss",
    "trained_output",
]

CLOSE = 1e-4  # float32 sums of ten exponentials
LEAST = 1e-9  # a small step lowers a loss by 1e-7 at least; where it reaches nothing, by nothing


@probe("model(images)")
def model_output(student: Any, images: torch.Tensor) -> object:
    """Run the notebook's model, and say what its last linear layer gives."""
    model = model_of(student)
    return {"output": output(model, images), "scores": last_scores(model, images)}


@probe("model(images)")
def model_layers(student: Any, images: torch.Tensor) -> object:
    """Run the notebook's model, and say what it and its layers give, and how many these are.

    Whatever has weights of two dimensions or more counts as a layer, however it is written.
    """
    model = model_of(student)
    layers = layers_run(model, images)
    shapes = [list(weight.shape) for weight in weights_of(model) if weight.dim() > 1]
    return {
        "output": output(model, images),
        "layers": [dict(zip(("given", "scores"), each, strict=True)) for each in layers],
        "weights": shapes,
    }


@probe("criterion(output, labels)")
def criterion_value(student: Any, given: torch.Tensor, labels: torch.Tensor) -> object:
    """Measure the loss of outputs with the notebook's criterion."""
    criterion = student["criterion"]
    return attempt(
        lambda: criterion(given, labels),
        {"squared-error-for-classes": lambda: criterion(given, F.one_hot(labels, 10).to(given))},
    )


@probe("optimizer.step()")
def one_step(student: Any, images: torch.Tensor, labels: torch.Tensor) -> object:
    """Compare what the optimizer holds with what the model has, and see what a step does."""
    model, optimizer = model_of(student), optimizer_of(student)
    return holdings(student) | around_a_step(model, optimizer, images, labels)


@probe("model(images)")
def trained_output(student: Any, images: torch.Tensor) -> object:
    """Show the trained model digits as its training set would, and say what was recorded.

    The same once more with other weights: a network that has learned then knows nothing.
    """
    held: dict[str, object] = {"held": [], "others": 0, "rate": 0.0}
    with suppress(Exception):  # there need not be an optimizer
        held = holdings(student)
    model, seen = model_of(student), as_seen(images)
    outputs = {"output": output(model, seen)}
    with other_weights(model, seed=2):
        outputs["with other weights"] = output(model, seen)
    return {**outputs, **held, **events()}


def pixels(seed: int, count: int) -> torch.Tensor:
    """Draw images (count, 784) that drive a fresh network's scores far from zero."""
    generator = torch.Generator().manual_seed(seed)
    return 100 * torch.randn(count, 784, generator=generator)


def are_shares(values: torch.Tensor, dim: int) -> bool:
    """Whether values are shares of 1 along a dimension."""
    sums = values.double().sum(dim=dim)
    return bool((values >= 0).all() and ((sums - 1).abs() < CLOSE).all())


def fitting_loss(given: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the mean cross-entropy of the labels under what a model gives, whatever it gives.

    Log-probabilities are scores too: the log-softmax of them is what they are.
    """
    exact = given.double()
    log_probabilities = exact.log() if are_shares(given, dim=1) else exact.log_softmax(dim=1)
    return F.nll_loss(log_probabilities, labels).to(given.dtype)


def given_alike(given: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
    """Turn scores (n, 10) into what a model gives for them: log-probabilities, shares, or scores.

    Args:
        given: what the model has given for some images.
        scores: any numbers.
    """
    if are_shares(given.exp(), dim=1):
        return scores.log_softmax(dim=1).to(given.dtype)
    return (scores.softmax(dim=1) if are_shares(given, dim=1) else scores).to(given.dtype)


def step_lowers_the_loss(answer: Answer, labels: torch.Tensor) -> bool:
    """Whether the outputs after a step fit the labels of its batch better than those before it."""
    before, after = (
        F.cross_entropy(scores_in(answer[when], len(labels)).double(), labels).item()
        for when in ("the output before the step", "the output after the step")
    )
    return after < before - LEAST


def names_in(answer: Answer) -> list[str]:
    """Require a list of strings.

    Raises:
        WrongAnswer: it is something else.
    """
    value = answer.value
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return value
    raise WrongAnswer(answer.says("expected a list of names."))


def number_in(answer: Answer) -> float:
    """Require a number.

    Raises:
        WrongAnswer: it is something else.
    """
    if isinstance(answer.value, int | float):
        return answer.value
    raise WrongAnswer(answer.says("expected a number."))


def scores_in(answer: Answer, count: int) -> torch.Tensor:
    """Require ten scores for each of some images; they may be NaN.

    Raises:
        WrongAnswer: it is something else.
    """
    value = answer.value
    if isinstance(value, torch.Tensor) and value.is_floating_point() and value.isnan().any():
        answer = replace(answer, value=value.nan_to_num())
    return expect(answer).tensor(shape=(count, 10))
