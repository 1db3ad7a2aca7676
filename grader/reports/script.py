"""The script of the lists: what a page's policy allows by its hash, and the data that it reads."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from grader.courses import resource
from grader.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Entry", "class_index", "list_script", "script_source"]

NAME = "lists.js"
# In a script element neither the end of it nor a comment may begin, whatever a name is made of.
ESCAPES = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})
# No other capitals: which there are is not the same for every browser.
PLAIN = str.maketrans(f"{ascii_uppercase} ", f"{ascii_lowercase}-")


class Entry(NamedTuple):
    """A student whom a search of the class finds.

    Attributes:
        name: as people write it; empty where nothing but the id is known.
        about: section and group.
        points: the score, in words.
        page: what the student's page is called, without its ending.
        find: what else the student is found by.
    """

    name: str
    student: str
    about: str
    points: str
    page: str
    find: str


@cache
def list_script() -> Markup:
    """Return the script that searches and sorts lists, as it stands in a page."""
    return Markup((resource("templates") / NAME).read_text(encoding="utf-8"))  # noqa: S704 - ours


@cache
def script_source() -> str:
    """Return what a content security policy calls this script, and no other: its hash."""
    digest = hashlib.sha256(list_script().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def class_index(entries: Iterable[Entry]) -> Iterator[Markup]:
    """Give the entries as JSON that may stand in an element of a page, part by part.

    Of 100,000 students it is most of the page. So what many have alike stands in it once, after all
    students, and the name of a page is left out where the script can tell it.
    """
    shared: dict[str, int] = {}
    between = '{"students":['
    for entry in entries:
        name, student, about, points, page, find = map(printable, entry)
        alike = [shared.setdefault(each, len(shared)) for each in (about, points)]
        named = "" if page == _plain_page(name, student) else page
        rest = [named, find] if find else [named] if named else []
        yield _data(between, [name, student, *alike, *rest])
        between = ","
    yield _data('],"shared":', list(shared))
    yield _data("}")


def _plain_page(name: str, student: str) -> str:
    """Return what most pages are called; the script does the same."""
    return " ".join(filter(None, (name, student))).translate(PLAIN)


def _data(start: str, *values: object) -> Markup:
    texts = (json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in values)
    return Markup(start + "".join(texts).translate(ESCAPES))  # noqa: S704 - escaped
