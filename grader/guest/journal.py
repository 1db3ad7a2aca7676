"""What the lab's own parts note down while a submission's code runs.

A recording tells loops apart that leave the same weights. It helps to name a mistake and decides
no points: the submission could write it, too.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest import mock

import torch
from torch import nn
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Step = tuple[torch.Tensor, torch.Tensor, torch.Tensor]

__all__ = ["JOURNAL", "Journal"]

MAX_LOSSES = 20_000  # of a training; the lab takes 1,525 steps, and real MNIST 4,690
MAX_EVENTS = 64  # enough to see a loop's period; later ones, of weights gone to NaN, say little


@dataclass
class Journal:
    """Notes of one load.

    Attributes:
        notes: sentences for the report.
        transforms: what the notebook gave its datasets, in order: whether for training, and the
            transform, None where it gave none.
        events: the first ones: Z (gradients cleared), B (backward pass), S (a step down the
            gradient), U (a step up), s (a step that found no gradient, or zeros).
        counts: how many there were of each.
        first_loss: what the first backward pass began from, or 0.
        losses: what each backward pass began from, for the report's picture.
    """

    notes: list[str] = field(default_factory=list)
    transforms: list[tuple[bool, Callable[..., object] | None]] = field(default_factory=list)
    events: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    first_loss: float = 0.0
    losses: list[float] = field(default_factory=list)
    _step: Step | None = None

    def clear(self) -> None:
        """Begin anew."""
        self.notes.clear()
        self.transforms.clear()
        self.forget_events()

    def forget_events(self) -> None:
        """Begin the recording anew."""
        self.events = ""
        self.counts.clear()
        self.first_loss = 0.0
        self.losses.clear()

    def note(self, sentence: str) -> None:
        """Note a sentence, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def transform(self) -> Callable[..., object] | None:
        """Return the last training set's transform, or the last dataset's."""
        training = [transform for train, transform in self.transforms if train]
        every = [transform for _, transform in self.transforms]
        return next(reversed(training or every), None)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record what happens to gradients and weights meanwhile."""
        owners = ((torch.optim.Optimizer, "zero_grad"), (nn.Module, "zero_grad"))
        with ExitStack() as stack:
            for owner, name in owners:
                told = telling(getattr(owner, name), lambda _: self._happened("Z"))
                stack.enter_context(mock.patch.object(owner, name, told))
            told = telling(torch.Tensor.backward, self._backward)
            stack.enter_context(mock.patch.object(torch.Tensor, "backward", told))
            stack.callback(register_optimizer_step_pre_hook(self._before_step).remove)
            stack.callback(register_optimizer_step_post_hook(self._after_step).remove)
            yield

    def _happened(self, event: str) -> None:
        if len(self.events) < MAX_EVENTS:
            self.events += event
        self.counts[event] += 1

    def _backward(self, loss: torch.Tensor) -> None:
        if loss.numel() == 1 and len(self.losses) < MAX_LOSSES:
            self.losses.append(loss.item())
            self.first_loss = self.losses[0]
        self._happened("B")

    def _before_step(self, optimizer: torch.optim.Optimizer, *_: Any) -> None:
        self._step = None
        held = [weight for group in optimizer.param_groups for weight in group["params"]]
        for weight in reversed(held):
            if weight.grad is not None and weight.grad.any():
                self._step = (weight, weight.detach().clone(), weight.grad.clone())
                break

    def _after_step(self, *_: Any) -> None:
        if self._step is None:
            self._happened("s")
            return
        weight, before, slope = self._step
        along = ((weight.detach() - before) * slope).sum()
        if along.isfinite():  # what has come to NaN says nothing any more
            self._happened("U" if along > 0 else "S")


def telling(method: Callable[..., object], tell: Callable[[Any], None]) -> Callable[..., object]:
    """Return a method that tells of each call, and on what object, before it runs."""

    def told(self: object, *args: object, **options: object) -> object:
        tell(self)
        return method(self, *args, **options)

    return told


JOURNAL = Journal()
