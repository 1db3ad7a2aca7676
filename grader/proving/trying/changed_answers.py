"""The solution's answers with their numbers changed: what a suite then names, it names by a range.

A known mistake gives one answer. Where a test gives the same name to several that differ, whoever
is wrong in another way may get it, too. Nothing of the solution runs again for it: what it gave is
kept, and a test is asked with that.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from msgspec.structs import replace

from grader.guest.crossing.values import ForeignError, WireError, pack_strictly, unpack
from grader.guest.crossing.wire import Returned, frame
from grader.proving.rules import Breach, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.asking.refusals import Channel
    from grader.courses import Exercise
    from grader.errors import SubmissionError
    from grader.guest.crossing.wire import Reply, Request
    from grader.judge.plugin import Attempt, SuiteRunner

    Change = Callable[[torch.Tensor], torch.Tensor]

__all__ = ["Recorded", "ranges"]


def _with_noise(seed: int, values: torch.Tensor) -> torch.Tensor:
    noise = torch.randn(values.shape, generator=torch.Generator().manual_seed(seed))
    spread = values.detach().double().abs().nan_to_num().mean() if values.numel() else 0.0
    return values + (noise * (0.1 + spread)).to(values)


def _with_a_nan(values: torch.Tensor) -> torch.Tensor:
    first = torch.arange(values.numel(), device=values.device).reshape(values.shape) == 0
    return values.masked_fill(first, math.nan)


WAYS: dict[str, Change] = {
    "a hundredth of the right one": lambda values: values * 0.01,
    "twice the right one": lambda values: values * 2,
    "the right one less a half": lambda values: values - 0.5,
    "the right one with noise": partial(_with_noise, 1),
    "zeros": torch.zeros_like,
    "NaN": lambda values: torch.full_like(values, math.nan),
}
MORE_WAYS: dict[str, Change] = {
    "a thousandth of the right one": lambda values: values * 0.001,
    "a tenth of the right one": lambda values: values * 0.1,
    "ten times the right one": lambda values: values * 10,
    "the right one with other noise": partial(_with_noise, 2),
    "the sigmoid of the right one": torch.sigmoid,
    "the right one with one NaN": _with_a_nan,
}


def ranges(runner: SuiteRunner, exercise: Exercise, attempt: Recorded) -> Iterator[Breach]:
    """Give the names that tests give to several answers that differ.

    Tests that name nothing are tried in some ways only: to compute what they compare with takes
    most of the time.

    Args:
        runner: of the exercise's suites.
        exercise: whose tests are run.
        attempt: the solution; what it has given is changed.
    """
    named: dict[tuple[str, str], list[tuple[str, list[bytes]]]] = {}
    naming: set[str] = set()
    for way, change in (WAYS | MORE_WAYS).items():
        attempt.change = change
        only = None if way in WAYS else set(naming)
        for public in (False, True):
            for ran in runner.run_each(exercise, attempt, public=public, only=only):
                if slug := ran.result.mistake:
                    naming.add(ran.result.name)
                    test = f"{ran.result.name} (public)" if public else ran.result.name
                    named.setdefault((test, slug), []).append((way, attempt.gave))
    for (test, slug), given in named.items():
        (way, first), *others = given
        other = next((words for words, gave in others if _differ(first, gave)), None)
        if other:
            words = f"{test}: {slug} is named for different answers: {way}, and {other}"
            yield Breach(Rule.RANGE, slug, words)


def _differ(some: list[bytes], others: list[bytes]) -> bool:
    """Whether two tests were given something else, as far as both have asked."""
    return any(one != other for one, other in zip(some, others, strict=False))


class Recorded:
    """A submission whose replies are kept, to be given again, changed or not.

    Attributes:
        device: where its tensors are.
        cell_error: what the judged cell has raised.
        change: what becomes of the numbers in them, if anything does.
        gave: what one test was given of it, each as it crosses.
    """

    discretion = None

    def __init__(self, attempt: Attempt) -> None:
        self.device = attempt.device
        self.cell_error: SubmissionError | None = None
        self._attempt = attempt
        self._replies: dict[tuple[str, bytes], Reply] = {}
        self.change: Change | None = None
        self.gave: list[bytes] = []

    def channel(self, cell: str = "") -> Channel:
        """Return what answers a test; raises as the submission's own does."""
        self.gave = []
        channel = self._attempt.channel(cell)
        self.cell_error = self._attempt.cell_error
        return _Replaying(self, channel, cell)

    def reply_to(self, request: Request, channel: Channel, cell: str) -> Reply:
        """Return what the submission replied, or what is made of it."""
        key = cell, frame(request)
        if key not in self._replies:
            self._replies[key] = channel.ask(request)
        reply = self._replies[key]
        if self.change is None or not isinstance(reply, Returned):
            return reply
        try:
            value = pack_strictly(changed(unpack(reply.value), self.change))
        except (ForeignError, WireError):
            return reply
        reply = replace(reply, value=value)
        self.gave.append(frame(reply))
        return reply


class _Replaying:
    """Answers the requests of one test."""

    def __init__(self, recorded: Recorded, channel: Channel, cell: str) -> None:
        self._recorded = recorded
        self._channel = channel
        self._cell = cell

    def ask(self, request: Request) -> Reply:
        return self._recorded.reply_to(request, self._channel, self._cell)


def changed(value: Any, change: Change) -> Any:
    """Return an answer with all of its numbers changed, but for whole ones, which are choices."""
    if isinstance(value, dict):
        return {key: changed(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(changed(item, change) for item in value)
    if isinstance(value, float):
        return change(torch.tensor(value, dtype=torch.float64)).item()
    if isinstance(value, torch.Tensor) and value.is_floating_point():
        return change(value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return change(torch.from_numpy(value)).numpy()
    return value
