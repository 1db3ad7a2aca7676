"""Repairs that probes try where a submission raises: what is named by them, and whether rightly.

`attempt` calls a submission, and where it raises once more with one mistake made harmless after the
other; that which keeps it from raising is named. Here all of them are tried.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from grader.guest.probing import RecognisedError, attempting_by
from grader.proving.rules import Breach, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from types import FrameType

__all__ = ["Repairs"]

TORCH = str(Path(torch.__file__).parent)


@dataclass
class _Count:
    """How often a submission was called."""

    calls: int = 0


@dataclass(frozen=True)
class _Attempt:
    """One attempt of a test.

    Attributes:
        calls: how often it called the submission.
        repaired: the repairs that kept it from raising, each with how often it called it.
    """

    calls: int
    repaired: dict[str, int] = field(default_factory=dict)


class Repairs:
    """Watches the attempts of tests: first those of the solution, then those of other works."""

    def __init__(self) -> None:
        self._heard: list[_Attempt] = []
        self._calls: dict[tuple[str, int], int] = {}
        self._found: list[Breach] = []

    @contextmanager
    def watching(self, files: Collection[str], *, is_solution: bool) -> Iterator[None]:
        """Try all repairs meanwhile where a test fails first, and note what comes of each.

        Args:
            files: the names of the submission's.
            is_solution: whether it is the one whose calls are counted.
        """

        def tries(call: Callable[[], Any], remedies: Mapping[str, Callable[[], object]]) -> Any:
            with counted(files if is_solution else ()) as count:
                try:
                    result = call()
                except Exception as raised:  # noqa: BLE001 - of a submission's code, which may
                    error = raised
                else:
                    self._heard.append(_Attempt(count.calls))
                    return result
            repairing = _repairing(remedies, files)
            is_first = not any(each.repaired for each in self._heard)
            repaired = dict(repairing if is_first else islice(repairing, 1))
            self._heard.append(_Attempt(0, repaired))
            if repaired:
                raise RecognisedError(next(iter(repaired))) from error
            raise error

        with attempting_by(tries):
            yield

    def keep(self, test: str, *, is_solution: bool) -> None:
        """Look at what was heard: it was one test's."""
        heard, self._heard = self._heard, []
        if is_solution:
            for place, each in enumerate(heard):
                self._calls.setdefault((test, place), each.calls)
            return
        # what comes after the first that fails is asked otherwise than the solution is
        for place, each in enumerate(heard):
            if each.repaired:
                self._found += _breaches(test, self._calls.get((test, place), 0), each.repaired)
                return

    def take(self) -> tuple[Breach, ...]:
        """Return the rules that were broken since this was asked."""
        found, self._found = self._found, []
        return tuple(found)


def _breaches(test: str, calls: int, repaired: Mapping[str, int]) -> Iterator[Breach]:
    named, *others = repaired
    for slug, own in repaired.items():
        if own < calls:
            words = f"{test}: the attempt for {slug} makes {own} of the test's {calls} calls"
            yield Breach(Rule.SHORTER, slug, words)
    for slug in others:
        words = f"{test}: where {named} is named, the repair for {slug} would do as well"
        yield Breach(Rule.BROADER, slug, words)


def _repairing(
    remedies: Mapping[str, Callable[[], object]], files: Collection[str]
) -> Iterator[tuple[str, int]]:
    """Give the repairs that keep a submission from raising, with the calls of each."""
    for mistake, remedy in remedies.items():
        with counted(files) as count:
            try:
                remedy()
            except Exception:  # noqa: BLE001, S112 - this one does not
                continue
        yield mistake, count.calls


@contextmanager
def counted(files: Collection[str]) -> Iterator[_Count]:
    """Count how often a suite calls code of some files meanwhile; torch's calls are not its own."""
    count, before = _Count(), sys.getprofile()
    if not files:
        yield count
        return

    def note(frame: FrameType, event: Any, argument: Any) -> None:
        if before:
            before(frame, event, argument)
        if event == "call" and frame.f_code.co_filename in files and frame.f_back:
            caller = frame.f_back.f_code.co_filename
            count.calls += caller not in files and not caller.startswith(TORCH)

    sys.setprofile(note)
    try:
        yield count
    finally:
        sys.setprofile(before)
