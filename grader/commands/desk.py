"""For students: `check`, `watch`, `list`, `reset`."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.commands.course_option import CourseFolder  # noqa: TC001 - typer reads it
from grader.commands.exit_codes import NOT_PASSED
from grader.courses import find_course

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.sandbox.limits import Limits

__all__ = ["COMMANDS", "check", "list_exercises", "reset", "watch"]

Limit = Annotated[
    float | None,
    typer.Option(
        min=0.1,
        metavar="SECONDS",
        help="How long one call of your code may take. Default: 10, or the exercise's own limit.",
    ),
]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Let torch be imported without garbage collections, a tenth of its time; it makes none."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def check(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WHAT",
            help="Exercises (hw3, or 3) or files. Default: the first unfinished exercise.",
        ),
    ] = None,
    hint: Annotated[
        int,
        typer.Option(
            min=1,
            max=3,
            metavar="N",
            help="Hint level: 1 is a reminder, 3 nearly gives the answer.",
        ),
    ] = 1,
    limit: Limit = None,
    course: CourseFolder = None,
) -> None:
    """Run the public checks on your own files."""
    from grader.desk.files import files_here, files_to_check

    found, limits = find_course(course), _limits(limit)
    wanted = [part for each in what or () for part in _parts(each)]
    # what is not there is said before torch is loaded
    files = files_to_check(found, wanted) if wanted else files_here(found)
    with _no_collection():
        from grader.desk.checking import check_files, check_first_open

    if wanted:
        passed = check_files(found, wanted, files, hint, limits)
    else:
        passed = check_first_open(found, files, hint, limits)
    raise typer.Exit(0 if passed else NOT_PASSED)


def _limits(call_s: float | None) -> Limits:
    from grader.sandbox.limits import Limits

    return Limits() if call_s is None else Limits.of_call(call_s)


def _parts(name: str) -> list[str]:
    """Return the exercises in `3,tokenizer`; a file's name is one."""
    return [name] if Path(name).exists() else [part for part in name.split(",") if part.strip()]


def watch(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WHAT",
            help="Exercises (hw3, or 3) or files. Default: all exercises.",
        ),
    ] = None,
    limit: Limit = None,
    course: CourseFolder = None,
) -> None:
    """Re-check on every save; keys for next, hint and quit."""
    from grader.desk.watch.watching import watch_files

    wanted = [part for each in what or () for part in _parts(each)]
    watch_files(find_course(course), wanted, _limits(limit))


def list_exercises(limit: Limit = None, course: CourseFolder = None) -> None:
    """List all exercises, with their minutes and your progress."""
    from rich.console import Console

    with _no_collection():
        from grader.desk.arc import arc_lines, choices_here, states_here

    found, console = find_course(course), Console(highlight=False)
    states = states_here(found, _limits(limit))
    for line in (*choices_here(found), *arc_lines(found, states)):
        console.print(line, soft_wrap=True)


def reset(
    what: Annotated[
        str,
        typer.Argument(metavar="WHAT", help="An exercise (hw3, or 3) or a file."),
    ],
    course: CourseFolder = None,
) -> None:
    """Restore an exercise's original file; yours is kept beside it."""
    from grader.desk.files import file_to_reset
    from grader.desk.resetting import reset_exercise

    found = find_course(course)
    print(reset_exercise(found, *file_to_reset(found, what)))


list_exercises.__name__ = "list"
COMMANDS = (check, watch, list_exercises, reset)
