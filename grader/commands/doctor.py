"""For instructors: `doctor`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from grader.commands.course_option import CourseFolder  # noqa: TC001 - typer reads it
from grader.commands.exit_codes import NOT_PASSED
from grader.courses import find_course
from grader.errors import UsageError
from grader.files.default_output import DEFAULT_OUTPUT
from grader.sandbox.command import Wanted

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
    ] = DEFAULT_OUTPUT,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Attacks to run in parallel (default: one per core)."
        ),
    ] = None,
    sandbox: Annotated[
        Wanted,
        typer.Option(help="The sandbox to check (`auto`: the one that `grade` would use)."),
    ] = Wanted.AUTO,
    course_folder: CourseFolder = None,
) -> None:
    """Check whether this machine can grade, and how to fix what prevents it."""
    from rich.console import Console

    from grader.runs.devices import default_jobs

    console = Console()
    if sandbox is Wanted.NONE:
        raise UsageError("without a sandbox there is nothing to check: pass another --sandbox")
    able = _examine(console, output, find_course(course_folder), sandbox)
    held = able and (not attack or _attack(console, jobs or default_jobs(), sandbox))
    raise typer.Exit(0 if held else NOT_PASSED)


def _examine(console: Console, output: Path, course: Course, wanted: Wanted) -> bool:
    """Print what the machine has; return whether that is enough to grade."""
    from rich.live import Live

    from grader.doctor import Check, State, examine
    from grader.doctor.table import checks_table

    checks: list[Check] = []
    with Live(checks_table(checks), console=console, transient=True) as live:
        for check in examine(output, course, wanted):
            checks.append(check)
            live.update(checks_table(checks))
    console.print(checks_table(checks))
    able = all(check.state is not State.FAIL for check in checks)
    more = "`grader doctor --attack` tests whether its sandbox holds."
    console.print(f"This machine can grade. {more}" if able else "This machine can't grade yet.")
    return able


def _attack(console: Console, jobs: int, wanted: Wanted) -> bool:
    """Print what becomes of the attacks as it is known; return whether all were held."""
    from rich.live import Live

    from grader.doctor.choosing import choose
    from grader.redteam import Finding, all_attacks, run_attacks
    from grader.redteam.table import findings_table, tally

    isolation, _ = choose(wanted)
    attacks, findings = all_attacks(), list[Finding]()
    with Live(tally(attacks, findings), console=console, transient=True) as live:
        for finding in run_attacks(attacks, isolation, jobs):
            findings.append(finding)
            live.update(tally(attacks, findings))
    console.print(findings_table(findings), tally(attacks, findings))
    through = [finding for finding in findings if finding.through]
    beyond = [finding for finding in findings if not (finding.held or finding.through)]
    words = f"{len(through)} got through" if through else "all held"
    if beyond:
        words += f", but for {len(beyond)} that {isolation} is not said to hold"
    console.print(f"{len(findings)} attacks: {words}.", style="bold red" if through else "green")
    return not through


COMMANDS = (doctor,)
