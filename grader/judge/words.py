"""Text that a guest may have written, made fit for a report."""

from __future__ import annotations

import unicodedata

__all__ = ["readable"]

STEERING = {"Cc", "Cs", "Zl", "Zp"}  # control characters, lone surrogates, odd line ends
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def readable(text: str, limit: int) -> str:
    """Return at most `limit` characters of a text, none of which steers a terminal or a browser."""
    return "".join(map(_visible, text[:limit]))


def _visible(character: str) -> str:
    steers = character not in "\n\t" and unicodedata.category(character) in STEERING
    return "\ufffd" if steers or character in BIDI_CONTROLS else character
