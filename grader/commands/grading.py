"""For instructors: `grade`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.commands.exit_codes import GRADER_FAULT, INTERRUPTED
from grader.commands.limits import HELP, limits_of
from grader.errors import InfrastructureError
from grader.lab import EXERCISES, exercise_named
from grader.sandbox.command import Isolation

if TYPE_CHECKING:
    from grader.engine import Plan
    from grader.reports import Written
    from grader.store import Store
    from grader.submissions import Submission
    from grader.verdicts import GradingRun

__all__ = ["COMMANDS", "grade"]


class Device(StrEnum):
    """Where submissions compute."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


def grade(
    path: Annotated[Path, typer.Argument(help="A folder or zip with one folder per student.")],
    output: Annotated[Path, typer.Option(help="Where the reports go.")] = Path("reports"),
    exercise: Annotated[
        list[str] | None, typer.Option(help="Only this exercise counts (repeatable).")
    ] = None,
    device: Annotated[Device, typer.Option(help="Where submissions compute.")] = Device.AUTO,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Submissions graded at a time; one a core by default.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Grade all, also what was graded before.")
    ] = False,
    sandbox: Annotated[
        Isolation, typer.Option(help="`none` lets submissions do all that you can.")
    ] = Isolation.BUBBLEWRAP,
    limit: Annotated[list[str] | None, typer.Option(help=HELP, metavar="NAME=VALUE")] = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Write a page to show in class, too: no names.")
    ] = False,
) -> None:
    """Grade a class: hidden tests for every submission, in a sandbox, and a report for each."""
    from grader.devices import cores, resolve_device
    from grader.engine import Plan
    from grader.sandbox.command import require_isolation
    from grader.submissions import find_submissions

    wanted = tuple(exercise_named(name) for name in exercise or ()) or EXERCISES
    require_isolation(sandbox)
    submissions = find_submissions(path)
    plan = Plan(
        exercises=tuple(each for each in EXERCISES if each in wanted),
        device=resolve_device(device.value),
        isolation=sandbox,
        limits=limits_of(limit or ()),
        jobs=jobs or min(cores(), len(submissions)),
        fresh=fresh,
    )
    raise typer.Exit(_grade(submissions, plan, output, anonymous=anonymous))


def _grade(submissions: list[Submission], plan: Plan, output: Path, *, anonymous: bool) -> int:
    from grader.output_folder import STORE, OutputFolder
    from grader.reports import write_reports
    from grader.reports.summary import summary_lines
    from grader.store import Store

    with OutputFolder(output), Store(output / STORE) as store:
        run = _run(submissions, plan, store)
        try:
            written = write_reports(run, output, anonymous=anonymous)
        except OSError as error:
            raise InfrastructureError(
                f"the reports can't be written to {output}: {error.strerror or error}; what is "
                "graded is kept; fix that and run the same command again"
            ) from error
    print("\n".join(summary_lines(written, run, output)))
    return _status(run, written)


def _run(submissions: list[Submission], plan: Plan, store: Store) -> GradingRun:
    from rich.console import Console

    from grader.engine import grade_class
    from grader.progress import LinePerStudent, LiveBar

    console = Console()
    if console.is_terminal:
        with LiveBar(console) as bar:
            return grade_class(submissions, plan, store, bar)
    return grade_class(submissions, plan, store, LinePerStudent(console))


def _status(run: GradingRun, written: Written) -> int:
    if run.ungraded:
        return INTERRUPTED
    return GRADER_FAULT if written.record.faults or written.withheld else 0


COMMANDS = (grade,)
