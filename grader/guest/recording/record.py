"""What a recording says of a training."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

__all__ = ["MAX_LOSSES", "Beginning", "Pass", "Recording"]

MAX_LOSSES = 20_000  # of a training; five epochs over 60,000 images have 4,690
MAX_EVENTS = 64  # enough to see a loop's period; later ones, of weights gone to NaN, say little
MAX_PASSES = 2_000  # through a loader; a loop that begins one for each batch has 1,525
MAX_BEGINNINGS = 2  # as many numbers as a mistake must account for to be named


@dataclass
class Pass:
    """A pass through a loader.

    Attributes:
        batches: how many the loader has, 0 where it can't say.
        drawn: how many of them were taken out.
        steps: how many steps were taken before the next pass began.
    """

    batches: int
    drawn: int = 0
    steps: int = 0


@dataclass(frozen=True)
class Beginning:
    """Where a backward pass began.

    Attributes:
        output: (n, classes), what the model gave last.
        labels: (n,), those that came last out of a loader.
        loss: what `backward` was called on.
    """

    output: torch.Tensor
    labels: torch.Tensor
    loss: float


@dataclass
class Recording:
    """What happened to gradients and weights.

    Attributes:
        events: the first ones: Z (gradients cleared), B (backward pass), S (a step down the
            gradient), U (a step up), s (a step that found no gradient, or zeros).
        counts: how many there were of each; of the steps those "by hand", without an optimizer;
            of the backward passes those that were "repeated" (the model had been given the same
            numbers as for the one before), "cut" off from the model, "added" to gradients that a
            step had used, or that found those of the one before "cleared".
        losses: what each backward pass began from, for the report's picture.
        examples: how many the steps with a gradient were taken on; a batch that is repeated at once
            counts once.
        passes: the first ones through loaders.
        beginnings: of the first backward passes.
    """

    events: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    losses: list[float] = field(default_factory=list)
    examples: int = 0
    passes: list[Pass] = field(default_factory=list)
    beginnings: list[Beginning] = field(default_factory=list)

    @property
    def loops(self) -> bool:
        """Whether there was more than one backward pass, or more than one step."""
        return self.counts["B"] > 1 or sum(self.counts[step] for step in "SUs") > 1

    def event(self, event: str) -> None:
        """Note one more."""
        if len(self.events) < MAX_EVENTS:
            self.events += event
        self.counts[event] += 1

    def begun(self, loss: float) -> None:
        """Note what a backward pass begins from."""
        if len(self.losses) < MAX_LOSSES:
            self.losses.append(loss)

    def begun_at(self, beginning: Beginning) -> None:
        """Note where it begins."""
        if len(self.beginnings) < MAX_BEGINNINGS:
            self.beginnings.append(beginning)

    def passing(self, batches: int) -> Pass:
        """Note a pass through a loader, and return it."""
        begun = Pass(batches)
        if len(self.passes) < MAX_PASSES:
            self.passes.append(begun)
        return begun

    def followed_by(self, other: Recording) -> Recording:
        """Return both, one after the other."""
        return Recording(
            (self.events + other.events)[:MAX_EVENTS],
            self.counts + other.counts,
            (self.losses + other.losses)[:MAX_LOSSES],
            self.examples + other.examples,
            (self.passes + other.passes)[:MAX_PASSES],
            (self.beginnings + other.beginnings)[:MAX_BEGINNINGS],
        )
