"""Put numbers, verdicts and text from submissions into the form that pages show."""

from __future__ import annotations

import math
import re
from datetime import datetime

from grader.results.verdicts import Verdict
from grader.text.characters import CONTROLS, NO_CHARACTERS, TURNING, any_of, replaced

__all__ = [
    "SIGNS",
    "encodable",
    "finite",
    "moment",
    "number",
    "percentage",
    "plural",
    "printable",
    "rounded",
    "share",
    "signed",
]

SIGNS = {verdict: verdict.sign for verdict in Verdict}

TERMINAL_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])")
NEWLINE = re.compile(r"\r\n?")
UNPRINTABLE = any_of(CONTROLS, NO_CHARACTERS)
TURNS = any_of(TURNING)
MINUS = "\N{MINUS SIGN}"
DATE, LONGEST_TIME = len("2026-11-27"), 80  # characters


def number(value: float) -> str:
    """Say a score with two decimals at most: `15`, `7.5`, `3.33`."""
    return f"{round(finite(value), 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def signed(value: float) -> str:
    """Say by how much a score changes: `+2`, `−0.5`."""
    return f"{'+' if value >= 0 else MINUS}{number(abs(value))}"


def moment(time: str) -> str:
    """Return a time in ISO 8601 as people read it: `2026-11-27 23:58 UTC+01:00`."""
    try:
        at = datetime.fromisoformat(time)
    except ValueError:
        return printable(time)[:LONGEST_TIME]
    if len(time) <= DATE:
        return time
    return f"{at:%Y-%m-%d %H:%M} {at.tzname() or ''}".strip()


def finite(value: float) -> float:
    """Return a number as it is, and 0 for NaN and infinity, which no output may hold."""
    return value if math.isfinite(value) else 0.0


def rounded(value: float) -> float:
    """Return a score that every JSON parser reads: 0.1 + 0.2 is 0.3 to whoever reads it."""
    return round(finite(value), 6)


def share(part: float, whole: float) -> float:
    """Return how much of a whole a part is, from 0 to 1."""
    quotient = finite(part) / whole if finite(whole) > 0 else 0.0
    return min(max(quotient, 0.0), 1.0)


def percentage(part: float, whole: float) -> str:
    """Return how much of a whole a part is as a CSS percentage."""
    return f"{100 * share(part, whole):.4g}%"


def plural(count: int, noun: str) -> str:
    """Count things in words: `1 student`, `10,000 students`."""
    return f"{count} {noun}" if count == 1 else f"{count:,} {noun}s"


def encodable(text: str) -> str:
    r"""Return a text that UTF-8 can hold; an undecodable byte of a file name shows as `\udcff`."""
    return text.encode("utf-8", "backslashreplace").decode()


def printable(text: str) -> str:
    """Return a text that steers neither a terminal nor a browser; its lines stay lines.

    Terminal sequences and control characters are taken out; what would turn a text around shows.
    """
    if text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable():  # most are
        return text
    text = NEWLINE.sub("\n", TERMINAL_SEQUENCE.sub("", text))
    return replaced(TURNS, UNPRINTABLE.sub("", encodable(text)))
