"""The zip that students get: the same bytes each time for the same lab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.courses import carried_course
from grader.errors import UsageError
from grader.files.replaceable import require_own
from grader.files.replacing import replacing_bytes
from grader.files.zipping import is_own_zip, write_zip
from grader.release.contents import contents

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course

__all__ = ["write_release"]

TOP = "nn-training-lab"  # of the lab that the package carries


def write_release(course: Course, output: Path, *, almost: bool) -> int:
    """Write the zip; return how many files are in it.

    Args:
        course: what students work on.
        output: where it goes; an earlier one is replaced once the new one is whole.
        almost: whether the hints' third step, which says nearly all, is in it.

    Raises:
        UsageError: it can't be written there, or the course lacks something that belongs in it.
        AuthoringError: a stub can't be made from its solution.
    """
    require_own(output, is_own_zip)
    files, top = contents(course, almost=almost), _top(course)
    try:
        with replacing_bytes(output) as file:
            write_zip(file, ((f"{top}/{name}", content) for name, content in sorted(files.items())))
    except OSError as error:
        raise UsageError(f"{output} can't be written: {error.strerror}") from error
    return len(files)


def _top(course: Course) -> str:
    """Return the name of the folder that students unpack: of a course, that of its own."""
    return TOP if course.folder == carried_course().folder else course.folder.name
