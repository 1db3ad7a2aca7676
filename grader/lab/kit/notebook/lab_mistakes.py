"""Name the mistakes behind what a notebook's answer cells leave."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

from grader.suite import difference
from kit.digits import FIVE_EPOCHS
from kit.notebook.lab_training import are_shares, fitting_loss, names_in, number_in

if TYPE_CHECKING:
    from grader.suite import Answer

__all__ = ["head_mistake", "held_mistake", "loss_mistakes", "why_too_few", "why_untrained"]

ENOUGH = 2  # batches that must agree with a name
FIVE = 5  # passes through the loader
CLOSE = 1e-4  # float32 means of 64 numbers
LESSON_RATE = 0.003
CLEARED_TOO_LATE = "BZs"  # backward pass, gradients cleared, a step without any


def head_mistake(given: torch.Tensor, scores: object) -> str | None:
    """Name the mistake behind outputs (n, 10) that are no log-probabilities.

    Args:
        given: what the model gives.
        scores: what its last linear layer gives, if it has one.
    """
    along_rows, along_columns = (are_shares(given.exp(), dim) for dim in (1, 0))
    if along_rows:
        return None
    if along_columns:
        return "log-softmax-over-batch"
    if are_shares(given, dim=1):
        return "softmax-without-log"
    if are_shares(given, dim=0):
        return "softmax-over-batch"
    if isinstance(scores, torch.Tensor) and not difference(given, scores):
        return "scores-not-log-probabilities"
    return None


def loss_mistakes(
    given: torch.Tensor, labels: torch.Tensor, loss: object, head: str | None
) -> dict[str, torch.Tensor]:
    """Return what mistakes make of the loss of outputs (n, 10).

    Args:
        given: the outputs, of the kind that the model gives.
        labels: (n,) true classes.
        loss: what the criterion makes of them.
        head: the mistake behind their kind, if they are no log-probabilities.
    """
    each = -given[torch.arange(len(labels)), labels]
    right = fitting_loss(given, labels)
    mistakes = {"loss-summed-over-batch": right * len(labels), "minus-sign-missing": -right}
    if head is None:
        return mistakes | {"loss-of-each-image": each}
    as_scores = F.cross_entropy(given, labels)  # CrossEntropyLoss takes anything for scores,
    as_log_probabilities = each.mean()  # and NLLLoss for log-probabilities
    taken_so = difference(loss, as_scores) is None
    return mistakes | {head: as_scores if taken_so else as_log_probabilities}


def held_mistake(answer: Answer) -> str | None:
    """Name the mistake behind an optimizer that does not hold what it should."""
    names, held = names_in(answer["parameters"]), names_in(answer["held"])
    if not held:
        return "optimizer-of-another-model"
    return "last-layer-only" if held == names[-2:] != names else None


def losses_in(answer: Answer) -> list[float]:
    """Return what the backward passes began from, as means of parts of the training."""
    losses = answer["losses"].value
    return [loss for loss in losses if isinstance(loss, float)] if isinstance(losses, list) else []


def grew(answer: Answer) -> bool:
    """Whether the loss ends above the first one or in NaN, at a larger rate than the lesson's."""
    losses, first = losses_in(answer), number_in(answer["first_loss"])
    fell = bool(losses) and losses[-1] <= first
    return bool(losses) and not fell and number_in(answer["rate"]) > LESSON_RATE


def fell_slowly(answer: Answer) -> bool:
    """Whether the loss fell in all epochs, by steps at a smaller rate than the lesson's."""
    losses = losses_in(answer)
    half = len(losses) // 2  # a part by itself may lie higher by chance than such steps lead down
    falls = half > 0 and sum(losses[-half:]) < sum(losses[:half])
    slow = 0 < number_in(answer["rate"]) < LESSON_RATE
    return falls and slow and number_in(answer["epochs"]) >= FIVE_EPOCHS


def loss_mistake(answer: Answer) -> str | None:
    """Name what was made of the right loss before the first backward passes began from it."""
    beginnings = answer["beginnings"].value
    if not isinstance(beginnings, list) or len(beginnings) != ENOUGH:
        return None
    found = set.intersection(
        *(slugs_of(answer["beginnings"][place]) for place in range(len(beginnings)))
    )
    return next(iter(found), None)


