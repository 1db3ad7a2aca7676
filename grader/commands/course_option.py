"""`--course FOLDER`, for every command that is about a course."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["CourseFolder"]

CourseFolder = Annotated[
    Path | None,
    typer.Option(
        "--course",
        metavar="FOLDER",
        help="The course. Default: the nearest folder upwards with a course.toml in it, else the "
        "one that came with this program.",
    ),
]
