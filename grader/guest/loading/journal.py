"""What the lab's own parts note down while a submission's code runs.

A recording tells loops apart that leave the same weights. It names mistakes; points it decides only
where the numbers have shown before that something was learned: the submission could write it, too.
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
from torch.utils.data import DataLoader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Step = tuple[torch.Tensor, torch.Tensor, torch.Tensor]

__all__ = ["JOURNAL", "Journal", "Recording"]

MAX_LOSSES = 20_000  # of a training; five epochs over 60,000 images have 4,690
MAX_EVENTS = 64  # enough to see a loop's period; later ones, of weights gone to NaN, say little
USUAL_BATCH = 64  # images of a step where no loader was asked for any


@dataclass
class Recording:
    """What happened to gradients and weights.

    Attributes:
        events: the first ones: Z (gradients cleared), B (backward pass), S (a step down the
            gradient), U (a step up), s (a step that found no gradient, or zeros).
        counts: how many there were of each.
        losses: what each backward pass began from, for the report's picture.
        examples: how many the steps with a gradient were taken on, one that came twice counted
            twice.
    """

    events: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    losses: list[float] = field(default_factory=list)
    examples: int = 0

    @property
    def loops(self) -> bool:
        """Whether there was more than one backward pass, or more than one step."""
        return self.counts["B"] > 1 or sum(self.counts[step] for step in "SUs") > 1

    def event(self, event: str) -> None:
        """Note one more."""
        if len(self.events) < MAX_EVENTS:
            self.events += event
        self.counts[event] += 1

    def followed_by(self, other: Recording) -> Recording:
        """Return both, one after the other."""
        return Recording(
            (self.events + other.events)[:MAX_EVENTS],
            self.counts + other.counts,
            (self.losses + other.losses)[:MAX_LOSSES],
            self.examples + other.examples,
        )


@dataclass
class Journal:
    """Notes of one load.

    Attributes:
        notes: sentences for the report.
        transforms: what the notebook gave its datasets, in order: whether for training, and the
            transform, None where it gave none.
        recorded: what happened since the recording was begun.
    """

    notes: list[str] = field(default_factory=list)
    transforms: list[tuple[bool, Callable[..., object] | None]] = field(default_factory=list)
    recorded: Recording = field(default_factory=Recording)
    _batch: int = USUAL_BATCH
    _step: Step | None = None

    def clear(self) -> None:
        """Begin anew."""
        self.notes.clear()
        self.transforms.clear()
        self.recorded = Recording()
        self._batch = USUAL_BATCH

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
                told = telling(getattr(owner, name), lambda _: self.recorded.event("Z"))
                stack.enter_context(mock.patch.object(owner, name, told))
            told = telling(torch.Tensor.backward, self._backward)
            stack.enter_context(mock.patch.object(torch.Tensor, "backward", told))
            counted = self._counting(DataLoader.__iter__)
            stack.enter_context(mock.patch.object(DataLoader, "__iter__", counted))
            stack.callback(register_optimizer_step_pre_hook(self._before_step).remove)
            stack.callback(register_optimizer_step_post_hook(self._after_step).remove)
            yield

    def _counting(self, batches_of: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        """Return a loader's `__iter__` that notes the size of each batch."""

        def batches(loader: DataLoader[Any]) -> Iterator[Any]:
            for batch in batches_of(loader):
                first = batch[0] if isinstance(batch, list | tuple) and batch else batch
                if isinstance(first, torch.Tensor) and first.dim():
                    self._batch = len(first)
                yield batch

        return batches

    def _backward(self, loss: torch.Tensor) -> None:
        if loss.numel() == 1 and len(self.recorded.losses) < MAX_LOSSES:
            self.recorded.losses.append(loss.item())
        self.recorded.event("B")

    def _before_step(self, optimizer: torch.optim.Optimizer, *_: Any) -> None:
        self._step = None
        held = [weight for group in optimizer.param_groups for weight in group["params"]]
        for weight in reversed(held):
            if weight.grad is not None and weight.grad.any():
                self._step = (weight, weight.detach().clone(), weight.grad.clone())
                break

    def _after_step(self, *_: Any) -> None:
        if self._step is None:
            self.recorded.event("s")
            return
        weight, before, slope = self._step
        self.recorded.examples += self._batch
        along = ((weight.detach() - before) * slope).sum()
        if along.isfinite():  # what has come to NaN says nothing any more
            self.recorded.event("U" if along > 0 else "S")


def telling(method: Callable[..., object], tell: Callable[[Any], None]) -> Callable[..., object]:
    """Return a method that tells of each call, and on what object, before it runs."""

    def told(self: object, *args: object, **options: object) -> object:
        tell(self)
        return method(self, *args, **options)

    return told


JOURNAL = Journal()
