"""Colour code, piece by piece: what many students have written alike is coloured once.

A lexer takes longer than all the rest of a page, and most lines of a class's code are the same.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer, TextLexer

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["coloured_lines", "pieces"]

AS_IT_IS = {"stripnl": False, "ensurenl": False}
LEXERS = {"python": PythonLexer(**AS_IT_IS), "text": TextLexer(**AS_IT_IS)}
FORMATTER = HtmlFormatter(nowrap=True)
UNSTYLED = re.compile(r'<span class="(?:n|o|p|w)">([^<]*)</span>')  # the style sheet has no colour
# what a line break, or the quote that begins a string, means nothing in
COMMENTS_AND_STRINGS = re.compile(
    r"""
    \#[^\n]*
    | "(?: ""(?: [^"\\]++ | \\. | "(?!"") )*+ (?:\"{3}|\Z) | (?: [^"\\\n]++ | \\. )*+ "? )
    | '(?: ''(?: [^'\\]++ | \\. | '(?!'') )*+ (?:'{3}|\Z) | (?: [^'\\\n]++ | \\. )*+ '? )
    """,
    re.VERBOSE | re.DOTALL,
)
LINE_END = re.compile("\n")
KEPT, LONGEST_KEPT = 20_000, 4_000  # pieces, and characters of one: 10 MB in an ordinary class


def coloured_lines(text: str, language: str) -> list[str]:
    """Return the lines of some code as HTML, coloured by `python` or not at all (`text`)."""
    return "".join(_coloured(piece, language) for piece in pieces(text, language)).split("\n")


def pieces(text: str, language: str) -> Iterator[str]:
    """Cut code into pieces that say by themselves what they are: lines, and long strings whole."""
    start = 0
    for end in _line_ends(text) if language == "python" else ():
        yield text[start:end]
        start = end
    yield text[start:]


def _line_ends(text: str) -> Iterator[int]:
    """Return where lines end, but for those that end inside of a string."""
    start = 0
    for match in COMMENTS_AND_STRINGS.finditer(text):
        yield from (line.end() for line in LINE_END.finditer(text, start, match.start()))
        start = match.end()
    yield from (line.end() for line in LINE_END.finditer(text, start))


def _coloured(piece: str, language: str) -> str:
    return (_kept if len(piece) <= LONGEST_KEPT else _fresh)(piece, language)


def _fresh(piece: str, language: str) -> str:
    html = UNSTYLED.sub(r"\1", highlight(piece, LEXERS[language], FORMATTER))
    # the formatter ends every line, also the last one of a piece that does not
    return html if piece.endswith("\n") else html.removesuffix("\n")


_kept = lru_cache(maxsize=KEPT)(_fresh)
