"""Zip files that are the same bytes each time for the same content."""

from __future__ import annotations

import zipfile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["PROGRAM", "is_own_zip", "write_zip"]

NO_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold
READABLE, RUNNABLE = 0o644, 0o755
PROGRAM = b"#!"  # what begins so can be run when it is unpacked


def is_own_zip(path: Path) -> bool:
    """Tell by its entries' dates and rights whether `write_zip` wrote a zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        return False
    rights = {READABLE << 16, RUNNABLE << 16}
    return bool(entries) and all(
        each.date_time == NO_DATE and each.external_attr in rights for each in entries
    )


def write_zip(output: Path | IO[bytes], files: Iterable[tuple[str, bytes]]) -> None:
    """Write files, each with its path in the zip, in their order; one is in memory at a time."""
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, NO_DATE)
            entry.external_attr = (RUNNABLE if content.startswith(PROGRAM) else READABLE) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
