"""Text that a guest may have written, made fit for a report."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["discreet", "readable", "values_in"]

STEERING = {"Cc", "Cs", "Zl", "Zp"}  # control characters, lone surrogates, odd line ends
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LEFT_OUT = "…"
PRINTED = re.compile(r"\b(tensor|array)\([\s\[]*[-\d][^()]*\)?")
ROW = re.compile(r"\[[-+\d.,e\s\[\]]+")
DECIMAL = re.compile(r"\d*\.\d+(?:e[-+]?\d+)?|\d+\.?e[-+]?\d+")
NUMBER = re.compile(r"\d+")
TELLING_ROW = 5  # numbers: shapes and places in a tensor have fewer
TELLING_DIGITS = 4  # of one number: learning rates, shares and seconds have fewer


def readable(text: str, limit: int) -> str:
    """Return at most `limit` characters of a text, none of which steers a terminal or a browser."""
    return "".join(map(_visible, text[:limit]))


def discreet(text: str) -> str:
    """Return a hidden test's message without data: printed tensors, rows, numbers of many digits.

    A submission raises what it likes, with what it was given in it. Shapes, places and counts stay.
    """
    text = PRINTED.sub(rf"\1({LEFT_OUT})", text)
    text = ROW.sub(_without_data, text)
    return DECIMAL.sub(_without_digits, text)


def values_in(text: str) -> bool:
    """Tell whether a text holds what `discreet` leaves out."""
    return discreet(text) != text


def _without_data(row: re.Match[str]) -> str:
    return row[0] if len(NUMBER.findall(row[0])) < TELLING_ROW else f"[{LEFT_OUT}]"


def _without_digits(decimal: re.Match[str]) -> str:
    digits = decimal[0].partition("e")[0].replace(".", "").lstrip("0")
    return decimal[0] if len(digits) < TELLING_DIGITS else LEFT_OUT


def _visible(character: str) -> str:
    steers = character not in "\n\t" and unicodedata.category(character) in STEERING
    return "\ufffd" if steers or character in BIDI_CONTROLS else character
