"""`--limit NAME=VALUE`: what a submission may use, as the command line says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.courses.limits import LIMITS, read_limit
from grader.errors import UsageError
from grader.sandbox.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["HELP", "limits_of"]

HELP = (
    "What a submission may use (repeat for several). Defaults: memory=2GB, cpu=900s of CPU time, "
    "processes=64, open-files=256, file-size=64MB, disk=128MB and files=20000 in its scratch "
    "folder, wall time of load=20s, call=10s and exercise=60s, output=64KB printed. What you "
    "give here applies to every exercise, even if the course has another limit for it."
)


def limits_of(wanted: Iterable[str]) -> Limits:
    """Return the usual limits with changes such as `memory=4GB`, which hold for all exercises.

    Raises:
        UsageError: a name is unknown, or a value can't be one.
    """
    values: dict[str, float] = {}
    for text in wanted:
        name, _, value = text.partition("=")
        if name not in LIMITS:
            raise UsageError(f"there is no limit {name!r}; there are {', '.join(LIMITS)}")
        try:
            values[name] = read_limit(name, value)
        except ValueError as error:
            raise UsageError(f"--limit {name} takes {error}, and not {value!r}") from None
    return Limits().asked(values)
