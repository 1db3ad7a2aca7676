"""Name the pages of students and lists, whatever an id is made of."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

__all__ = ["list_name", "page_name"]

PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
REMEMBERED = 10_000  # students, each of whom stands in many lists
SLUG_LENGTH = 40  # readable, and far from the 255 bytes that a file name may have


@lru_cache(REMEMBERED)
def page_name(student: str) -> str:
    """Return the file name of a student's page: safe, unique, the same in every run.

    A plain id keeps its name (`student-01.html`). Any other id becomes a readable slug, a `~`
    that no plain id can hold, and a hash of the whole id.
    """
    if PLAIN_ID.fullmatch(student):
        return f"{student}.html"
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{_slug(student)}~{digest}.html"


def list_name(name: str, sheet: int = 1) -> str:
    """Return the file name of one page of a list; the first has the name of the list."""
    first = page_name(name)
    return first if sheet == 1 else f"{first.removesuffix('.html')}~{sheet}.html"


def _slug(text: str) -> str:
    unaccented = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", unaccented)[:SLUG_LENGTH].strip("-") or "student"
