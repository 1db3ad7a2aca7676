"""Names: which files are known, what is ignored, what a student is called in the reports."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.lab import EXERCISES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["KnownName", "hidden", "ignored", "known_as", "printable", "shown", "told_apart"]

MAX_NAME_BYTES = 200  # a report is named after its student, and a file name ends at 255 bytes
MAX_DIGITS = 6
_IGNORED = frozenset({"__MACOSX", "__pycache__"})
_OF_PROGRAMS = re.compile(
    r"\.(_.*|~.*|DS_Store|git|github|svn|hg|ipynb_checkpoints|ipython|jupyter|matplotlib|idea|vscode"
    r"|venv|env|nox|tox|conda|cache|config|local|[a-z]+_cache|Trash.*|Spotlight-V100|fseventsd"
    r"|AppleDouble|grader.*)"
)
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FILE_NAMES = frozenset(name for exercise in EXERCISES for name in exercise.file_names)
_KNOWN = re.compile(
    r"(?P<copy>(?:copy of )*)"
    rf"(?P<exercise>{'|'.join(re.escape(exercise.name) for exercise in EXERCISES)})"
    # Every separator belongs to one alternative only, so matching stays linear.
    r"(?P<again>(?:[ _-]*\(\d+\)|[ _-]+copy\d*|[ _-]+\d+)*)"
    r"(?P<kind>\.py|\.ipynb)"
    r"(?P<text>\.txt)?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class KnownName:
    """What a file's name says.

    Attributes:
        exercise: the exercise that it is for.
        kind: `.py` or `.ipynb`.
        distance: 0 for the exact name, 1 where only upper case differs, 2 for a download's suffix.
        number: what a browser or an LMS counts downloads and hand-ins by: 2 in `name (2)` and
            `name-2`, 0 in a copy that somebody made.
    """

    exercise: str
    kind: str
    distance: int
    number: int = 0


def known_as(name: str) -> KnownName | None:
    """Recognise a file's name, without its folder, also as browsers and LMS rename it."""
    match = _KNOWN.fullmatch(name)
    if match is None:
        return None
    exercise, kind = match["exercise"].lower(), match["kind"].lower()
    if exercise + kind not in _FILE_NAMES:
        return None
    if match["copy"] or match["again"] or match["text"]:
        distance = 2
    else:
        distance = int(name != exercise + kind)
    return KnownName(exercise, kind, distance, _number(match["copy"] + match["again"]))


def _number(suffix: str) -> int:
    """Return the last number of a name's suffix, unless it is a copy's."""
    if "copy" in suffix.lower():
        return 0
    return int((re.findall(r"\d+", suffix) or ["0"])[-1][:MAX_DIGITS])


def ignored(name: str) -> bool:
    """Tell whether a file or folder of this name is left out: hidden, or made by a system."""
    return name.startswith(".") or name in _IGNORED


def hidden(name: str) -> bool:
    """Tell whether a folder begins with a dot, and no program that we know calls its own so."""
    return name.startswith(".") and _OF_PROGRAMS.fullmatch(name) is None


def printable(name: str) -> str:
    """Return a name as it can be printed anywhere: NFC, no control characters, valid UTF-8."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(map(_visible, unicodedata.normalize("NFC", text)))


def shown(parts: Sequence[str]) -> str:
    """Return a path for people, with forward slashes."""
    return "/".join(map(printable, parts))


def told_apart(names: Iterable[str]) -> dict[str, str]:
    """Give every folder's name a student's name of its own: `name`, `name (2)`."""
    raw = sorted(names)
    wanted = {name: _shortened(printable(name)) for name in raw}
    taken: set[str] = set()
    reserved = set(wanted.values())
    for name in raw:
        if wanted[name] in taken:
            wanted[name] = _next_free(wanted[name], reserved)
        taken.add(wanted[name])
        reserved.add(wanted[name])
    return wanted


def _visible(character: str) -> str:
    """Return the character, or the replacement sign for one that steers the output."""
    steers = unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
    return "\ufffd" if steers or character in _BIDI_CONTROLS else character


def _shortened(name: str) -> str:
    """Cut a name that is too long for a file name."""
    encoded = name.encode()
    if len(encoded) <= MAX_NAME_BYTES:
        return name
    return encoded[:MAX_NAME_BYTES].decode(errors="ignore") + "…"


def _next_free(name: str, reserved: set[str]) -> str:
    """Return the first of `name (2)`, `name (3)` and so on that nobody has."""
    number = 2
    while f"{name} ({number})" in reserved:
        number += 1
    return f"{name} ({number})"
