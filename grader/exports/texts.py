"""Text from results as other programs can show it: bounded, and no character steers anything."""

from __future__ import annotations

from grader.text.wording import printable

__all__ = ["YES_NO", "line", "plain"]

MAX_CHARACTERS = 10_000
YES_NO = {None: "", True: "yes", False: "no"}  # as in grades.csv; None is not known


def plain(text: str) -> str:
    """Return the beginning of a text, without control characters; its lines stay lines."""
    if len(text) <= MAX_CHARACTERS:
        return printable(text)
    return f"{printable(text[:MAX_CHARACTERS])}\n[the first {MAX_CHARACTERS:,} characters]"


def line(text: str) -> str:
    """Return the beginning of a text on one line."""
    return " ".join(plain(text).split())
