"""Random numbers of a kernel: the student's next are what they would have been without a check."""

from __future__ import annotations

import random
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["same_random_numbers"]


@contextmanager
def same_random_numbers() -> Iterator[None]:
    """Give the generators that are loaded back as they were; modules draw when they are imported.

    One that nobody has imported yet has given no number, and is left alone.
    """
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    drawn = random.getstate()
    by_torch = torch.get_rng_state() if torch else None
    by_numpy = numpy.random.get_state() if numpy else None
    try:
        yield
    finally:
        random.setstate(drawn)
        if torch:
            torch.set_rng_state(by_torch)
        if numpy:
            numpy.random.set_state(by_numpy)
