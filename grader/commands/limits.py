"""`--limit NAME=VALUE`: what a submission may use, as the command line says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError
from grader.sandbox.command import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["HELP", "limits_of"]

UNITS = {"B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30}


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


# name: field of `Limits`, or of its `guest` after a dot; how its value is read; the least it may be
KNOWN: dict[str, tuple[str, Callable[[str], float], float]] = {
    "memory": ("guest.memory_bytes", size, 64 * 2**20),
    "cpu": ("guest.cpu_s", whole_seconds, 1),
    "processes": ("guest.processes", count, 2),
    "open-files": ("guest.open_files", count, 32),
    "disk": ("guest.disk_bytes", size, 2**20),
    "files": ("guest.files", count, 10),
    "file-size": ("guest.file_bytes", size, 2**20),
    "load": ("load_s", seconds, 0.1),
    "call": ("call_s", seconds, 0.1),
    "exercise": ("exercise_s", seconds, 0.1),
    "output": ("output_bytes", size, 2**10),
}
HELP = (
    "What a submission may use (repeat for several). Defaults: memory=2GB, cpu=900s of CPU time, "
    "processes=64, open-files=256, file-size=64MB, disk=128MB and files=20000 in its scratch "
    "folder, wall time of load=20s, call=10s and exercise=60s, output=64KB printed."
)


def limits_of(wanted: Iterable[str]) -> Limits:
    """Return the usual limits with changes such as `memory=4GB`.

    Raises:
        UsageError: a name is unknown, or a value can't be one.
    """
    values: dict[str, float] = {}
    for text in wanted:
        name, _, value = text.partition("=")
        if name not in KNOWN:
            raise UsageError(f"there is no limit {name!r}; there are {', '.join(KNOWN)}")
        field, read, least = KNOWN[name]
        try:
            values[field] = read(value.strip())
        except ValueError as error:
            raise UsageError(f"--limit {name} takes {error}, and not {value!r}") from None
        if values[field] < least:
            raise UsageError(f"--limit {text} is too little for any submission to run")
    within = {field[6:]: values.pop(field) for field in [*values] if field.startswith("guest.")}
    limits = Limits()
    guest = msgspec.structs.replace(limits.guest, **within)
    return msgspec.structs.replace(limits, guest=guest, **values)
