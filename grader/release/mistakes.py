"""The tables of mistakes as students get them: of the course's, what their checks can name."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from grader.courses.declared.table import NOT_STARTED, general_mistakes, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.courses import Course
    from grader.courses.mistakes import Mistake

__all__ = ["general_table", "table_of_mistakes"]

STRING = re.compile(r'"([a-z0-9-]+)"')
ALMOST = 3  # the step of a hint that says nearly all


def table_of_mistakes(course: Course, sources: Iterable[str], *, almost: bool) -> str:
    """Return the table in TOML.

    What the hidden suites alone can name is left out: it would say what they look for.

    Args:
        course: whose mistakes they are.
        sources: the code that students get.
        almost: whether the hints' third step is in it.
    """
    named = {name for source in sources for name in STRING.findall(source)}
    table = read_table(course.folder)
    mistakes = (each for each in table.own.values() if each.slug in named)
    starts = _starts(table.starts, almost=almost)
    return "\n".join([_table(mistakes, almost=almost), *starts])


def general_table(*, almost: bool) -> str:
    """Return the table of mistakes that every course knows, in TOML; likewise."""
    return _table(general_mistakes().values(), almost=almost)


def _table(mistakes: Iterable[Mistake], *, almost: bool) -> str:
    entries = [
        f"[{known.slug}]\nsentence = {_string(known.sentence)}\n"
        f"hints = {_steps(known.hints, almost=almost)}\n"
        for known in sorted(mistakes, key=lambda each: each.slug)
    ]
    return "\n".join(entries)


def _starts(starts: Mapping[str, Mapping[str, Sequence[str]]], *, almost: bool) -> Iterator[str]:
    """Give the hints for what is not started; students have its text, so all are in it."""
    for exercise, parts in sorted(starts.items()):
        lines = (
            f"{_string(part)} = {_steps(hints, almost=almost)}\n" for part, hints in parts.items()
        )
        yield f"[{NOT_STARTED}.{exercise}]\n{''.join(lines)}"


def _steps(hints: Sequence[str], *, almost: bool) -> str:
    steps = hints[: ALMOST if almost else ALMOST - 1]
    return f"[{', '.join(map(_string, steps))}]"


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
