"""For authors: `prove`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from grader.commands.course_option import CourseFolder  # noqa: TC001 - typer reads annotations
from grader.commands.exit_codes import GRADER_FAULT, NOT_PASSED
from grader.errors import UsageError
from grader.files.default_output import DEFAULT_OUTPUT
from grader.files.replaceable import is_own_page, require_own

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.courses import Course, Exercise
    from grader.proving.against.comparing import Wanted
    from grader.proving.against.comparison import Comparison
    from grader.proving.certificate import Certificate
    from grader.proving.proof import Proof

__all__ = ["COMMANDS", "prove"]


def prove(
    exercises: Annotated[
        list[str] | None,
        typer.Argument(metavar="[EXERCISE]...", help="Which exercises. Default: all."),
    ] = None,
    course: CourseFolder = None,
    runs: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="N",
            help="Also run each solution N times with other data: which tests fail by chance?",
        ),
    ] = 0,
    page: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", show_default=False, help="Also write everything as an HTML page."
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Processes in parallel (default: one per core)."),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="CLASS",
            show_default=False,
            help="Instead, grade this class (as `grade` takes it) with the tests as they are now, "
            "and compare with its results: who would lose or gain points, and by which test. "
            "Nothing of the class is changed.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            show_default=False,
            help="With --against: where `grade` left these results (default: reports).",
        ),
    ] = None,
) -> None:
    """Test a suite: does it catch wrong answers, and does it name the mistakes correctly?

    With --against CLASS: what would changed hidden tests do to a class that is graded already?

    Exit codes: 0 nothing found (--against: no student would lose points), 1 something found (a
    student would lose), 2 nothing could be proved or compared, 3 the grader failed, 130 stopped by
    Ctrl-C.
    """
    if page is not None:
        require_own(page, is_own_page)
    if against is not None:
        if runs:
            raise UsageError("--runs tries solutions, and --against a class: leave one out")
        raise typer.Exit(
            _compare(against, output or DEFAULT_OUTPUT, course, exercises or (), jobs, page)
        )
    if output is not None:
        raise UsageError("--output is about a class: add --against CLASS")
    from grader.courses import find_authors_course
    from grader.runs.devices import default_jobs

    found = find_authors_course(course)
    chosen = found.exercises_named(exercises) if exercises else found.exercises
    proofs = list(_proofs(found, chosen, jobs or default_jobs()))
    certificates = list(_certificates(found, chosen, runs, jobs or default_jobs()))
    if page is not None:
        _write(page, found, proofs, certificates)
    if not all([proof.holds for proof in proofs] + [each.holds for each in certificates]):
        raise typer.Exit(NOT_PASSED)


def _proofs(course: Course, exercises: Sequence[Exercise], jobs: int) -> Iterator[Proof]:
    """Prove exercises; print a line for each as it is known, and below it what was found."""
    from grader.proving.running import prove as proofs_of
    from grader.proving.telling import details, line_of

    for proof in proofs_of(course, exercises, jobs):
        print(line_of(proof), *details(proof), sep="\n", flush=True)
        yield proof


def _certificates(
    course: Course, exercises: Sequence[Exercise], runs: int, jobs: int
) -> Iterator[Certificate]:
    """Run the solutions many times; print how often each test failed."""
    from grader.proving.certificate import certify
    from grader.proving.telling import chances

    if runs:
        for certificate in certify(course, exercises, runs, jobs):
            print(*chances(certificate), sep="\n", flush=True)
            yield certificate


def _write(
    file: Path, course: Course, proofs: Sequence[Proof], certificates: Sequence[Certificate]
) -> None:
    from grader.files.replacing import replace
    from grader.proving.page import proof_page

    by_exercise = {each.exercise: each for each in certificates}
    replace(file, proof_page(course, proofs, by_exercise))
    print(f"wrote {file}")


def _compare(
    against: Path,
    output: Path,
    course: Path | None,
    exercises: Sequence[str],
    jobs: int | None,
    page: Path | None,
) -> int:
    """Compare what a class has with what it would have; return the exit code."""
    from grader.courses import find_course
    from grader.files.replacing import replace
    from grader.proving.against.comparing import Wanted
    from grader.proving.against.page import comparison_page
    from grader.proving.against.telling import told
    from grader.sandbox.command import Isolation, require_isolation
    from grader.submissions import find_class

    found = find_course(course)
    found.require_packages()
    chosen = found.exercises_named(exercises)
    require_isolation(Isolation.BUBBLEWRAP, instead="")
    wanted = Wanted(found, chosen, find_class(against, found, output), output, jobs)
    comparison = _compared(wanted)
    print(*told(comparison), sep="\n")
    if page is not None:
        replace(page, comparison_page(found, comparison))
        print(f"wrote {page}")
    if comparison.faults:
        return GRADER_FAULT
    return NOT_PASSED if comparison.losing else 0


def _compared(wanted: Wanted) -> Comparison:
    """Compare; in a terminal, a bar shows how far it is."""
    from rich.console import Console

    from grader.commands.shown.progress import LiveBar
    from grader.proving.against.comparing import compare_class
    from grader.runs.engine import Progress

    console = Console()
    if console.is_terminal:
        with LiveBar(console) as bar:
            return compare_class(wanted, bar)
    return compare_class(wanted, Progress())


COMMANDS = (prove,)
