"""The zip that students get: the same bytes each time for the same lab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.files.replacing import replacing_bytes
from grader.files.zipping import write_zip
from grader.release.contents import contents

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["write_release"]

TOP = "nn-training-lab"


def write_release(output: Path, *, almost: bool) -> int:
    """Write the zip; return how many files are in it.

    Args:
        output: where it goes; what is there is replaced once the new one is whole.
        almost: whether the hints' third step, which says nearly all, is in it.

    Raises:
        UsageError: it can't be written there.
    """
    files = contents(almost=almost)
    try:
        with replacing_bytes(output) as file:
            write_zip(file, ((f"{TOP}/{name}", content) for name, content in sorted(files.items())))
    except OSError as error:
        raise UsageError(f"{output} can't be written: {error.strerror}") from error
    return len(files)
