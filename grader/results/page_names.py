"""Name the pages of students and lists: readable, and safe on every file system."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import dropwhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.results.students import StudentRecord

__all__ = ["former_page_name", "list_name", "page_names"]

NAME_BYTES, STEM_BYTES = 60, 100  # a name may have 143 on an encrypted disk, 255 on any other
PUNCTUATION = "._@+"  # what may stand in an id beside letters, marks and digits
ENDS = f"-{PUNCTUATION}"  # nothing is hidden, and Windows takes a dot off the end
APOSTROPHES = "'`\N{ACUTE ACCENT}\u2018\u2019\u02bc"
REPEATED = re.compile(rf"[{re.escape(ENDS)}]{{2,}}")
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # no file of Windows is called so
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
SLUG_LENGTH = 40
REMEMBERED = 10_000


def page_names(records: Iterable[StudentRecord]) -> dict[str, str]:
    """Return the file name of each student's page, by id: `jane-smith-4400.html`.

    It is made of the student's name and id, and says the same in every run. Only where another
    student's page would be called the same on some file system, a hash of the id is in it, too.
    """
    stems = {record.id: _stem(record) for record in records}
    wanted = Counter(map(_as_disks_compare, stems.values()))
    return {
        student: f"{stem if wanted[_as_disks_compare(stem)] == 1 else _marked(stem, student)}.html"
        for student, stem in stems.items()
    }


def former_page_name(student: str) -> str:
    """Return the file name that the version before gave a student's page."""
    return f"{_plain_or_marked(student)}.html"


def list_name(name: str, sheet: int = 1) -> str:
    """Return the file name of one page of a list; the first has the name of the list."""
    stem = _plain_or_marked(name)
    return f"{stem}.html" if sheet == 1 else f"{stem}~{sheet}.html"


def _stem(record: StudentRecord) -> str:
    name = _cut(_readable(record.name), NAME_BYTES)
    student = _readable(record.id, PUNCTUATION)
    whole = student if student.startswith(name) else f"{name}-{student}".strip("-")
    stem = _cut(whole, STEM_BYTES) or "student"
    return f"student-{stem}" if DEVICES.fullmatch(stem) else stem


def _readable(text: str, kept: str = "") -> str:
    """Return a text in lower case, in which hyphens stand for all but letters and digits."""
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    readable = REPEATED.sub("-", "".join(_letter(each, kept) for each in lower))
    return "".join(dropwhile(lambda each: not each.isalnum(), readable)).rstrip(ENDS)


def _letter(character: str, kept: str) -> str:
    category = unicodedata.category(character)
    if character in APOSTROPHES or category == "Cf":  # `O'Brien`, and what joins letters unseen
        return ""
    return character if category[0] in "LMN" or character in kept else "-"


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").strip(ENDS)


def _as_disks_compare(stem: str) -> str:
    """Return what two names share that are one file on some file system."""
    return unicodedata.normalize("NFKC", stem.casefold())


def _marked(stem: str, text: str) -> str:
    """Tell a name from others by a hash of what it was made from, behind a sign of its own."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{stem}~{digest[:12]}"


@lru_cache(REMEMBERED)
def _plain_or_marked(text: str) -> str:
    if PLAIN.fullmatch(text):
        return text
    unaccented = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9]+", "-", unaccented)[:SLUG_LENGTH].strip("-")
    return _marked(slug or "student", text)
