"""The room that a page has for what a submission holds, and the time that it may take.

Whatever was handed in, a page stays light: its file, the pictures that a browser unpacks, and the
time that it takes to render. What was handed in takes room in the order of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from grader.reports.code.rendering import renderer

if TYPE_CHECKING:
    from grader.reports.code.markup import Kind

__all__ = ["PLAIN", "TOO_MUCH", "Room"]

MAX_BYTES = 1_200_000  # of what was handed in
MAX_PIXELS = 24_000_000  # of all pictures; a browser takes four bytes for each
MAX_CPU_S, MAX_PIECE_CPU_S = 10.0, 3.0  # an ordinary page takes a few hundredths
MAX_FAILURES = 5  # pieces that end their process, each of which takes time to start
PLAIN = "Shown as plain text: to render it took too much time or memory."
TOO_MUCH = "Not shown: the page has no room for it."


@dataclass
class Room:
    """What is left of one page's room."""

    bytes_: int = MAX_BYTES
    pixels: int = MAX_PIXELS
    cpu_s: float = MAX_CPU_S
    failures: int = MAX_FAILURES

    def rendered(self, kind: Kind, text: str) -> Markup | None:
        """Return a piece as HTML; None where it can't be had within the room."""
        if self.cpu_s <= 0 or not self.failures:
            return None
        piece_s = min(self.cpu_s, MAX_PIECE_CPU_S)
        came = renderer().render(kind, text, piece_s, self.bytes_)
        self.cpu_s -= came.cpu_s
        if came.html is None:
            self.failures -= 1
            return None
        return Markup(came.html) if self.take(came.html) else None  # noqa: S704 - cleaned, or escaped by Pygments

    def plain(self, text: str) -> Markup | None:
        """Return a text that shows as it is; None where there is no room."""
        escaped = escape(text)
        return escaped if self.take(escaped) else None

    def take(self, html: str) -> bool:
        """Take room for some HTML, if there is enough."""
        return self.reserve(len(html.encode("utf-8", "backslashreplace")))

    def reserve(self, size: int) -> bool:
        """Take room for so many bytes, if there is enough."""
        if size > self.bytes_:
            return False
        self.bytes_ -= size
        return True

    def take_picture(self, pixels: int, html: str) -> bool:
        """Take room for a picture, if there is enough."""
        if pixels > self.pixels or not self.take(html):
            return False
        self.pixels -= pixels
        return True
