"""For authors and instructors: `stubs`, `release`, `new`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer

from grader.commands.course_option import CourseFolder, course_again
from grader.commands.exit_codes import NOT_PASSED
from grader.courses import find_authors_course, find_course
from grader.errors import UsageError

__all__ = ["COMMANDS", "new", "release", "stubs"]

MISTAKE = "mistake"
USES = (
    "`grader new --course FOLDER` makes a course, `grader new NAME` an exercise, and "
    "`grader new mistake EXERCISE SLUG` a mistake"
)


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


def new(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME | mistake EXERCISE SLUG]",
            show_default=False,
            help="NAME: an exercise. mistake EXERCISE SLUG: a mistake. Nothing: a course.",
        ),
    ] = None,
    course: CourseFolder = None,
    title: Annotated[
        str,
        typer.Option(
            metavar="TEXT", show_default=False, help="Title of the course or the exercise."
        ),
    ] = "",
    given: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            show_default=False,
            help="A file with the mistake, as a student handed it in: the entry is made from it.",
        ),
    ] = None,
) -> None:
    """Start a course, an exercise or a mistake, with files that can be graded at once."""
    words = what or []
    if words[:1] == [MISTAKE]:
        _mistake(words[1:], course, given)
    elif given is not None or len(words) > 1:
        raise UsageError(f"that is none of what can be made: {USES}")
    elif words:
        _exercise(words[0], title, course)
    elif course is None:
        raise UsageError(f"say what to make: {USES}")
    else:
        _course(course, title)


def _course(folder: Path, title: str) -> None:
    from grader.authoring.scaffolding import new_course

    _tell(new_course(folder, title))
    again = course_again(folder)
    print(f"\nNext: `grader new NAME{again}` adds an exercise,")
    print(f"`grader stubs{again}` makes what students are given.")


def _exercise(name: str, title: str, folder: Path | None) -> None:
    from grader.authoring.scaffolding import new_exercise

    _tell(new_exercise(find_authors_course(folder), name, title))
    command = f"grader prove {name}{course_again(folder)}"
    print(f"\nNext: write the solution, then the tests; `{command}` says what they catch.")


def _mistake(words: list[str], folder: Path | None, given: Path | None) -> None:
    from grader.authoring.scaffolding import new_mistake

    if len(words) != 2:
        raise UsageError("name the exercise and the mistake: `grader new mistake EXERCISE SLUG`")
    course = find_authors_course(folder)
    exercise = course.exercise_named(words[0])
    made = new_mistake(course, exercise, words[1], given)
    _tell(made.files)
    if made.is_to_be_changed:
        print(f"\nMake the mistake in {made.files[0]}, and delete there what stays as it is.")
    print("In mistakes.toml, write the sentence and the hints, and which test catches it.")
    print(f"In {made.suite}, beside the right answer, in `mistakes={{...}}`:")
    print(f"    {made.line}")
    command = f"grader prove {exercise.name}{course_again(folder)}"
    print(f"\nThen `{command}` says whether it is caught and named.")


def _tell(files: list[Path]) -> None:
    for file in files:
        print(f"wrote {file}")


COMMANDS = (stubs, release, new)
