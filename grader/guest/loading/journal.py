"""What the lab's own parts note down while a submission's code runs.

A recording tells loops apart that leave the same weights. It names mistakes; points it decides only
where the numbers have shown before that something was learned: the submission could write it, too.
"""

from __future__ import annotations

import math
from collections import deque
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeGuard
from unittest import mock

import torch
from torch import nn
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)
from torch.utils.data import DataLoader

from grader.guest.recording.record import Beginning, Pass, Recording
from grader.guest.recording.slopes import (
    Shown,
    Slope,
    behind,
    followed,
    is_cut,
    nodes_of,
    same,
    slope_after,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["JOURNAL", "Journal"]

Taken = ParamSpec("Taken")

MOST_SHOWN = 8  # batches that a model is shown from one backward pass to the next
USUAL_BATCH = 64  # images of a step where no loader was asked for any, and no model


def harmless(note: Callable[Taken, None]) -> Callable[Taken, None]:
    """Let a note fail in silence: whatever a student's tensors are, their code must not notice."""

    @wraps(note)
    def noted(*args: Taken.args, **options: Taken.kwargs) -> None:
        with suppress(Exception):
            note(*args, **options)

    return noted


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
    _labels: torch.Tensor | None = None
    _pass: Pass | None = None
    _depth: int = 0
    _shown: deque[Shown] = field(default_factory=lambda: deque(maxlen=MOST_SHOWN))
    _before: torch.Tensor | None = None
    _waiting: int = 0
    _followed: torch.Tensor | None = None
    _slope: Slope | None = None
    _step: Slope | None = None
    _stepped: bool = False

    def clear(self) -> None:
        """Begin anew."""
        self.notes.clear()
        self.transforms.clear()
        self.recorded = Recording()
        self._batch, self._labels, self._pass = USUAL_BATCH, None, None
        self._shown.clear()
        self._before, self._waiting = None, 0
        self._followed, self._slope = None, None

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
        with ExitStack() as stack:
            replaced: tuple[tuple[type, str, Callable[..., object]], ...] = (
                (torch.optim.Optimizer, "zero_grad", self._clearing),
                (nn.Module, "zero_grad", self._clearing),
                (torch.Tensor, "backward", self._watching),
                (nn.Module, "__call__", self._noting),
                (DataLoader, "__iter__", self._counting),
            )
            for owner, name, made in replaced:
                stack.enter_context(mock.patch.object(owner, name, made(getattr(owner, name))))
            stack.callback(register_optimizer_step_pre_hook(self._before_step).remove)
            stack.callback(register_optimizer_step_post_hook(self._after_step).remove)
            yield

    def _clearing(self, clear: Callable[..., object]) -> Callable[..., object]:
        """Return a method that notes that gradients are cleared."""

        def cleared(owner: object, *args: object, **options: object) -> object:
            self.recorded.event("Z")
            return clear(owner, *args, **options)

        return cleared

    def _counting(self, batches_of: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        """Return a loader's `__iter__` that notes each pass, and the size and labels of a batch."""

        def batches(loader: DataLoader[Any]) -> Iterator[Any]:
            begun = self._pass = self.recorded.passing(length_of(loader))
            for batch in batches_of(loader):
                begun.drawn += 1
                first, *others = batch if isinstance(batch, list | tuple) and batch else [batch]
                if isinstance(first, torch.Tensor) and first.dim():
                    self._batch = len(first)
                self._labels = next((each for each in others if is_labels(each)), None)
                yield batch

        return batches

    def _noting(self, call: Callable[..., object]) -> Callable[..., object]:
        """Return a module's `__call__` that notes what a whole model was given, and gave."""

        def noted(module: nn.Module, *args: object, **options: object) -> object:
            self._depth += 1
            try:
                gave = call(module, *args, **options)
            finally:
                self._depth -= 1
            if not self._depth and args:
                self._keep_shown(args[0], gave)
            return gave

        return noted

    @harmless
    def _keep_shown(self, given: object, output: object) -> None:
        if is_batch(given) and is_batch(output):
            self._shown.append(Shown(given.detach(), output.detach(), output.grad_fn))

    def _watching(self, backward: Callable[..., None]) -> Callable[..., None]:
        """Return a tensor's `backward` that notes what it begins from and what was made of it."""

        def watched(loss: torch.Tensor, *args: object, **options: object) -> None:
            self._before_backward(loss)
            backward(loss, *args, **options)
            self._after_backward()

        return watched

    @harmless
    def _after_backward(self) -> None:
        self._slope, self._stepped = slope_after(self._followed), False

    @harmless
    def _before_backward(self, loss: torch.Tensor) -> None:
        nodes = nodes_of(loss)
        self._followed = followed(nodes)
        self._settle(self._followed)
        self.recorded.counts["cut"] += is_cut(loss, nodes, self._shown)
        shown = behind(nodes, self._shown)
        self._shown.clear()
        if loss.numel() == 1:
            self._begins(loss.item(), shown.output if shown else None)
        if shown and self._before is not None and same(shown.given, self._before):
            self.recorded.counts["repeated"] += 1
        else:
            self._waiting += len(shown.output) if shown else self._batch
        self._before = shown.given.clone() if shown else None  # it may be written over
        self.recorded.event("B")

    def _begins(self, loss: float, output: torch.Tensor | None) -> None:
        self.recorded.begun(loss)
        if output is not None and self._labels is not None and len(output) == len(self._labels):
            self.recorded.begun_at(Beginning(output.clone(), self._labels.clone(), loss))

    def _settle(self, parameter: torch.Tensor | None) -> None:
        """Note what was made of the gradients of the backward pass before."""
        slope = self._slope
        if slope is None or parameter is not slope.parameter:
            self._waiting = 0
            return
        climbed = slope.climbed()
        if not self._stepped and climbed:
            self.recorded.counts["by hand"] += 1
            self._took_step(climbed)
        if self._stepped:
            self.recorded.counts["added"] += slope.is_still_there()
        if slope.is_cleared():
            self.recorded.counts["cleared"] += 1
            self._waiting = 0

    def _took_step(self, climbed: float) -> None:
        self._stepped = True
        self.recorded.examples += self._waiting
        self._waiting = 0
        if self._pass:
            self._pass.steps += 1
        if math.isfinite(climbed):  # what has come to NaN says nothing any more
            self.recorded.event("U" if climbed > 0 else "S")

    @harmless
    def _before_step(self, optimizer: torch.optim.Optimizer, *_: Any) -> None:
        held = [weight for group in optimizer.param_groups for weight in group["params"]]
        moving = (each for each in reversed(held) if each.grad is not None and each.grad.any())
        self._step = slope_after(next(moving, None))

    @harmless
    def _after_step(self, *_: Any) -> None:
        if self._step is None:
            self.recorded.event("s")
            return
        self._took_step(self._step.climbed())


def length_of(loader: DataLoader[Any]) -> int:
    """Return how many batches a loader has, 0 where it can't say."""
    try:
        return len(loader)
    except Exception:  # noqa: BLE001 - of a dataset or a sampler of the student's
        return 0


def is_batch(value: object) -> TypeGuard[torch.Tensor]:
    """Whether a value is a tensor of rows."""
    return isinstance(value, torch.Tensor) and value.dim() > 1


def is_labels(value: object) -> TypeGuard[torch.Tensor]:
    """Whether a value is a row of whole numbers."""
    return isinstance(value, torch.Tensor) and value.dim() == 1 and not value.is_floating_point()


JOURNAL = Journal()
