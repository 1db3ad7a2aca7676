"""What both suites ask of an optimizer that a student builds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from grader.guest.probing import (
    attempt,
    named_layers,
    network,
    parameter_values,
    set_gradients,
    unfit,
)
from grader.suite import probe

if TYPE_CHECKING:
    from kit.loop.trajectory import Tensors

__all__ = ["optimizer_steps"]


class ParametersWhenIterated(nn.Sequential):
    """A model that can be handed to an optimizer in the place of its parameters."""

    def __iter__(self) -> Any:
        """Give the parameters."""
        return self.parameters()


def optimizer_of(student: Any, model: nn.Module, lr: float) -> torch.optim.Optimizer:
    """Let the student build an optimizer.

    Raises:
        RejectedError: what came back is no optimizer.
    """

    def build_for_iterable() -> None:
        model.__class__ = ParametersWhenIterated
        student.build_optimizer(model, lr)

    optimizer = attempt(
        lambda: student.build_optimizer(model, lr),
        {"model-instead-of-parameters": build_for_iterable},
    )
    if isinstance(optimizer, torch.optim.Optimizer):
        return optimizer
    raise unfit(optimizer, "an optimizer of torch.optim")


@probe("build_optimizer(model, lr), and its steps,")
def optimizer_steps(student: Any, weights: Tensors, gradients: list[Tensors], lr: float) -> object:
    """Let the student's optimizer take a step by each of some gradients."""
    model = network(weights)
    optimizer = optimizer_of(student, model, lr)
    for slopes in gradients:
        set_gradients(model, slopes)
        optimizer.step()
    return named_layers(parameter_values(model))
