"""Write a bundle: a zip or a folder, the same bytes each time for the same grader and course."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.files.replaceable import require_own
from grader.files.replacing import replacing_bytes
from grader.files.zipping import PROGRAM, is_own_zip, write_zip

if TYPE_CHECKING:
    from pathlib import Path

    from grader.bundles.platform import Order, Platform

__all__ = ["write_bundle"]

RUNNABLE = 0o755


def write_bundle(platform: Platform, order: Order, output: Path) -> int:
    """Write what a platform is given; return how many files that is.

    Args:
        platform: for which one.
        order: what is to be graded there.
        output: the zip, which replaces an earlier one; or the folder, new or empty.

    Raises:
        UsageError: it can't be written there, or a suite of the course is not there.
    """
    if platform.is_zip:
        require_own(output, is_own_zip)
    for exercise in order.counting:
        _ = exercise.counts  # a suite that can't be read would be found by the first student
    files = dict(sorted(platform.files(order)))
    try:
        if platform.is_zip:
            with replacing_bytes(output) as file:
                write_zip(file, files.items())
        else:
            _write_folder(output, files)
    except OSError as error:
        raise UsageError(f"{output} can't be written: {error.strerror}") from error
    return len(files)


def _write_folder(output: Path, files: dict[str, bytes]) -> None:
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise UsageError(f"{output} is there already: name a new folder")
    for path, content in files.items():
        place = output / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        if content.startswith(PROGRAM):
            place.chmod(RUNNABLE)
