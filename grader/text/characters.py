r"""The one table of the characters that must not reach a reader as they are.

A text from a submission, a download or a roster may hold them, and each output has its own rule for
what becomes of them: a name shows that something was there, what was printed loses what only a
terminal understands. What they are is said here alone. Each is a range for a pattern of one
character, so that a text of any length is gone through once.
"""

from __future__ import annotations

import re

__all__ = [
    "CONTROLS",
    "DIRECTION_MARKS",
    "LAYOUT",
    "LINE_ENDS",
    "NO_CHARACTERS",
    "SURROGATES",
    "TURNING",
    "any_of",
    "replaced",
]

LAYOUT = r"\t\n"  # control characters, too, but a text may have them
CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # a terminal obeys them; HTML and XML forbid them
SURROGATES = r"\ud800-\udfff"  # UTF-8 can't hold them
LINE_ENDS = r"\u2028\u2029"  # a line of ours is two to whoever knows these
NO_CHARACTERS = r"\ufdd0-\ufdef\ufffe\uffff"  # HTML forbids them
TURNING = r"\u202a-\u202e\u2066-\u2069"  # turn the text around them: it reads other than it is
# Right-to-left writing needs these, and no code does.
DIRECTION_MARKS = r"\u061c\u200e\u200f"


def any_of(*ranges: str) -> re.Pattern[str]:
    """Return what finds each character of some ranges of this table."""
    return re.compile(f"[{''.join(ranges)}]")


def replaced(characters: re.Pattern[str], text: str) -> str:
    """Return a text in which something stands in the place of each such character."""
    return characters.sub("\N{REPLACEMENT CHARACTER}", text)
