"""Whether this machine can grade: probes of what grading needs, each with a way to mend it."""

from __future__ import annotations

from grader.doctor.checks import Check, State
from grader.doctor.examining import able_to_isolate, equipment, examine

__all__ = ["Check", "State", "able_to_isolate", "equipment", "examine"]
