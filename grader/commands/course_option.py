"""`--course FOLDER`, for every command that is about a course; what recommended commands have."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from grader.files.default_output import DEFAULT_OUTPUT

__all__ = ["CourseFolder", "course_again", "output_again"]

CourseFolder = Annotated[
    Path | None,
    typer.Option(
        "--course",
        metavar="FOLDER",
        help="The course. Default: the nearest folder upwards with a course.toml in it, else the "
        "one that came with this program.",
    ),
]


def course_again(folder: Path | None) -> str:
    """Return what a command that is recommended has at its end, to be about the same course."""
    return f" --course {shlex.quote(str(folder))}" if folder else ""


def output_again(folder: Path) -> str:
    """Return the same for a command to be about the same reports."""
    return "" if folder == DEFAULT_OUTPUT else f" --output {shlex.quote(str(folder))}"
