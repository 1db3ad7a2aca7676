"""The script of the lists: what a page's policy allows by its hash, and the data that it reads."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from grader.courses import resource
from grader.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["as_data", "list_script", "script_source"]

NAME = "lists.js"
# In a script element neither the end of it nor a comment may begin, whatever a name is made of.
ESCAPES = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})


@cache
def list_script() -> Markup:
    """Return the script that searches and sorts lists, as it stands in a page."""
    return Markup((resource("templates") / NAME).read_text(encoding="utf-8"))  # noqa: S704 - ours


@cache
def script_source() -> str:
    """Return what a content security policy calls this script, and no other: its hash."""
    digest = hashlib.sha256(list_script().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def as_data(rows: Iterable[tuple[str, ...]]) -> Markup:
    """Return rows of texts as JSON that may stand in an element of a page."""
    shown = [list(map(printable, row)) for row in rows]
    written = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
    return Markup(written.translate(ESCAPES))  # noqa: S704 - escaped
