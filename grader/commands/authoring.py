"""For authors and instructors: `stubs`, `release`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer

from grader.commands.course_option import CourseFolder, course_again
from grader.commands.exit_codes import NOT_PASSED
from grader.courses import find_authors_course, find_course

__all__ = ["COMMANDS", "release", "stubs"]


def stubs(
    check: Annotated[
        bool, typer.Option("--check", help="Only compare; exit 1 on a difference.")
    ] = False,
    course_folder: CourseFolder = None,
) -> None:
    """Write the stubs and notebooks in exercises/ from a course's solutions."""
    from grader.authoring import stale_stubs, write_stubs
    from grader.submissions.given import LIST, note_given_out

    course = find_authors_course(course_folder)
    if not check:
        for file in write_stubs(course):
            print(f"wrote {file}")
        if new := note_given_out(course):
            print(f"noted {new} new files in {course.folder / LIST}, to know them from work")
        return
    stale = stale_stubs(course)
    for file in stale:
        mend = f"run `grader stubs{course_again(course_folder)}` (or delete a left-over)"
        print(f"{file} is not what its solution makes; {mend}")
    if stale:
        raise typer.Exit(NOT_PASSED)
    print(f"{course.stubs} is up to date with the solutions in {course.solutions}")


def release(
    output: Annotated[
        Path, typer.Argument(metavar="OUTPUT", help="The zip file to write, like lab.zip.")
    ],
    hints: Annotated[bool, typer.Option(help="Include the third (most explicit) hint.")] = True,
    course_folder: CourseFolder = None,
) -> None:
    """Write the students' zip: stubs, notebooks, public checks and data.

    No solution and no hidden test is in it.
    """
    from grader.release import write_release

    count = write_release(find_course(course_folder), output, almost=hints)
    print(f"{output}: {count} files, without a solution and without a hidden test")


COMMANDS = (stubs, release)
