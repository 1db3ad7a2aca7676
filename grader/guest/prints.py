"""Whether code prints something: a function that returns nothing may have printed its result."""

from __future__ import annotations

import builtins
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Prints", "prints"]


class Prints:
    """Prints what it is given, and notes that it did.

    Attributes:
        any: whether something was printed.
    """

    def __init__(self) -> None:
        self.any = False
        self._print = builtins.print

    def __call__(self, *values: object, **options: object) -> None:
        """Print."""
        self.any = self.any or bool(values)
        self._print(*values, **options)  # type: ignore[call-overload]  # it says itself what it takes


@contextmanager
def prints() -> Iterator[Prints]:
    """Note what is printed meanwhile."""
    noting, before = Prints(), builtins.print
    builtins.print = noting
    try:
        yield noting
    finally:
        builtins.print = before
