"""Rows of a page in the order of their rank: some shown, some folded, the rest counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Ranked"]

Row = TypeVar("Row")


@dataclass(frozen=True)
class Ranked(Generic[Row]):
    """Rows, the first ones first.

    Attributes:
        rows: those that are shown at once.
        folded: those that a reader unfolds; `summary` says how many these are, and of what.
        left_out: how many more there are that the page does not hold.
    """

    rows: tuple[Row, ...]
    folded: tuple[Row, ...]
    summary: str
    left_out: int = 0

    @property
    def more(self) -> str:
        """What the page does not hold, as a sentence; empty where it holds all."""
        return f"{self.left_out:,} more are not listed here." if self.left_out else ""
