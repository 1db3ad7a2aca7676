"""Zip files that are the same bytes each time for the same content."""

from __future__ import annotations

import zipfile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["PROGRAM", "write_zip"]

NO_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold
READABLE, RUNNABLE = 0o644, 0o755
PROGRAM = b"#!"  # what begins so can be run when it is unpacked


def write_zip(output: Path | IO[bytes], files: Iterable[tuple[str, bytes]]) -> None:
    """Write files, each with its path in the zip, in their order; one is in memory at a time."""
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, NO_DATE)
            entry.external_attr = (RUNNABLE if content.startswith(PROGRAM) else READABLE) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
