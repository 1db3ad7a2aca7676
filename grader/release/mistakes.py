"""The tables of mistakes as students get them: of the course's, what their checks can name."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from grader.courses.declared.table import general_mistakes, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    own = read_table(course.folder).own.values()
    return _table((each for each in own if each.slug in named), almost=almost)


def general_table(*, almost: bool) -> str:
    """Return the table of mistakes that every course knows, in TOML; likewise."""
    return _table(general_mistakes().values(), almost=almost)


def _table(mistakes: Iterable[Mistake], *, almost: bool) -> str:
    steps = ALMOST if almost else ALMOST - 1
    entries = [
        f"[{known.slug}]\nsentence = {_string(known.sentence)}\n"
        f"hints = [{', '.join(map(_string, known.hints[:steps]))}]\n"
        for known in sorted(mistakes, key=lambda each: each.slug)
    ]
    return "\n".join(entries)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
