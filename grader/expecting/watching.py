"""Who watches what expectations compare: a proof that a suite's reference answers differ."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from grader.answers.tolerances import Tolerance

__all__ = ["Compared", "tell", "watched"]


@dataclass(frozen=True)
class Compared:
    """What an expectation compares answers with.

    Attributes:
        calls: what gave each answer, in words.
        rights: the right answer of each call.
        alternatives: slug to what computes the mistaken answer of each call.
        tolerance: how close is equal; by dtype where it is None.
    """

    calls: Sequence[str]
    rights: Sequence[object]
    alternatives: Mapping[str, Sequence[Callable[[], object]]]
    tolerance: Tolerance | None


_watchers: list[Callable[[Compared], None]] = []


@contextmanager
def watched(see: Callable[[Compared], None]) -> Iterator[None]:
    """Show somebody all that is compared meanwhile."""
    _watchers.append(see)
    try:
        yield
    finally:
        _watchers.remove(see)


def tell(compared: Callable[[], Compared]) -> None:
    """Show what is compared to those who watch, if anybody does."""
    if _watchers:
        shown = compared()
        for see in _watchers:
            see(shown)
