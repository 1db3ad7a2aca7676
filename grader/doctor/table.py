"""The checks as a table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.doctor.checks import Check

__all__ = ["checks_table"]

STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def checks_table(checks: Iterable[Check]) -> Table:
    """Return a row for each check: what, its state, what was found, and below that how to mend."""
    table = Table("what grading needs", "", "what is here")
    for check in checks:
        found = Text(check.found)
        if check.mend:
            found.append(f"\n→ {check.mend}", style=STYLES[check.state])
        table.add_row(check.what, Text(check.state, style=STYLES[check.state]), found)
    return table
