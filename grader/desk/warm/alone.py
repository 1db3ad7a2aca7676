"""Check one file in a process of its own, which leaves this one as it is."""

from __future__ import annotations

from queue import Queue
from typing import TYPE_CHECKING

from grader.desk.warm.benches import Benches

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course, Exercise
    from grader.desk.records import Checked
    from grader.desk.warm.process import Heard
    from grader.sandbox.limits import Limits

__all__ = ["check_alone"]


def check_alone(course: Course, exercise: Exercise, file: Path, limits: Limits) -> Checked:
    """Check a file.

    Raises:
        InfrastructureError: the process does not start.
    """
    heard: Queue[Heard] = Queue()
    with Benches(course, limits, heard.put, most=1) as benches:
        benches.ask(exercise, file, first=True)
        while (checked := benches.take(heard.get())) is None:
            pass
    return checked
