"""Huge pages for what the fork server has loaded: a fork then copies hundreds of table entries.

With small pages it is a hundred thousand, once to start a child and once more to end it.
"""

from __future__ import annotations

import contextlib
import ctypes
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["gather_memory"]

HUGE_PAGE_BYTES = 2 * 2**20  # on x86_64, and on aarch64 with pages of 4 KB
MADV_COLLAPSE = 25  # madvise(2); a kernel before 6.1 refuses it, and nothing changes


def gather_memory() -> None:
    """Ask the kernel to put this process's own memory into huge pages; where it can't, go on."""
    libc = ctypes.CDLL(None)
    with contextlib.suppress(OSError):
        for start, end in private_memory():
            first = -(-start // HUGE_PAGE_BYTES) * HUGE_PAGE_BYTES
            size = end // HUGE_PAGE_BYTES * HUGE_PAGE_BYTES - first
            if size > 0:
                libc.madvise(ctypes.c_void_p(first), ctypes.c_size_t(size), MADV_COLLAPSE)


def private_memory() -> Iterator[tuple[int, int]]:
    """Return where the heap and other memory without a file begin and end."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        place, rights, _, _, _, *name = line.split(maxsplit=5)
        if rights == "rw-p" and name in ([], ["[heap]"]):
            start, end = place.split("-")
            yield int(start, 16), int(end, 16)
