"""For instructors: `grade`."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace as changed

from grader.cluster.engines import EngineName, engine_named
from grader.commands.course_option import CourseFolder  # noqa: TC001 - typer reads it
from grader.commands.exit_codes import GRADER_FAULT, INTERRUPTED
from grader.commands.options.class_list import AskedList, joined
from grader.commands.options.limits import HELP, limits_of
from grader.courses import find_course
from grader.errors import InfrastructureError, SandboxUnavailable, UsageError
from grader.files.default_output import DEFAULT_OUTPUT
from grader.results.students import ROSTER
from grader.runs.history.keeping import KEEP, Keeping
from grader.sandbox.command import Isolation, Wanted
from grader.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.reports import Written
    from grader.runs.deciding.remembering import Asked, Remembered
    from grader.runs.engine import Plan
    from grader.runs.engines.engine import Engine
    from grader.runs.grading_run import GradingRun
    from grader.runs.kept_roster import ClassList
    from grader.runs.regrading import Round
    from grader.runs.store import Store
    from grader.submissions import ClassWork

__all__ = ["COMMANDS", "grade"]


class Device(StrEnum):
    """Where submissions compute."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


def grade(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help="The LMS's download, or a folder, zip or tar file with one folder per student.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER",
            help="Folder for the reports: new, empty, or with the reports of an earlier run.",
        ),
    ] = DEFAULT_OUTPUT,
    exercise: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Grade only this exercise: hw6, 6, or hw3,hw6 (repeat for several).",
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
    engine: Annotated[
        EngineName,
        typer.Option(
            help="Where submissions are graded: on this machine, or on the workers of a Dask "
            "cluster."
        ),
    ] = EngineName.LOCAL,
    scheduler: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            show_default=False,
            help="The scheduler of the Dask cluster, as tcp://HOST:8786 (default: a cluster of "
            "--jobs workers on this machine).",
        ),
    ] = "",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Regrade everything, ignoring stored results.")
    ] = False,
    sandbox: Annotated[
        Wanted,
        typer.Option(
            help="What confines submissions. `auto`: `bubblewrap`, or the weaker `landlock` where "
            "that can't be had. `none` runs them with your own permissions: forgeable scores."
        ),
    ] = Wanted.AUTO,
    limit: Annotated[list[str] | None, typer.Option(help=HELP, metavar="NAME=VALUE")] = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The list of the class (CSV or XLSX, as LMSs export it): names and sections, and "
            "who is missing. Later runs remember it; `none` forgets it.",
        ),
    ] = None,
    roster_column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT=HEADING",
            help="A column of the roster that was not recognised. WHAT is id, login, email, name, "
            "first, last or section (repeat for several).",
        ),
    ] = None,
    same: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HAND-IN=STUDENT",
            help="Whose hand-in this is, where the grader asks; HAND-IN= says that the student is "
            "not on the roster (repeat for several).",
        ),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="What people decided, for this run and later ones (default: decisions.toml in "
            "the folder of the reports).",
        ),
    ] = None,
    due: Annotated[
        str,
        typer.Option(
            metavar="TIME",
            show_default=False,
            help="When the hand-in was due, with its time zone: 2026-11-27T23:59+01:00. Later runs "
            "remember it; `none` forgets it.",
        ),
    ] = "",
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Show who was found, which files count, and what would be graded again and why; "
            "grade nothing.",
        ),
    ] = False,
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
    only_gains: Annotated[
        bool,
        typer.Option(
            "--only-gains",
            help="Where a student would lose points in an exercise, keep the earlier result there; "
            "the class page shows what was held back.",
        ),
    ] = False,
    keep: Annotated[
        int,
        typer.Option(
            min=2,
            metavar="N",
            help="Runs to keep; results that only older runs had are deleted.",
        ),
    ] = KEEP,
    course_folder: CourseFolder = None,
) -> None:
    """Run the hidden tests on every submission in a sandbox; write one report per student.

    Later runs regrade only what changed; every student in the reports stays there.

    Exit codes: 0 every submission was graded, whatever the scores; 2 nothing could be graded; 3 the
    grader failed on a submission or withheld a page; 130 stopped by Ctrl-C.
    """
    from grader.submissions import find_class

    engine_of = engine_named(engine, scheduler)
    course = find_course(course_folder)
    course.require_packages()
    wanted = course.exercises_named(exercise or ())
    isolation = _isolation(sandbox, dry_run=dry_run)
    listed = AskedList(roster, roster_column or (), same or (), is_whole=not student)
    work, class_list = joined(find_class(path, course, output), listed, output)
    from grader.runs.deciding.remembering import Asked
    from grader.runs.devices import default_jobs, resolve_device
    from grader.runs.engine import Plan
    from grader.runs.manual import read_manual

    plan = Plan(
        course=course,
        exercises=wanted,
        device=resolve_device(device.value),
        isolation=isolation,
        limits=limits_of(limit or ()),
        jobs=jobs or min(default_jobs(), len(work.submissions)),
        fresh=fresh,
        title=printable(title).strip(),
        manual=read_manual(course.folder, course.exercises),
    )
    keeping = Keeping(str(path.resolve()), keep, only_gains)
    asked = Asked(decisions, due.strip())
    name, students = _name_of(path), student or ()
    chosen = _Wanted(work, class_list, students, plan, name, keeping, asked, engine_of)
    if dry_run:
        _show(chosen, output)
        return
    raise typer.Exit(_grade(chosen, output, anonymous=anonymous))


