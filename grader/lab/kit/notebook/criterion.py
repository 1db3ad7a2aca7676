"""What checks and hidden tests both ask of the notebook's criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.suite import expect_each
from kit.notebook.lab_mistakes import head_mistake, loss_mistakes
from kit.notebook.lab_training import criterion_value, fitting_loss, given_alike, pixels

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from grader.suite import Student

__all__ = ["expect_fitting_criterion"]


def expect_fitting_criterion(
    student: Student,
    output: torch.Tensor,
    scores: object,
    batches: Sequence[torch.Tensor],
    seed: int,
) -> None:
    """Require the mean cross-entropy of some batches' labels under what the model gives.

    Args:
        student: whose criterion it is.
        output: (n, 10), what the model gives for some images.
        scores: what its last linear layer gives for them, if it has one.
        batches: the labels (n,) of each batch.
        seed: of the first batch's outputs; the next ones' follow it.

    Raises:
        WrongAnswer: the criterion measures something else.
    """
    head = head_mistake(output, scores)
    outputs = [
        given_alike(output, pixels(seed=own, count=len(labels))[:, :10] / 20)
        for own, labels in enumerate(batches, start=seed)
    ]
    losses = [criterion_value(student, *batch) for batch in zip(outputs, batches, strict=True)]
    known = [
        loss_mistakes(given, labels, loss.value, head)
        for given, labels, loss in zip(outputs, batches, losses, strict=True)
    ]
    expect_each(
        lambda place: losses[place],
        [(place,) for place in range(len(batches))],
        right=lambda place: fitting_loss(outputs[place], batches[place]),
        mistakes={
            slug: lambda place, slug=slug: known[place][slug]
            for slug in known[0]  # each has the same ones
        },
    )
