"""`[late]` of a `course.toml` or of decisions: what late work costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grader.courses.declared.strict import meant
from grader.courses.late_work import READERS, LatePolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.courses.declared.strict import StrictFile
    from grader.errors import UsageError

__all__ = ["LATE", "faults_of_late", "late_policy"]

LATE = "late"


def faults_of_late(
    table: Mapping[str, Any], file: StrictFile, also: tuple[str, ...] = ()
) -> list[UsageError]:
    """Return what can't be right in the table; `also` are further keys that it may have."""
    known = (*READERS, *also)
    found = []
    for key, value in table.items():
        if key not in known:
            words = f"{key!r} is not known here; {meant(key, known)}"
            found.append(file.error((LATE, key), words))
        elif key in READERS:
            try:
                READERS[key](value)
            except ValueError as error:
                words = f"{key!r} takes {error}, not {value!r}"
                found.append(file.error((LATE, key), words))
    return found


def late_policy(table: Mapping[str, Any], before: LatePolicy) -> LatePolicy:
    """Return a policy in which a checked table's keys count before those of another one."""
    said: dict[str, Any] = {key: READERS[key](table[key]) for key in READERS if key in table}
    return replace(before, **said)
