"""`--course FOLDER`, for every command that is about a course."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["CourseFolder", "course_again"]

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
