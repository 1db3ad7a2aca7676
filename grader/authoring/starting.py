"""Hints for what is not started: which functions and answer cells they are about, or lack them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.authoring.handing_in import sources_of
from grader.authoring.regions import BEGIN, find_regions
from grader.courses.declared.strict import meant
from grader.courses.declared.table import NOT_STARTED, read_table

if TYPE_CHECKING:
    from grader.courses import Course, Exercise

__all__ = ["parts_to_write", "parts_without_hints"]


def parts_to_write(course: Course, exercise: Exercise) -> tuple[str, ...]:
    """Return what students write of an exercise: functions, methods, or ids of answer cells.

    Raises:
        AuthoringError: the solution is not Python, or its markers are not in order.
        UsageError: there is none.
    """
    if exercise.cells:
        return exercise.cells
    sources = {name: text for name, text in sources_of(course, exercise).items() if BEGIN in text}
    regions = (each for name, text in sources.items() for each in find_regions(text, name))
    return tuple(dict.fromkeys(region.function for region in regions))


def parts_without_hints(course: Course, exercise: Exercise) -> tuple[str, ...]:
    """Return the parts for which the table has no hints; none where it has none for any.

    Raises:
        AuthoringError: as `parts_to_write`.
        UsageError: the table can't be read, or has hints for what nobody writes; the message names
            file and line.
    """
    table = read_table(course.folder)
    names = [each.name for each in course.exercises]
    for name in table.starts:
        if name not in names:
            words = f"there is no exercise {name!r}; {meant(name, names)}"
            raise table.file.error((NOT_STARTED, name), words)
    known, parts = table.starts.get(exercise.name, {}), parts_to_write(course, exercise)
    for part in known:
        if part not in parts:
            words = f"{exercise.name} has no {part!r} to write; {meant(part, parts)}"
            raise table.file.error((NOT_STARTED, exercise.name, part), words)
    return tuple(part for part in parts if part not in known) if known else ()
