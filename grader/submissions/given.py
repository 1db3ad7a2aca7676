"""What the lab gave out: files that are nobody's work, known by what is in them.

A file's name says nothing of that: students work in files of these names, and rename them. What
earlier editions gave out is known by its digest, since students hand in what they have.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader.courses import resource
from grader.lab import EXERCISES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_GIVEN_BYTES", "digests", "is_check", "is_stub", "note_given_out"]

LIST = Path(__file__).with_name("given_out.txt")  # of all editions: kind, digest, name

MAX_GIVEN_BYTES = 2**18  # what is larger is work: a stub has 8 KB, and more as a notebook that ran


def is_stub(content: bytes, kind: str) -> bool:
    """Tell whether a file is an exercise as it was given out; a notebook's outputs don't count.

    Args:
        content: the file, or its first bytes where it has more than `MAX_GIVEN_BYTES`.
        kind: `.py` or `.ipynb`.
    """
    return len(content) <= MAX_GIVEN_BYTES and _digest(content, kind) in _given_out("stub")


def is_check(content: bytes) -> bool:
    """Tell whether a file is one of the public checks, whose files are named like exercises."""
    return len(content) <= MAX_GIVEN_BYTES and _digest(content, ".py") in _given_out("check")


def digests() -> Iterator[str]:
    """Give a line for each file that is given out now, as they stand in the list of all."""
    for exercise in EXERCISES:
        for name in exercise.file_names:
            file = resource("exercises") / name
            if file.is_file():
                yield f"stub {_digest(file.read_bytes(), file.suffix).hex()} {name}"
        check = exercise.public_checks
        if check.is_file():
            yield f"check {_digest(check.read_bytes(), check.suffix).hex()} {check.name}"


def note_given_out() -> int:
    """Add what is given out now to the list, so that it is known in later terms; count it."""
    known = LIST.read_text("utf-8").splitlines()
    new = [line for line in digests() if line not in known]
    if new:
        LIST.write_text("\n".join([*known, *new]) + "\n", "utf-8")
    return len(new)


@cache
def _given_out(kind: str) -> frozenset[bytes]:
    """Return the digests of a kind, of this edition and of all before."""
    lines = [*LIST.read_text("utf-8").splitlines(), *digests()]
    return frozenset(bytes.fromhex(line.split()[1]) for line in lines if line.startswith(kind))


def _digest(content: bytes, kind: str) -> bytes:
    """Return a digest of a file's code, whatever its line ends and other white space."""
    code = _cells(content) if kind == ".ipynb" else content
    return hashlib.sha256(b" ".join(code.removeprefix(b"\xef\xbb\xbf").split())).digest()


def _cells(notebook: bytes) -> bytes:
    """Return what stands in a notebook's code cells, or all of what is no notebook."""
    try:
        cells = json.loads(notebook)["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        return "\n".join(code).encode()
    except (ValueError, LookupError, TypeError, RecursionError):
        return notebook
