"""What a benchmark measured, as a table beside its targets."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["exit_with"]


def exit_with(rows: Sequence[tuple[str, str, str, bool]]) -> NoReturn:
    """Print what was measured, its target, the figure, and if it held; exit 1 if not all did."""
    table = Table("what", "target", "measured", "held")
    for what, target, figure, held in rows:
        table.add_row(what, target, figure, "yes" if held else "NO")
    Console().print(table)
    sys.exit(0 if all(held for *_, held in rows) else 1)
