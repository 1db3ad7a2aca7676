"""What the lab gave out: files that are nobody's work, known by what is in them.

A file's name says nothing of that: students work in files of these names, and rename them.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache

from grader.lab import EXERCISES, resource

__all__ = ["MAX_GIVEN_BYTES", "is_check", "is_stub"]

MAX_GIVEN_BYTES = 2**18  # what is larger is work: a stub has 8 KB, and more as a notebook that ran


def is_stub(content: bytes, kind: str) -> bool:
    """Tell whether a file is an exercise as it was given out; a notebook's outputs don't count.

    Args:
        content: the file, or its first bytes where it has more than `MAX_GIVEN_BYTES`.
        kind: `.py` or `.ipynb`.
    """
    return len(content) <= MAX_GIVEN_BYTES and _digest(content, kind) in _stubs()


def is_check(content: bytes) -> bool:
    """Tell whether a file is one of the public checks, whose files are named like exercises."""
    return len(content) <= MAX_GIVEN_BYTES and _digest(content, ".py") in _checks()


@cache
def _stubs() -> frozenset[bytes]:
    names = [name for exercise in EXERCISES for name in exercise.file_names]
    files = [resource("exercises") / name for name in names]
    return frozenset(_digest(file.read_bytes(), file.suffix) for file in files if file.is_file())


@cache
def _checks() -> frozenset[bytes]:
    files = [exercise.public_checks for exercise in EXERCISES]
    return frozenset(_digest(file.read_bytes(), ".py") for file in files)


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
