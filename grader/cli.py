"""The command line: `grader` and `python -m grader`."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.errors import GraderError, UsageError
from grader.lab import EXERCISES, exercise_named, resource
from grader.sandbox.command import Isolation, Limits

if TYPE_CHECKING:
    from grader.engine import Plan
    from grader.submissions import Submission
    from grader.verdicts import GradingRun

__all__ = ["app", "main"]

EXIT_BAD_USAGE, EXIT_GRADER_FAULT, EXIT_INTERRUPTED = 2, 3, 130

app = typer.Typer(
    help="Check and grade exercises that teach how neural networks are trained with PyTorch.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Device(StrEnum):
    """Where submissions compute."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


def main() -> None:
    """Run the command line; an error of ours is one line, never a traceback."""
    try:
        app()
    except UsageError as error:
        sys.exit(_complain(error, EXIT_BAD_USAGE))
    except GraderError as error:
        sys.exit(_complain(error, EXIT_GRADER_FAULT))
    except OSError as error:  # a full disk, a folder that can't be written to
        sys.exit(_complain(error, EXIT_GRADER_FAULT))


def _complain(error: Exception, status: int) -> int:
    print(f"grader: {error}", file=sys.stderr)
    return status


@app.command()
def check(
    what: Annotated[
        list[str] | None, typer.Argument(help="Exercises (ex03) or files; all of them by default.")
    ] = None,
) -> None:
    """Run the public checks of your own files, in this process."""
    from grader.checking import check_lines, files_to_check, run_checks

    files = files_to_check(what or [])
    if not files:
        raise UsageError("there is no exercise here; run it where your `exercises` folder is")
    passed = True
    for exercise, file in files:
        checked = run_checks(exercise, file)
        print("\n".join(check_lines(checked)), end="\n\n")
        passed &= checked.passed
    raise typer.Exit(0 if passed else 1)


@app.command()
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
        limits=Limits(),
        jobs=jobs or min(os.cpu_count() or 1, len(submissions)),
        fresh=fresh,
    )
    raise typer.Exit(_grade(submissions, plan, output))


def _grade(submissions: list[Submission], plan: Plan, output: Path) -> int:
    from rich.console import Console

    from grader.engine import grade_class
    from grader.progress import LinePerStudent, LiveBar
    from grader.reports import write_reports
    from grader.store import Store

    console = Console()
    _make_folder(output)
    with Store(output / ".grader.sqlite3") as store:
        if console.is_terminal:
            with LiveBar(console) as bar:
                run = grade_class(submissions, plan, store, bar)
        else:
            run = grade_class(submissions, plan, store, LinePerStudent(console))
    write_reports(run, output)
    print(_summary(run, output))
    return _status(run)


def _make_folder(output: Path) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the reports can't be written to {output}: {error.strerror}") from error


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
        return EXIT_INTERRUPTED
    return EXIT_GRADER_FAULT if any(map(_has_fault, run.students)) else 0


@app.command()
def stubs(
    check: Annotated[
        bool, typer.Option("--check", help="Compare only; exit 1 on a difference.")
    ] = False,
) -> None:
    """Make the stubs and notebooks in `exercises/` from `solutions/`."""
    from grader.authoring import stale_stubs, write_stubs

    solutions, exercises = resource("solutions"), resource("exercises")
    if not solutions.is_dir():
        raise UsageError("there are no solutions here: `stubs` works in a checkout of the lab")
    if not check:
        for file in write_stubs(solutions, exercises):
            print(f"wrote {file}")
        return
    stale = stale_stubs(solutions, exercises)
    for file in stale:
        print(f"{file} is not what its solution makes; run `nox -s stubs` (or delete a left-over)")
    if stale:
        raise typer.Exit(1)
    print("exercises/ is what the solutions make")
