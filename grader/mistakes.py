"""The table of mistakes that students make: what gives each away in words, and its hints.

A result keeps a mistake's slug alone; its words are looked up when somebody is shown them. So a
mended hint is in every report from then on, and nothing is graded again for it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["TABLE", "Mistake", "hint_text", "known_mistakes", "with_sentence"]

TABLE = Path(__file__).with_name("mistakes.toml")
COMPARED = "came back:"  # how the last lines of a message begin, which compare two values


@dataclass(frozen=True)
class Mistake:
    """One mistake.

    Attributes:
        slug: its name in suites and results: `sum-not-mean`.
        sentence: what the report says when it was recognised, modestly.
        hints: three steps: remind, point, almost.
    """

    slug: str
    sentence: str
    hints: tuple[str, str, str]


@cache
def known_mistakes() -> dict[str, Mistake]:
    """Return all mistakes by slug."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {
        slug: Mistake(slug, entry["sentence"], tuple(entry["hints"]))
        for slug, entry in table.items()
    }


def with_sentence(message: str, slug: str | None) -> str:
    """Add to a message what the table says about a mistake, on a line of its own.

    It stands before what came back. A message that has it, as an earlier version kept it, does not
    get it twice.
    """
    known = known_mistakes().get(slug or "")
    if known is None:
        return message
    lines = [line for line in message.split("\n") if line != known.sentence]
    place = next((at for at, line in enumerate(lines) if line.startswith(COMPARED)), len(lines))
    return "\n".join([*lines[:place], known.sentence, *lines[place:]])


def hint_text(slug: str | None) -> str | None:
    """Return the steps of a mistake's hint, a line each; None where the table has none."""
    known = known_mistakes().get(slug or "")
    return "\n".join(known.hints) if known else None