def _isolation(wanted: Wanted, *, dry_run: bool) -> Isolation:
    """Return what confines submissions; where it is weaker than elsewhere, say so.

    A dry run confines nothing, and goes on where nothing can.
    """
    from grader.doctor.choosing import choose

    try:
        isolation, weaker = choose(wanted)
    except SandboxUnavailable:
        if not dry_run:
            raise
        return Isolation.NONE
    if weaker:
        print(weaker, file=sys.stderr)
    return isolation


def _show(wanted: _Wanted, output: Path) -> None:
    """Print who was found, what of each counts, and what would be graded again."""
    from rich.console import Console

    from grader.commands.shown.dry_run import show_class

    exercises = wanted.plan.exercises or wanted.plan.course.exercises
    again = _foreseen(wanted, output)
    work = wanted.work
    if wanted.students:  # of whom nothing is in a part of the class, nothing is to be said
        there = [each for each in work.submissions if each.record.reader != ROSTER]
        work = replace(work, submissions=there)
    show_class(work, exercises, wanted.plan.course, Console(), again)


def _foreseen(wanted: _Wanted, output: Path) -> Sequence[str]:
    """Say what would be graded again, or why `grade` would stop.

    Of a first run it says only that, and what is to be known of decisions and manual points.
    """
    from grader.commands.shown.foreseen import foreseen_lines, stop_lines
    from grader.files.output_folder import STORE, require_usable
    from grader.runs.history.foreseeing import foresee

    is_first = not (output / STORE).is_file()
    try:
        require_usable(output)
        with _as_it_is(output, is_first=is_first) as store:
            chosen = _chosen(wanted, store, output)
            _, decided, chosen = _decided(chosen, wanted.asked, output, store)
            records = [each.record for each in chosen.submissions]
            others = [each.record for each in chosen.others.values()]
            unknown = chosen.plan.manual.unknown([*records, *others])
            again = foreseen_lines(foresee(chosen.submissions, chosen.plan, store))
            foreseen = () if is_first else tuple(again)
    except UsageError as error:
        return stop_lines(str(error))
    return [*chosen.notes, *decided, *unknown, *foreseen, *filter(None, [chosen.narrower])]


@contextmanager
def _as_it_is(output: Path, *, is_first: bool) -> Iterator[Store]:
    """Open the store of an output folder to read it; of a first run, an empty one elsewhere."""
    from grader.files.output_folder import STORE, as_it_is
    from grader.runs.store import Store

    if is_first:
        with TemporaryDirectory() as empty, Store(Path(empty) / STORE) as store:
            yield store
    else:
        with as_it_is(output), Store(output / STORE, read_only=True) as store:
            yield store


