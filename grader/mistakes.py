"""The table of mistakes that students make: what gives each away in words, and its hints."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["TABLE", "Mistake", "known_mistakes", "with_sentence"]

TABLE = Path(__file__).with_name("mistakes.toml")


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
    """Append to a message what the table says about a mistake, on a line of its own."""
    known = known_mistakes().get(slug) if slug else None
    return f"{message}\n{known.sentence}" if known else message
