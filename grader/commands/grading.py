"""For instructors: `grade`."""

from __future__ import annotations

import os
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
) -> None:
    """Grade a class: hidden tests for every submission, in a sandbox, and a report for each."""
    from grader.devices import resolve_device
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
        jobs=jobs or min(os.cpu_count() or 1, len(submissions)),
        fresh=fresh,
    )
    raise typer.Exit(_grade(submissions, plan, output))


def _grade(submissions: list[Submission], plan: Plan, output: Path) -> int:
    from grader.output_folder import OutputFolder
    from grader.reports import write_reports
    from grader.reports.wording import printable

    with OutputFolder(output):
        run = _run(submissions, plan, output)
        try:
            withheld = write_reports(run, output)
        except OSError as error:
            raise InfrastructureError(
                f"the reports can't be written to {output}: {error.strerror or error}; what is "
                "graded is kept, and the same command writes it down once that is mended"
            ) from error
    print(_summary(run, output))
    for each in withheld:
        who = printable(each.student)
        print(f"The page of {who} is withheld, since it would show {each.leak.what}.")
    return _status(run) or (GRADER_FAULT if withheld else 0)


def _run(submissions: list[Submission], plan: Plan, output: Path) -> GradingRun:
    from rich.console import Console

    from grader.engine import grade_class
    from grader.progress import LinePerStudent, LiveBar
    from grader.store import Store

    console = Console()
    with Store(output / ".grader.sqlite3") as store:
        if console.is_terminal:
            with LiveBar(console) as bar:
                return grade_class(submissions, plan, store, bar)
        return grade_class(submissions, plan, store, LinePerStudent(console))


def _summary(run: GradingRun, output: Path) -> str:
    from grader.reports.wording import plural

    lines = [f"{plural(len(run.students), 'submission')} graded. Open {output / 'index.html'}"]
    if run.sandbox == Isolation.NONE:
        lines.append("They ran without a sandbox: their scores could have been forged.")
    if run.ungraded:
        lines.append(
            f"Stopped before the end: {len(run.ungraded)} not graded. "
            "Run the same command again to go on; what is graded is kept."
        )
    faults = [student.student for student in run.students if _has_fault(student)]
    if faults:
        lines.append(f"The grader itself failed for {', '.join(faults)}; see the class page.")
    return "\n".join(lines)


def _has_fault(student: object) -> bool:
    return any(each.verdict == "grader_fault" for each in student.exercises)  # type: ignore[attr-defined]


def _status(run: GradingRun) -> int:
    if run.ungraded:
        return INTERRUPTED
    return GRADER_FAULT if any(map(_has_fault, run.students)) else 0


COMMANDS = (grade,)
