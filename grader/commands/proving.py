"""For authors: `prove`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated

import typer

from grader.commands.course_option import CourseFolder  # noqa: TC001 - typer reads annotations
from grader.commands.exit_codes import NOT_PASSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.courses import Course, Exercise
    from grader.proving.certificate import Certificate
    from grader.proving.proof import Proof

__all__ = ["COMMANDS", "prove"]


def prove(
    exercises: Annotated[
        list[str] | None,
        typer.Argument(metavar="[EXERCISE]...", help="Which exercises; all of them if left out."),
    ] = None,
    course: CourseFolder = None,
    runs: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="Also run each solution N times with other data, for flakes."
        ),
    ] = 0,
    page: Annotated[
        Path | None,
        typer.Option(metavar="FILE", show_default=False, help="Write all of it as an HTML page."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Processes in parallel (default: one per core)."),
    ] = None,
) -> None:
    """Prove that a suite is worth its points: it catches what it should, and names it rightly."""
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
    from grader.proving.page import proof_page

    by_exercise = {each.exercise: each for each in certificates}
    file.write_text(proof_page(course, proofs, by_exercise), encoding="utf-8")
    print(f"wrote {file}")


COMMANDS = (prove,)
