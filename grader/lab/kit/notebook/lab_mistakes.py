"""Name the mistakes behind what a notebook's answer cells leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

from grader.suite import difference
from kit.digits import FIVE_EPOCHS
from kit.notebook.lab_training import are_shares, fitting_loss, names_in, number_in

if TYPE_CHECKING:
    from grader.suite import Answer

__all__ = ["head_mistake", "held_mistake", "loss_mistakes", "why_untrained"]

FEW_STEPS = 32  # five epochs take 1,525
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


def why_untrained(answer: Answer) -> str | None:
    """Name the mistake behind a model that has not learned, from what was recorded."""
    events, steps = answer["events"].text, number_in(answer["steps"])
    found_gradients = "S" in events or "U" in events
    passes = number_in(answer["backward passes"])
    rules = {
        "step-uphill": events.count("U") > events.count("S"),
        "minus-sign-twice": number_in(answer["first_loss"]) < -1,
        "backward-never-called": "s" in events and "B" not in events,
        "step-not-taken": "B" in events and "s" not in events and not found_gradients,
        "step-before-backward": not found_gradients and "s" in events.partition("B")[0],
        "gradients-gone-before-the-step": not found_gradients and CLEARED_TOO_LATE in events,
        "first-batch-only": found_gradients and max(steps, passes) < FEW_STEPS,
        # last: a loss that the steps raise, or that has no bottom, grows at any rate
        "learning-rate-too-large": found_gradients and grew(answer),
        "learning-rate-too-small": found_gradients and fell_slowly(answer),
    }
    mistakes = [slug for slug, seen in rules.items() if seen]
    stepped = found_gradients or "s" in events
    return (held_mistake(answer) if stepped else None) or next(iter(mistakes), None)
