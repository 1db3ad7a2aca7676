"""Names of files and folders: what is ignored, and how they can be shown."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from grader.text.characters import (
    CONTROLS,
    LAYOUT,
    LINE_ENDS,
    SURROGATES,
    TURNING,
    any_of,
    replaced,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["hidden", "ignored", "printable", "shown"]

_IGNORED = frozenset({"__MACOSX", "__pycache__"})
_OF_PROGRAMS = re.compile(
    r"\.(_.*|~.*|DS_Store|git|github|svn|hg|ipynb_checkpoints|ipython|jupyter|matplotlib|idea|vscode"
    r"|venv|env|nox|tox|conda|cache|config|local|[a-z]+_cache|Trash.*|Spotlight-V100|fseventsd"
    r"|AppleDouble|grader.*)"
)
_STEERING = any_of(CONTROLS, LAYOUT, SURROGATES, LINE_ENDS, TURNING)


def ignored(name: str) -> bool:
    """Tell whether a file or folder of this name is left out: hidden, or made by a system."""
    return name.startswith(".") or name in _IGNORED


def hidden(name: str) -> bool:
    """Tell whether a folder begins with a dot, and no program that we know calls its own so."""
    return name.startswith(".") and _OF_PROGRAMS.fullmatch(name) is None


def printable(name: str) -> str:
    """Return a name as it can be printed anywhere: NFC, no control characters, valid UTF-8."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return replaced(_STEERING, unicodedata.normalize("NFC", text))


def shown(parts: Sequence[str]) -> str:
    """Return a path for people, with forward slashes."""
    return "/".join(map(printable, parts))
