"""How a run is kept."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KEEP", "Keeping"]

KEEP = 12  # runs, unless the command line says otherwise


@dataclass(frozen=True)
class Keeping:
    """How a run is kept.

    Attributes:
        source: the file or folder that was graded.
        keep: how many runs are kept.
        only_gains: whether results that would cost a student points are held back.
        restored: the number of the run whose results these are again; 0 for none.
    """

    source: str = ""
    keep: int = KEEP
    only_gains: bool = False
    restored: int = 0
