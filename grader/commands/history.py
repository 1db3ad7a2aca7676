"""For instructors: `runs` and `diff`."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from grader.commands.course_option import CourseFolder  # noqa: TC001 - typer reads it
from grader.courses import find_course
from grader.errors import UsageError
from grader.files.default_output import DEFAULT_OUTPUT
from grader.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.runs.store import Store

__all__ = ["COMMANDS", "diff", "runs"]

OUTPUT = "The folder of the reports."


def runs(
    output: Annotated[Path, typer.Argument(metavar="OUTPUT", help=OUTPUT)] = DEFAULT_OUTPUT,
    restore: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Go back to run N: write its reports again. Nothing is graded, and the runs after "
            "it are kept.",
        ),
    ] = None,
    course_folder: CourseFolder = None,
) -> None:
    """List the runs that are kept, and how large their store is; or go back to one of them.

    A run in which nothing changed is no new run. `grade --keep N` says how many are kept.
    """
    if restore is not None:
        print("\n".join(_restored(output, restore, course_folder)))
        return
    from grader.commands.shown.listing import listed

    with _read(output) as store:
        print("\n".join(map(printable, listed(store.database))))


def diff(
    before: Annotated[int, typer.Argument(metavar="RUN", help="A run's number.")],
    after: Annotated[int, typer.Argument(metavar="RUN", help="Another run's number.")],
    output: Annotated[Path, typer.Option(metavar="FOLDER", help=OUTPUT)] = DEFAULT_OUTPUT,
    csv: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write all of it as a table, a row per test."),
    ] = None,
) -> None:
    """Show what changed from one run to another: who lost and gained, by which test, and why.

    `grader runs` lists the numbers. Nothing is graded.
    """
    from grader.files.replaceable import require_own
    from grader.files.replacing import replacing_bytes
    from grader.reports.changes.changes_file import is_own_table, write_changes
    from grader.reports.changes.printed import differences
    from grader.reports.changes.runs_in_words import lead_between
    from grader.runs.history.comparing import compare_runs
    from grader.runs.history.kept_runs import KeptRuns

    if csv is not None:
        require_own(csv, is_own_table)
    with _read(output) as store:
        kept = KeptRuns(store.database)
        found = compare_runs(kept, kept.run(before), kept.run(after))
    if csv is not None:
        with replacing_bytes(csv) as table:
            write_changes(table, found)
    print("\n".join([lead_between(found), *differences(found, str(csv or "--csv FILE"))]))


@contextmanager
def _read(output: Path) -> Iterator[Store]:
    """Open the store of an output folder to read it; it stays as it is.

    Raises:
        UsageError: there is none, or a run is writing to it.
    """
    from grader.files.output_folder import STORE, as_it_is
    from grader.runs.store import Store

    if not (output / STORE).is_file():
        raise UsageError(f"there are no results in {output}: name the folder of the reports")
    with as_it_is(output), Store(output / STORE, read_only=True) as store:
        yield store


def _restored(output: Path, number: int, course_folder: Path | None) -> Iterator[str]:
    """Go back to a run; give the lines that `grade` ends with."""
    from grader.files.output_folder import STORE, OutputFolder
    from grader.reports import write_reports
    from grader.reports.classes.summary import summary_lines
    from grader.runs.deciding.applying import Decisions
    from grader.runs.deciding.remembering import Asked, decisions_of
    from grader.runs.deciding.whose import shared_out
    from grader.runs.history.returning import return_to
    from grader.runs.kept_class import KeptClass
    from grader.runs.manual import read_manual
    from grader.runs.regrading import refuse_another_course
    from grader.runs.store import Store

    course = find_course(course_folder)
    if not (output / STORE).is_file():
        raise UsageError(f"there are no results in {output}: name the folder of the reports")
    with OutputFolder(output), Store(output / STORE) as store:
        refuse_another_course(course, KeptClass(store.database), output)
        manual = read_manual(course.folder, course.exercises)
        found = decisions_of(Asked(), output, store.database, course)
        records = KeptClass(store.database).records()
        manual.require_single(records)
        shared = shared_out(found.decided, records)
        decisions = Decisions(shared, found.decided.due, found.decided.policy)
        run = return_to(number, course, store, manual, decisions)
        written = write_reports(run, output, anonymous=(output / "anonymous.html").exists())
        yield f"The class has the results of run {number} again; nothing was graded."
        yield from summary_lines(written, run, output)


COMMANDS = (runs, diff)
