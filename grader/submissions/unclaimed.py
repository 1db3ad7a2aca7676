"""A student's files that are for no exercise: who has any has not handed in nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.submissions.files import RefusedFile
from grader.submissions.known_names import known_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.submissions.files import FoundFile

__all__ = ["closed_archives", "unclaimed"]

MAX_LISTED = 100  # files of one student
CLOSED = (".rar", ".7z", ".zst", ".z", ".lzma", ".tar.zst")
# What no student wrote, or what is handed in with every work and is nobody's answer.
_NOT_LISTED = re.compile(
    r"(?i)(readme|license|requirements|pyproject|noxfile|setup|timestamp|thumbs|desktop|comments)"
    r"\.\w+|.*\.(pyc|pt|pth|png|jpe?g|gif|svg|csv|npz?|gz|idx\d-ubyte|toml|cfg|ini|lock|log|db)"
    r"|.*-ubyte|\.?gitignore|makefile"
)


def unclaimed(found: Sequence[FoundFile]) -> tuple[str, ...]:
    """Return the paths of the files that no exercise is known by, and that may be meant as work."""
    listed = (file.name for file in found if _may_be_work(file))
    return tuple(dict.fromkeys(listed))[:MAX_LISTED]


def _may_be_work(file: FoundFile) -> bool:
    name = file.name.rpartition("/")[2]
    if isinstance(file, RefusedFile) or known_as(name) or _is_of_the_lab(file.name):
        return False
    return _NOT_LISTED.fullmatch(name[:200]) is None


def _is_of_the_lab(path: str) -> bool:
    """Tell whether a file lies where a release has files of its own: `grader/desk/keys.py`."""
    return "grader" in path.split("/")[:-1]


def closed_archives(found: Sequence[FoundFile]) -> Iterator[str]:
    """Say of each archive that can't be opened what to do about it."""
    for file in found:
        if file.name.lower().endswith(CLOSED):
            yield f"{file.name} is an archive of a kind that is not read: ask for a zip."
