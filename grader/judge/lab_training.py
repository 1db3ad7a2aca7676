"""What the hidden tests and the public checks of lab_training have in common."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional as F

from grader.errors import WrongAnswer
from grader.guest.lab_names import as_seen, events, holdings, last_scores, model_of, output
from grader.guest.probing import attempt
from grader.judge.expect import expect
from grader.judge.suite import probe

if TYPE_CHECKING:
    from grader.judge.student import Answer

__all__ = [
    "are_shares",
    "criterion_values",
    "fitting_loss",
    "model_output",
    "names_in",
    "number_in",
    "pixels",
    "scores_in",
    "trained_output",
    "what_is_held",
]

CLOSE = 1e-4  # float32 sums of ten exponentials


@probe("model(images)")
def model_output(student: Any, images: torch.Tensor) -> object:
    """Run the notebook's model, and say what its last linear layer gives."""
    model = model_of(student)
    return {"output": output(model, images), "scores": last_scores(model, images)}


@probe("criterion(model(images), labels)")
def criterion_values(student: Any, images: torch.Tensor, labels: torch.Tensor) -> object:
    """Measure the loss of the notebook's model with the notebook's criterion."""
    model, criterion = model_of(student), student["criterion"]
    given = output(model, images)
    targets = labels.to(given.device)
    loss = attempt(
        lambda: criterion(given, targets),
        {"squared-error-for-classes": lambda: criterion(given, F.one_hot(targets, 10).to(given))},
    )
    return {"output": given, "scores": last_scores(model, images), "loss": loss}


@probe("optimizer")
def what_is_held(student: Any) -> object:
    """Compare what the optimizer holds with what the model has."""
    return holdings(student)


@probe("model(images)")
def trained_output(student: Any, images: torch.Tensor) -> object:
    """Show the trained model digits as its training set would, and say what was recorded."""
    held: dict[str, object] = {"held": [], "others": 0}
    with suppress(Exception):  # there need not be an optimizer
        held = holdings(student)
    return {"output": output(model_of(student), as_seen(images)), **held, **events()}


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


def names_in(answer: Answer) -> list[str]:
    """Require a list of strings.

    Raises:
        WrongAnswer: it is something else.
    """
    value = answer.value
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return value
    raise WrongAnswer(f"{answer.words}: expected a list of names.")


def number_in(answer: Answer) -> float:
    """Require a number.

    Raises:
        WrongAnswer: it is something else.
    """
    if isinstance(answer.value, int | float):
        return answer.value
    raise WrongAnswer(f"{answer.words}: expected a number.")


def scores_in(answer: Answer, count: int) -> torch.Tensor:
    """Require ten scores for each of some images; they may be NaN.

    Raises:
        WrongAnswer: it is something else.
    """
    value = answer.value
    if isinstance(value, torch.Tensor) and value.is_floating_point() and value.isnan().any():
        answer = replace(answer, value=value.nan_to_num())
    return expect(answer).tensor(shape=(count, 10))
