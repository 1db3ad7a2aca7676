"""Tests of `--limit`, and of what the limits are called."""

from __future__ import annotations

import math

import pytest

from grader.commands.options.limits import limits_of
from grader.courses.limits import LIMITS
from grader.errors import UsageError
from grader.guest.process.limits import MEMORY, GuestLimits, words_of
from grader.sandbox.limits import UNLIMITED, Limits


def test_without_changes_the_limits_are_the_usual_ones() -> None:
    """Nothing on the command line is no change."""
    assert limits_of([]) == Limits()


def test_changes_take_the_place_of_the_usual_values() -> None:
    """Sizes, seconds and numbers, with and without their units."""
    wanted = ["memory=1.5GB", "cpu=2.2s", "processes=8", "disk=16 mb", "call=30", "output=1KB"]

    limits = limits_of(wanted).of({})

    guest = GuestLimits(memory_bytes=3 * 2**29, cpu_s=3, processes=8, disk_bytes=2**24)
    assert limits == Limits(guest=guest, call_s=30.0, output_bytes=1024)


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [
        ("speed=3", "there is no limit 'speed'; there are memory, cpu"),
        ("memory", "--limit memory takes a size such as 512MB or 2GB, and not ''"),
        ("memory=2", "takes a size"),
        ("memory=-2GB", "takes a size"),
        ("memory=infGB", "takes a size"),
        ("memory=1MB", "--limit memory takes more: that is too little for any submission"),
        ("call=0", "too little"),
        ("call=nan", "takes a number of seconds such as 30s"),
        ("processes=1.5", "takes a number such as 64"),
        ("processes=²", "takes a number"),
    ],
)
def test_what_can_be_no_limit_is_refused(wanted: str, complaint: str) -> None:
    """The line says what was expected and what came."""
    with pytest.raises(UsageError, match=complaint):
        limits_of([wanted])


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_can_be_set(name: str) -> None:
    """Each name leads to a field that there is."""
    limit = LIMITS[name]
    value = f"{limit.least * 20:.0f}{'B' if limit.read.__name__ == 'size' else ''}"

    assert limits_of([f"{name}={value}"]).of({}) != Limits()


@pytest.mark.parametrize(
    ("size", "words"),
    [(2 * 2**30, "2 GB"), (3 * 2**29, "1.5 GB"), (200 * 2**20, "200 MB"), (512, "512 bytes")],
)
def test_sizes_are_named_in_their_unit(size: int, words: str) -> None:
    """The largest unit that leaves at least one."""
    assert words_of(MEMORY, GuestLimits(memory_bytes=size)) == f"{words} of memory"


def test_an_exercise_has_its_own_limits_but_where_the_command_line_says_more() -> None:
    """What `--limit` says holds for every exercise; the others' limits are the usual ones."""
    own = {"call": 30.0, "processes": 8}
    asked = limits_of(["call=5"])

    assert Limits().of(own) == Limits(guest=GuestLimits(processes=8), call_s=30.0)
    assert asked.of(own) == Limits(guest=GuestLimits(processes=8), call_s=5.0)
    assert limits_of(["call=10"]).of(own).call_s == 10.0
    assert asked.of({}) == Limits(call_s=5.0)


def test_after_a_timeout_a_call_has_no_more_time_than_the_first() -> None:
    """Nor where the command line or an exercise says that it is short."""
    assert limits_of(["call=0.5"]).call_after_timeout_s == 0.5
    assert Limits().of({"call": 1.0}).call_after_timeout_s == 1.0
    assert Limits().of({"call": 30.0}).call_after_timeout_s == Limits().call_after_timeout_s


def test_the_limit_of_one_call_is_for_checks_of_every_exercise() -> None:
    """To load a file takes longer; what is not asked for is as the exercise says."""
    assert Limits.of_call(1).of({"call": 30.0, "load": 60.0}).load_s == 2.0
    assert Limits.of_call(1).of({"memory": 2**28}).guest.memory_bytes == 2**28
    assert UNLIMITED.of({"call": 30.0}).call_s == math.inf
