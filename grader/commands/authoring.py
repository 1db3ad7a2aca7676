"""For authors and instructors: `stubs`, `release`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer

from grader.commands.exit_codes import NOT_PASSED
from grader.courses import carried_course
from grader.errors import UsageError

__all__ = ["COMMANDS", "release", "stubs"]


def stubs(
    check: Annotated[
        bool, typer.Option("--check", help="Only compare; exit 1 on a difference.")
    ] = False,
) -> None:
    """Write the stubs and notebooks in exercises/ from solutions/."""
    from grader.authoring import stale_stubs, write_stubs
    from grader.submissions.given import note_given_out

    course = carried_course()
    if not course.solutions.is_dir():
        raise UsageError("there are no solutions here: `stubs` works in a checkout of the lab")
    if not check:
        for file in write_stubs(course):
            print(f"wrote {file}")
        if new := note_given_out(course):
            print(f"{new} files are new among those that are known to be given out")
        return
    stale = stale_stubs(course)
    for file in stale:
        print(
            f"{file} is not what its solution makes; run `./nox -s stubs` (or delete a left-over)"
        )
    if stale:
        raise typer.Exit(NOT_PASSED)
    print("exercises/ is up to date with solutions/")


def release(
    output: Annotated[
        Path, typer.Argument(metavar="OUTPUT", help="The zip file to write, like lab.zip.")
    ],
    hints: Annotated[bool, typer.Option(help="Include the third (most explicit) hint.")] = True,
) -> None:
    """Write the students' zip: stubs, notebooks, public checks and data.

    No solution and no hidden test is in it.
    """
    from grader.release import write_release

    count = write_release(output, almost=hints)
    print(f"{output}: {count} files, without a solution and without a hidden test")


COMMANDS = (stubs, release)
