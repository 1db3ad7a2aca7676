"""For instructors: `doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.commands.course_option import CourseFolder  # noqa: TC001 - typer reads it
from grader.commands.exit_codes import NOT_PASSED
from grader.courses import find_course
from grader.sandbox.command import Isolation

if TYPE_CHECKING:
    from rich.console import Console

    from grader.courses import Course

__all__ = ["COMMANDS", "doctor"]


def doctor(
    attack: Annotated[
        bool,
        typer.Option("--attack", help="Also attack the sandbox, with submissions made for that."),
    ] = False,
    output: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER", help="Folder that the reports will go to; it is checked, too."
        ),
    ] = Path("reports"),
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Attacks to run in parallel (default: one per core)."
        ),
    ] = None,
    course_folder: CourseFolder = None,
) -> None:
    """Check whether this machine can grade, and how to fix what prevents it."""
    from rich.console import Console

    from grader.runs.devices import default_jobs

    console = Console()
    able = _examine(console, output, find_course(course_folder))
    held = able and (not attack or _attack(console, jobs or default_jobs()))
    raise typer.Exit(0 if held else NOT_PASSED)


def _examine(console: Console, output: Path, course: Course) -> bool:
    """Print what the machine has; return whether that is enough to grade."""
    from rich.live import Live

    from grader.doctor import Check, State, examine
    from grader.doctor.table import checks_table

    checks: list[Check] = []
    with Live(checks_table(checks), console=console, transient=True) as live:
        for check in examine(output, course):
            checks.append(check)
            live.update(checks_table(checks))
    console.print(checks_table(checks))
    able = all(check.state is not State.FAIL for check in checks)
    more = "`grader doctor --attack` tests whether its sandbox holds."
    console.print(f"This machine can grade. {more}" if able else "This machine can't grade yet.")
    return able


def _attack(console: Console, jobs: int) -> bool:
    """Print what becomes of the attacks as it is known; return whether all were held."""
    from rich.live import Live

    from grader.redteam import Finding, all_attacks, run_attacks
    from grader.redteam.table import findings_table, tally

    attacks, findings = all_attacks(), list[Finding]()
    with Live(tally(attacks, findings), console=console, transient=True) as live:
        for finding in run_attacks(attacks, Isolation.BUBBLEWRAP, jobs):
            findings.append(finding)
            live.update(tally(attacks, findings))
    console.print(findings_table(findings), tally(attacks, findings))
    through = [finding for finding in findings if not finding.held]
    words = f"{len(through)} got through" if through else "all held"
    console.print(f"{len(findings)} attacks: {words}.", style="bold red" if through else "green")
    return not through


COMMANDS = (doctor,)
