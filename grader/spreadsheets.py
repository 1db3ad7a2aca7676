"""Text that a spreadsheet takes as text, whatever it begins with."""

from __future__ import annotations

import unicodedata

from grader.wording import encodable

__all__ = ["text_cell"]

FORMULA_STARTS = frozenset("=+-@\N{MINUS SIGN}")  # a spreadsheet runs a cell that begins so
SEPARATORS = frozenset(",;|\t\n\r\v\f\x85\u2028\u2029")  # of some country or program
SKIPPED = {"Cc", "Cf", "Zs"}  # spaces and invisible characters, which may be trimmed


def text_cell(value: str) -> str:
    """Return a text that a spreadsheet takes as text, also where it takes it for several cells.

    An apostrophe stands before what could begin a formula, also one of full width.
    """
    text, begins = [], True
    for character in encodable(value):
        plain = unicodedata.normalize("NFKC", character)[:1]
        text += ["'"] if begins and plain in FORMULA_STARTS else []
        text.append(character)
        skipped = unicodedata.category(character) in SKIPPED
        begins = plain in SEPARATORS or (begins and skipped)
    return "".join(text)
