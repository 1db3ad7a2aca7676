"""Make a thing of a case once, however many reference answers are read off it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["once_a_case"]

Made = TypeVar("Made")

CASES = 16  # of an exercise's two suites, which draw their cases once


def once_a_case(make: Callable[..., Made]) -> Callable[..., Made]:
    """Return a function that gives again what `make` has made of the same arguments.

    The same are the same objects, which nobody changes: tensors, and what else a case is made of.
    """
    kept: deque[tuple[tuple[object, ...], Made]] = deque(maxlen=CASES)

    def made(*case: object) -> Made:
        for known, thing in kept:
            if list(map(id, known)) == list(map(id, case)):
                return thing
        thing = make(*case)
        kept.append((case, thing))
        return thing

    return made
