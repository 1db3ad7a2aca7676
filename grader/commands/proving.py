"""For authors: `prove`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated

import typer

from grader.commands.exit_codes import NOT_PASSED

if TYPE_CHECKING:
    from grader.proving.proof import Proof

__all__ = ["COMMANDS", "prove"]


def prove(
    exercises: Annotated[
        list[str] | None,
        typer.Argument(metavar="[EXERCISE]...", help="Which exercises; all of them if left out."),
    ] = None,
    course: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The course, if not the one from here.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Processes in parallel (default: one per core)."),
    ] = None,
) -> None:
    """Prove that a suite is worth its points: it catches what it should, and names it rightly."""
    from grader.courses import find_course
    from grader.proving.running import prove as proofs_of
    from grader.proving.telling import details, line_of
    from grader.runs.devices import default_jobs

    found = find_course(course)
    chosen = found.exercises_named(exercises) if exercises else found.exercises
    proofs: list[Proof] = []
    for proof in proofs_of(found, chosen, jobs or default_jobs()):
        print(line_of(proof), flush=True)
        proofs.append(proof)
    for proof in proofs:
        for line in details(proof):
            print(line)
    if not all(proof.holds for proof in proofs):
        raise typer.Exit(NOT_PASSED)


COMMANDS = (prove,)
