"""For instructors: `grade`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace as changed

from grader.commands.exit_codes import GRADER_FAULT, INTERRUPTED
from grader.commands.limits import HELP, limits_of
from grader.errors import InfrastructureError
from grader.lab import exercises_named
from grader.sandbox.command import Isolation
from grader.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.engine import Plan
    from grader.regrading import Round
    from grader.reports import Written
    from grader.store import Store
    from grader.submissions import ClassWork
    from grader.verdicts import GradingRun

__all__ = ["COMMANDS", "grade"]


class Device(StrEnum):
    """Where submissions compute."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


def grade(
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", help="A folder or a zip file with one folder per student."),
    ],
    output: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER", help="Where the reports go: a new, an empty or an earlier folder."
        ),
    ] = Path("reports"),
    exercise: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Grade only this exercise: ex06, 6, ex03,ex06 (repeat for several).",
        ),
    ] = None,
    student: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Grade only this student of the class, named by id or exact name; the others "
            "keep their results (repeat for several).",
        ),
    ] = None,
    device: Annotated[Device, typer.Option(help="Where submissions compute.")] = Device.AUTO,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Submissions to grade in parallel (default: one per core, as far as memory "
            "goes: 0.8 GB each).",
        ),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Regrade everything, ignoring stored results.")
    ] = False,
    sandbox: Annotated[
        Isolation,
        typer.Option(
            help="`none` runs submissions with your own permissions: no isolation, "
            "forgeable scores."
        ),
    ] = Isolation.BUBBLEWRAP,
    limit: Annotated[list[str] | None, typer.Option(help=HELP, metavar="NAME=VALUE")] = None,
    title: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            show_default=False,
            help="What the reports call this hand-in (default: the name of PATH).",
        ),
    ] = "",
    anonymous: Annotated[
        bool,
        typer.Option(
            "--anonymous", help="Also write an anonymous summary page for showing in class."
        ),
    ] = False,
) -> None:
    """Run the hidden tests on every submission in a sandbox; write one report per student.

    Later runs grade only what changed; nobody whom the reports hold is lost.

    Exit codes: 0 every submission got its verdicts, 2 nothing could be graded, 3 the grader failed
    for some or withheld a page, 130 stopped by Ctrl-C.
    """
    from grader.devices import default_jobs, resolve_device
    from grader.engine import Plan
    from grader.sandbox.command import require_isolation
    from grader.submissions import find_class

    wanted = exercises_named(exercise or ())
    require_isolation(sandbox)
    work = find_class(path, output)
    plan = Plan(
        exercises=wanted,
        device=resolve_device(device.value),
        isolation=sandbox,
        limits=limits_of(limit or ()),
        jobs=jobs or min(default_jobs(), len(work.submissions)),
        fresh=fresh,
        title=printable(title).strip(),
    )
    chosen = _Wanted(work, student or (), plan, _name_of(path))
    raise typer.Exit(_grade(chosen, output, anonymous=anonymous))


@dataclass(frozen=True)
class _Wanted:
    """What the command line asks for; `name` is what the hand-in is called without a title."""

    work: ClassWork
    students: Sequence[str]
    plan: Plan
    name: str


def _name_of(path: Path) -> str:
    """Return what was passed, as its reports are headed: `hw3` for `hw3.zip`."""
    place = path.resolve()
    name = place.name if place.is_dir() else place.stem.removesuffix(".tar")
    return printable(name) or "The class"


def _grade(wanted: _Wanted, output: Path, *, anonymous: bool) -> int:
    from grader.output_folder import STORE, OutputFolder
    from grader.regrading import chosen_students, whole_class
    from grader.reports.summary import summary_lines
    from grader.store import Store

    with OutputFolder(output), Store(output / STORE) as store:
        found, plan = wanted.work.submissions, wanted.plan
        if wanted.students:
            chosen = chosen_students(found, wanted.students, plan, store, output)
        else:
            chosen = whole_class(wanted.work, plan, store, output)
        plan = replace(chosen.plan, title=chosen.plan.title or wanted.name)
        run = _run(replace(chosen, plan=plan), store)
        run = changed(run, notes=(*wanted.work.notes, *chosen.notes, *_damage(store)))
        written = _write(run, output, anonymous=anonymous)
    print("\n".join([*summary_lines(written, run, output), *filter(None, [chosen.narrower])]))
    return _status(run, written)


def _damage(store: Store) -> Iterator[str]:
    """Say that what was kept of some results is lost; they were graded anew."""
    count = len(store.database.damaged)
    if count:
        yield f"{count} stored results were damaged; they have been graded again."


def _write(run: GradingRun, output: Path, *, anonymous: bool) -> Written:
    from grader.reports import write_reports

    try:
        return write_reports(run, output, anonymous=anonymous)
    except OSError as error:
        raise InfrastructureError(
            f"the reports can't be written to {error.filename or output}: "
            f"{error.strerror or error}; what is graded is kept; fix that and run the same "
            "command again"
        ) from error


def _run(chosen: Round, store: Store) -> GradingRun:
    from rich.console import Console

    from grader.engine import grade_class
    from grader.progress import LinePerStudent, LiveBar

    console = Console()
    if console.is_terminal:
        with LiveBar(console) as bar:
            return grade_class(chosen.submissions, chosen.plan, store, bar, chosen.others)
    progress = LinePerStudent(console)
    return grade_class(chosen.submissions, chosen.plan, store, progress, chosen.others)


def _status(run: GradingRun, written: Written) -> int:
    if run.ungraded:
        return INTERRUPTED
    return GRADER_FAULT if written.record.faults or written.withheld else 0


COMMANDS = (grade,)
