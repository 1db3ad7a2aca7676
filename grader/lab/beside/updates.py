"""A model in blocks, and what a training step by hand did, in the order in which it did it."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from torch import nn

from grader.guest.probing import lent, network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import torch

__all__ = ["Nested", "noted_passes", "noted_updates"]


class Nested(nn.Module):
    """Three layers, one of them in a block inside a block."""

    def __init__(self, weights: list[torch.Tensor]) -> None:
        super().__init__()
        first, _, second, _, third, _ = network(weights)
        self.body = nn.Sequential(first, nn.Sequential(nn.ReLU(), second))
        self.head = third

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Run all three layers."""
        scores: torch.Tensor = self.head(self.body(features))
        return scores


def noted_passes(model: nn.Module, trace: list[str]) -> nn.Module:
    """Note a B for each backward pass of a model."""
    *_, last = model.parameters()
    last.register_post_accumulate_grad_hook(lambda _: trace.append("B"))
    return model


@contextmanager
def noted_updates(student: Any, trace: list[str]) -> Iterator[None]:
    """Note a U for each call of `update_parameters` that finds a gradient, a u for the others."""
    update: Callable[..., object] | None = None
    with suppress(Exception):  # a submission need not have it
        update = student.update_parameters
    if update is None:
        yield
        return

    def noting(model: nn.Module, *given: Any, **named: Any) -> object:
        slopes = [parameter.grad for parameter in model.parameters()]
        found = any(slope is not None and bool(slope.any()) for slope in slopes)
        trace.append("U" if found else "u")
        return update(model, *given, **named)

    with lent(student, "update_parameters", noting):
        yield
