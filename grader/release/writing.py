"""The zip that students get: the same bytes each time for the same lab."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.release.contents import contents
from grader.release.zipping import write_zip

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
    unfinished = output.with_name(f".{output.name}.new")
    try:
        write_zip(unfinished, {f"{TOP}/{name}": content for name, content in files.items()})
        os.replace(unfinished, output)  # noqa: PTH105 - in one step
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise UsageError(f"{output} can't be written: {error.strerror}") from error
    return len(files)
