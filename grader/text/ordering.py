"""The order in which people look texts up."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["in_order"]

NUMBER = re.compile(r"\d+")
DIGITS = 12  # a number that is longer is compared as text


def in_order(text: str) -> str:
    """Return what texts are sorted by: letters without case and accents, numbers by their size."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return NUMBER.sub(lambda digits: digits[0].zfill(DIGITS), letters)
