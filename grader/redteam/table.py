"""What became of the attacks, as tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from grader.redteam.attacks import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.redteam.attacks import Attack
    from grader.redteam.findings import Finding

__all__ = ["findings_table", "tally"]

HELD, THROUGH = Text("held", style="green"), Text("GOT THROUGH", style="bold red")
BEYOND = Text("not promised", style="yellow")


def tally(attacks: Sequence[Attack], findings: Sequence[Finding]) -> Table:
    """Count, for each kind of attack, how many there are, were held and got through."""
    table = Table("kind", "attacks", "held", "got through", "last")
    for kind in KINDS:
        there = sum(attack.kind == kind for attack in attacks)
        done = [finding for finding in findings if finding.attack.kind == kind]
        held = sum(finding.held for finding in done)
        through = sum(finding.through for finding in done)
        last = done[-1].attack.name if done and len(done) < there else ""
        style = "bold red" if through else ""
        table.add_row(kind, str(there), str(held), Text(str(through), style=style), last)
    return table


def findings_table(findings: Sequence[Finding]) -> Table:
    """Say of each attack what was tried, what happened, and whether it was held."""
    table = Table("kind", "what was tried", "what happened", show_lines=True)
    table.add_column(no_wrap=True)
    order = {kind: place for place, kind in enumerate(KINDS)}
    for each in sorted(findings, key=lambda each: (order[each.attack.kind], each.attack.name)):
        happened = Text(each.happened[:200])
        for reason in each.broken:
            happened.append(f"\n→ {reason}"[:400], style="bold red")
        came_to = HELD if each.held else THROUGH if each.through else BEYOND
        table.add_row(each.attack.kind, each.attack.what, happened, came_to)
    return table
