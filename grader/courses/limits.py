"""The limits of what a submission may use, as `--limit` and an exercise's entry call them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LIMITS", "TIMES", "Limit", "read_limit"]

UNITS = {"B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30}
TIMES = ("load", "call", "exercise")  # of the wall clock


@dataclass(frozen=True)
class Limit:
    """One limit.

    Attributes:
        field: of the sandbox's `Limits`, or of its `guest` after a dot.
        read: reads a value as people write it.
        least: what no submission can do with less than.
    """

    field: str
    read: Callable[[str], float]
    least: float


def size(text: str) -> int:
    """Read a number of bytes: `2GB`, `512 MB`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMG]?B)", text.upper())
    if found is None:
        raise ValueError("a size such as 512MB or 2GB")
    return int(float(found[1]) * UNITS[found[2]])


def seconds(text: str) -> float:
    """Read a number of seconds: `30`, `2.5s`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?s?", text.lower())
    if found is None:
        raise ValueError("a number of seconds such as 30s")
    return float(found[1])


def whole_seconds(text: str) -> int:
    """Read a number of seconds that the kernel counts in whole ones."""
    return int(-(-seconds(text) // 1))


def count(text: str) -> int:
    """Read a number of things: `64`."""
    if not text.isascii() or not text.isdigit():
        raise ValueError("a number such as 64")
    return int(text)


LIMITS = {
    "memory": Limit("guest.memory_bytes", size, 64 * 2**20),
    "cpu": Limit("guest.cpu_s", whole_seconds, 1),
    "processes": Limit("guest.processes", count, 2),
    "open-files": Limit("guest.open_files", count, 32),
    "disk": Limit("guest.disk_bytes", size, 2**20),
    "files": Limit("guest.files", count, 10),
    "file-size": Limit("guest.file_bytes", size, 2**20),
    "load": Limit("load_s", seconds, 0.1),
    "call": Limit("call_s", seconds, 0.1),
    "exercise": Limit("exercise_s", seconds, 0.1),
    "output": Limit("output_bytes", size, 2**10),
}


def read_limit(name: str, text: str) -> float:
    """Read the value of a limit that there is.

    Raises:
        ValueError: it can't be one; the message is what it takes.
    """
    limit = LIMITS[name]
    value = limit.read(text.strip())
    if value < limit.least:
        raise ValueError("more: that is too little for any submission to run")
    return value