def slugs_of(beginning: Answer) -> set[str]:
    """Name what fits the loss of one batch."""
    output, labels = (beginning[key].value for key in ("output", "labels"))
    if not are_of_one_batch(output, labels):
        return set()
    right = fitting_loss(output, labels).item()
    wrong = {
        "minus-sign-twice": -right,
        "loss-summed-over-batch": right * len(labels),
        "mean-taken-twice": right / len(labels),
    }
    loss = number_in(beginning["loss"])
    return {slug for slug, value in wrong.items() if math.isclose(loss, value, rel_tol=CLOSE)}


def are_of_one_batch(output: object, labels: object) -> bool:
    """Whether these are scores (n, classes) and the labels (n,) of some of these classes."""
    if not isinstance(output, torch.Tensor) or not isinstance(labels, torch.Tensor):
        return False
    fitting = output.dim() == 2 and output.is_floating_point() and labels.dtype == torch.int64
    if not fitting or labels.shape != output.shape[:1] or len(labels) < ENOUGH:
        return False
    return bool(((labels >= 0) & (labels < output.shape[1])).all())


def batches_mistake(answer: Answer) -> str | None:
    """Name the mistake behind steps that were not taken on each batch of an epoch, one by one."""
    backwards, passes, cleared = (
        number_in(answer[key]) for key in ("backward passes", "passes", "cleared")
    )
    once = number_in(answer["passes of one step"]) == passes > 0
    rules = {
        "same-batch-again": number_in(answer["repeated"]) >= backwards - 1 > 0,
        "first-batch-only": number_in(answer["passes of one batch"]) == passes > 0,
        "one-step-an-epoch": once and cleared > passes,  # each batch's gradients but the last's
    }
    return next((slug for slug, seen in rules.items() if seen), None)


def clearing_mistake(answer: Answer) -> str | None:
    """Name the mistake behind gradients that add up."""
    added, cleared = (number_in(answer[key]) for key in ("added", "cleared"))
    if not added:
        return None
    once_an_epoch = cleared == number_in(answer["passes"]) - 1 > 0
    return "cleared-once-an-epoch" if once_an_epoch else None if cleared else "gradients-add-up"


def why_untrained(answer: Answer) -> str | None:
    """Name the mistake behind a model that has not learned, from what was recorded."""
    stepped = number_in(answer["steps"]) + number_in(answer["empty steps"])
    if stepped > number_in(answer["by hand"]) and (slug := held_mistake(answer)):
        return slug
    return stepping_mistake(answer) or (taught_wrongly(answer) if answer["steps"].value else None)


def stepping_mistake(answer: Answer) -> str | None:
    """Name the mistake behind weights that do not move, or move the wrong way."""
    events = answer["events"].text
    steps, empty, backwards, cut = (
        number_in(answer[key]) for key in ("steps", "empty steps", "backward passes", "cut")
    )
    if steps:
        return "step-uphill" if events.count("U") > events.count("S") else None
    rules = {
        "graph-cut-and-flag-set": cut == backwards > 0,
        "backward-never-called": empty > 0 == backwards,
        "step-not-taken": backwards > 0 == empty,
        "step-before-backward": "s" in events.partition("B")[0],
        "gradients-gone-before-the-step": CLEARED_TOO_LATE in events,
    }
    return next((slug for slug, seen in rules.items() if seen), None)


def taught_wrongly(answer: Answer) -> str | None:
    """Name the mistake behind steps that have taught the model nothing."""
    rates = {  # last: a loss that has no bottom, or gradients that add up, grow at any rate
        "learning-rate-too-large": grew(answer),
        "learning-rate-too-small": fell_slowly(answer),
    }
    return (
        loss_mistake(answer)
        or batches_mistake(answer)
        or clearing_mistake(answer)
        or next((slug for slug, seen in rates.items() if seen), None)
    )


def why_too_few(answer: Answer) -> str | None:
    """Name the mistake behind a model that has learned, but from less than five epochs."""
    passes = number_in(answer["passes"])
    return batches_mistake(answer) or ("too-few-epochs" if passes < FIVE else None)