def _chosen(wanted: _Wanted, store: Store, output: Path) -> Round:
    """Return whom a run grades: some students, or everybody."""
    from grader.runs.regrading import chosen_students, whole_class

    if wanted.students:
        found = wanted.work.submissions
        return chosen_students(found, wanted.students, wanted.plan, store, output)
    return whole_class(wanted.work, wanted.plan, store, output)


@dataclass(frozen=True)
class _Wanted:
    """What the command line asks for; `name` is what the hand-in is called without a title."""

    work: ClassWork
    class_list: ClassList | None
    students: Sequence[str]
    plan: Plan
    name: str
    keeping: Keeping
    asked: Asked
    engine_of: Callable[[Plan], Engine]


def _name_of(path: Path) -> str:
    """Return what was passed, as its reports are headed: `hw3` for `hw3.zip`."""
    place = path.resolve()
    name = place.name if place.is_dir() else place.stem.removesuffix(".tar")
    return printable(name) or "The class"


def _grade(wanted: _Wanted, output: Path, *, anonymous: bool) -> int:
    from grader.files.output_folder import STORE, OutputFolder
    from grader.runs.kept_roster import keep_list
    from grader.runs.store import Store

    with OutputFolder(output), Store(output / STORE) as store:
        chosen = _chosen(wanted, store, output)
        plan = replace(chosen.plan, title=chosen.plan.title or wanted.name)
        decided, chosen = _with_decisions(replace(chosen, plan=plan), wanted.asked, output, store)
        keep_list(wanted.class_list, store.database)
        run = _run(chosen, store, wanted)
        unknown = plan.manual.unknown(run.records)
        notes = (*wanted.work.notes, *chosen.notes, *decided, *unknown, *_damage(store))
        run = changed(run, notes=notes)
        written = _write(run, output, anonymous=anonymous)
    from grader.reports.classes.summary import summary_lines  # its import would delay the workers

    print("\n".join([*summary_lines(written, run, output), *filter(None, [chosen.narrower])]))
    return _status(run, written)


def _with_decisions(
    chosen: Round, asked: Asked, output: Path, store: Store
) -> tuple[tuple[str, ...], Round]:
    """Add what people decided to what is to be graded; return what to say about that, too."""
    from grader.runs.deciding.remembering import keep

    found, notes, chosen = _decided(chosen, asked, output, store)
    keep(found, store.database)
    return notes, chosen


def _decided(
    chosen: Round, asked: Asked, output: Path, store: Store
) -> tuple[Remembered, tuple[str, ...], Round]:
    """Read what people decided, and add it to what is to be graded; nothing is written."""
    from grader.runs.deciding.applying import Decisions
    from grader.runs.deciding.other_files import with_other_files
    from grader.runs.deciding.remembering import decisions_of
    from grader.runs.deciding.whose import shared_out

    plan = chosen.plan
    found = decisions_of(asked, output, store.database, plan.course)
    others = [place.record for place in chosen.others.values()]
    records = [*(each.record for each in chosen.submissions), *others]
    plan.manual.require_single(records)
    shared = shared_out(found.decided, records)
    submissions = with_other_files(chosen.submissions, shared, found.place.parent, plan.course)
    decisions = Decisions(shared, found.decided.due, found.decided.policy)
    plan = replace(plan, decisions=decisions)
    chosen = replace(chosen, submissions=submissions, plan=plan)
    return found, (*found.notes, *shared.notes), chosen


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


def _run(chosen: Round, store: Store, wanted: _Wanted) -> GradingRun:
    from rich.console import Console

    from grader.commands.shown.progress import LinePerStudent, LiveBar
    from grader.runs.engine import grade_class

    found = chosen.submissions, chosen.plan, store
    keeping, engine, console = wanted.keeping, wanted.engine_of(chosen.plan), Console()
    if console.is_terminal:
        with LiveBar(console) as bar:
            return grade_class(*found, bar, chosen.others, engine, keeping)
    progress = LinePerStudent(console, chosen.plan.course)
    return grade_class(*found, progress, chosen.others, engine, keeping)


def _status(run: GradingRun, written: Written) -> int:
    if run.ungraded:
        return INTERRUPTED
    return GRADER_FAULT if written.record.faults or written.withheld else 0


COMMANDS = (grade,)
