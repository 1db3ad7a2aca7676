"""One thing that was looked at, and what is to be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Check", "State"]


class State(StrEnum):
    """What a check came to; only FAIL keeps from grading."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        what: what grading needs.
        found: what is there, in a line.
        mend: how to mend it, in a line; empty where nothing is to be done.
    """

    what: str
    state: State
    found: str
    mend: str = ""
