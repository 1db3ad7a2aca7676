"""All checks, in the order in which they are worth reading."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.doctor.checks import State
from grader.doctor.isolation import bubblewrap, features, landlock, sandbox
from grader.doctor.machine import cores, data, disk, gpu, memory, packages, required, system
from grader.doctor.suites import suites
from grader.guest.walls.landlock import kernel_abi
from grader.sandbox.command import Isolation, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.courses import Course
    from grader.doctor.checks import Check

__all__ = ["able_to_isolate", "equipment", "examine"]


def examine(output: Path, course: Course, wanted: Wanted = Wanted.AUTO) -> Iterator[Check]:
    """Probe the machine; give each check as it is done, the slowest last.

    Args:
        output: where reports are to be written.
        course: what is to be graded.
        wanted: in which sandbox.
    """
    yield from equipment(output, course)
    yield from _sandbox(wanted)


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


def _sandbox(wanted: Wanted) -> Iterator[Check]:
    """Probe what a sandbox needs, then the sandbox; without bubblewrap there is another."""
    strongest, *weaker = _strongest_first(wanted)
    probed = list(able_to_isolate(strongest))
    while weaker and any(each.state is State.FAIL for each in probed):
        yield from map(_bearable, probed)
        strongest, *weaker = weaker
        probed = list(able_to_isolate(strongest))
    yield from probed
    if all(each.state is not State.FAIL for each in probed):
        yield sandbox(strongest)


def _strongest_first(wanted: Wanted) -> tuple[Isolation, ...]:
    """Return the sandboxes to look at; a machine without Landlock is to get bubblewrap."""
    if wanted is Wanted.AUTO and kernel_abi():
        return Isolation.BUBBLEWRAP, Isolation.LANDLOCK
    return (Isolation.BUBBLEWRAP if wanted is Wanted.AUTO else Isolation(wanted.value),)


def able_to_isolate(isolation: Isolation) -> Iterator[Check]:
    """Try what a sandbox is made of, one by one; starting it is the test of the whole."""
    if isolation is Isolation.LANDLOCK:
        yield from landlock()
    elif isolation is Isolation.BUBBLEWRAP:
        found = bubblewrap()
        yield found
        if found.state is not State.FAIL:
            yield from features()


def _bearable(check: Check) -> Check:
    """Return a check that keeps nobody from grading, as there is another sandbox."""
    return replace(check, state=State.WARN) if check.state is State.FAIL else check
