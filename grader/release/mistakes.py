"""The table of mistakes as students get it: those that their own checks can name, and no others."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from grader.courses.mistakes import known_mistakes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.courses import Course

__all__ = ["table_of_mistakes"]

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
    steps = ALMOST if almost else ALMOST - 1
    entries = [
        f"[{slug}]\nsentence = {_string(known.sentence)}\n"
        f"hints = [{', '.join(map(_string, known.hints[:steps]))}]\n"
        for slug, known in sorted(known_mistakes(course).items())
        if slug in named
    ]
    return "\n".join(entries)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
