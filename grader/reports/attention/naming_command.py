"""The command that gives a shared answer a name, as it works from the current folder."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from grader.courses.finding import is_found_here
from grader.files.default_output import DEFAULT_OUTPUT
from grader.text.wording import encodable

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course

__all__ = ["learning_options"]


def learning_options(course: Course, output: Path) -> str:
    """Return what `grader learn` needs where reports or course are not where it looks for them."""
    place = output.resolve()
    reports = "" if place == DEFAULT_OUTPUT.resolve() else f" --output {shlex.quote(str(place))}"
    about = "" if is_found_here(course) else f" --course {shlex.quote(str(course.folder))}"
    return encodable(f"{reports}{about}")
