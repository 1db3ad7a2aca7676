"""All checks, in the order in which they are worth reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.doctor.checks import State
from grader.doctor.isolation import bubblewrap, features, sandbox
from grader.doctor.machine import cores, data, disk, gpu, memory, packages, required, system
from grader.doctor.suites import suites

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.courses import Course
    from grader.doctor.checks import Check

__all__ = ["able_to_isolate", "equipment", "examine"]


def examine(output: Path, course: Course) -> Iterator[Check]:
    """Probe the machine; give each check as it is done, the slowest last.

    Args:
        output: where reports are to be written.
        course: what is to be graded.
    """
    yield from equipment(output, course)
    probed = list(able_to_isolate())
    yield from probed
    if all(each.state is not State.FAIL for each in probed):
        yield sandbox()


def equipment(output: Path, course: Course) -> Iterator[Check]:
    """Probe everything but the sandbox."""
    yield system()
    yield from packages()
    yield from required(course)
    yield gpu()
    yield cores()
    yield memory()
    yield disk(output)
    yield suites(course)
    yield data(course.code)


def able_to_isolate() -> Iterator[Check]:
    """Try what the sandbox is made of, one by one; starting it is the test of the whole."""
    found = bubblewrap()
    yield found
    if found.state is not State.FAIL:
        yield from features()
