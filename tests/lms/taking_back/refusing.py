"""What all of them have in common: a refusal, and tables."""

from __future__ import annotations

import csv
import io
import re

__all__ = ["Refused", "number", "table"]

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


class Refused(Exception):
    """The LMS would not take this file."""


def table(text: str, delimiter: str) -> list[list[str]]:
    """Read separated values as strictly as the LMSs do."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        raise Refused(f"malformed: {error}") from error


def number(text: str) -> float:
    """Read a plain decimal number; no `inf`, `nan`, `1e3`, thousands or commas."""
    if not _NUMBER.fullmatch(text.strip()):
        raise Refused(f"{text!r} is no number")
    return float(text)
