"""The last step of a model: what known mistakes make of the scores that its last layer gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

from grader.suite import difference

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Step = Callable[[Tensor], Tensor]
    Heads = Mapping[str, Sequence[Step]]

__all__ = ["BINARY_HEADS", "CLASS_HEADS", "NUMBER_HEADS", "head_mistake", "mostly_sure"]


def over_classes(scores: Tensor) -> Tensor:
    """Give probabilities (…, n, classes) that add up to 1 in each row."""
    return scores.softmax(-1)


def over_batch(scores: Tensor) -> Tensor:
    """Give what adds up to 1 in each column."""
    return scores.softmax(-2)


def over_all(scores: Tensor) -> Tensor:
    """Give what adds up to 1 in each batch."""
    return scores.flatten(-2).softmax(-1).view_as(scores)


def after(first: Step, then: Step) -> Step:
    """Give what two steps make of scores, one after the other."""
    return lambda scores: then(first(scores))


def quotient(scores: Tensor) -> Tensor:
    """Divide exp of each score by their sum, as they are."""
    return scores.exp() / scores.exp().sum(-1, keepdim=True)


def divided_by_their_sum(scores: Tensor) -> Tensor:
    """Divide the sigmoid of each score by the sum of those of its row."""
    return scores.sigmoid() / scores.sigmoid().sum(-1, keepdim=True)


def unchanged(scores: Tensor) -> Tensor:
    """Give the scores."""
    return scores


# Of one score for each example, the softmax is 1.
NUMBER_HEADS: Heads = {
    "softmax-of-one-score": [over_classes],
    "softmax-over-batch": [over_batch],
    "sigmoid-on-the-answer": [torch.sigmoid],
    "tanh-on-the-answer": [torch.tanh],
    "relu-on-the-answer": [torch.relu],
}
BINARY_HEADS: Heads = {
    "softmax-of-one-score": [over_classes],
    "softmax-over-batch": [over_batch],
    "score-not-probability": [unchanged],
    "log-of-the-probability": [F.logsigmoid],
    "tanh-for-a-probability": [torch.tanh],
    "relu-on-the-answer": [torch.relu],
    "decision-not-probability": [lambda scores: (scores > 0).to(scores.dtype)],
    "squashed-twice": [after(step, torch.sigmoid) for step in (torch.sigmoid, torch.tanh)],
    "relu-before-sigmoid": [after(torch.relu, torch.sigmoid)],
}
CLASS_HEADS: Heads = {
    "softmax-over-batch": [over_batch],
    "shares-of-the-whole-batch": [over_all],
    "scores-not-shares": [unchanged],
    "log-of-the-probability": [lambda scores: scores.log_softmax(-1)],
    "sigmoid-for-each-class": [torch.sigmoid],
    "sigmoids-divided-by-their-sum": [divided_by_their_sum],
    "squashed-twice": [
        after(step, over_classes) for step in (over_classes, torch.sigmoid, torch.tanh)
    ],
}
SURE = 1 / 3  # of the rows have a probability near 1; at least 3 of 4 do behind a softmax
# Where an answer holds NaN or infinity, these did it.
LOST: Sequence[Step] = [quotient, torch.exp, lambda scores: scores.exp() / (1 + scores.exp())]


def head_mistake(came: object, scores: object, heads: Heads) -> str | None:
    """Name the last step that makes of the scores what came; nothing where none does, or two do.

    Args:
        came: a model's answers (…, n, outputs).
        scores: what its last linear layer gave for them, if it has one: the submission's own word.
        heads: slug to the steps that show this mistake.
    """
    if not isinstance(came, Tensor) or not isinstance(scores, Tensor):
        return None
    if came.shape != scores.shape or came.dtype != scores.dtype or came.dim() < 2:
        return None
    if not scores.isfinite().all():  # lost before the last step
        return None
    if not came.isfinite().all():
        return "exp-of-large-scores" if any(lost_alike(came, by(scores)) for by in LOST) else None
    fitting = [
        slug
        for slug, steps in heads.items()
        if any(difference(came, step(scores)) is None for step in steps)
    ]
    return fitting[0] if len(fitting) == 1 else None


def mostly_sure(values: Tensor) -> bool:
    """Whether a good part of the rows of probabilities (…, classes) have one that is near 1."""
    return (values.amax(-1) > 0.9).double().mean().item() > SURE


def lost_alike(came: Tensor, mistaken: Tensor) -> bool:
    """Whether the same numbers are NaN and infinite in two tensors, and the others are near."""
    places = came.isfinite()
    if not torch.equal(places, mistaken.isfinite()):
        return False
    lost = torch.equal(came[~places].nan_to_num(), mistaken[~places].nan_to_num())
    return lost and difference(came[places], mistaken[places]) is None
