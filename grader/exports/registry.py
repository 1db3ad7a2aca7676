"""The formats there are: a new one adds its module and its line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.exports import feedback_zip, gradescope, junit, mail, nbgrader, statistics
from grader.exports.gradebooks import blackboard, brightspace, canvas, moodle, sakai

if TYPE_CHECKING:
    from grader.exports.formats import Format

__all__ = ["FORMATS", "format_named"]

FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        canvas.FORMAT,
        moodle.FORMAT,
        blackboard.FORMAT,
        brightspace.FORMAT,
        sakai.FORMAT,
        gradescope.FORMAT,
        nbgrader.FORMAT,
        junit.FORMAT,
        statistics.FORMAT,
        mail.FORMAT,
        feedback_zip.FORMAT,
    )
}


def format_named(name: str) -> Format:
    """Return a format by its name.

    Raises:
        UsageError: there is none of that name.
    """
    if name.lower() not in FORMATS:
        raise UsageError(f"there is no format {name!r}; there are {', '.join(FORMATS)}")
    return FORMATS[name.lower()]
