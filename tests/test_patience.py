"""Tests of how long a child is waited for, by a clock that the tests move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.sandbox import patience
from grader.sandbox.patience import LATE_S, LONGEST, STEP_S, Patience

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return what moves the clock by some seconds; nothing is computed here."""
    now = [1000.0]
    monkeypatch.setattr(patience, "monotonic", lambda: now[0])
    monkeypatch.setattr(patience, "process_time", lambda: 5.0)
    return lambda seconds: now.append(now.pop() + seconds)


def test_time_runs_out_while_the_judge_is_awake(later: Callable[[float], None]) -> None:
    """Also where it wakes up a little late each time, as on a busy machine."""
    waiting, wakes = Patience(10.0), 0
    while waiting.left_s() > 0:
        later(STEP_S + 0.9 * LATE_S)
        wakes += 1

    assert wakes == pytest.approx(10.0 / (STEP_S + 0.9 * LATE_S), abs=1)


@pytest.mark.parametrize("still_s", [1.0, 3600.0])
def test_time_in_which_the_machine_stood_still_is_none(
    later: Callable[[float], None], still_s: float
) -> None:
    """However long it was, and however little time a question has."""
    waiting = Patience(1.0)
    later(STEP_S + still_s)

    assert waiting.left_s() == pytest.approx(1.0 - STEP_S)
    later(STEP_S)
    assert waiting.left_s() == pytest.approx(1.0 - 2 * STEP_S)


def test_who_computes_does_not_stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A student's own process wakes up late where their code lets nothing else in it run."""
    now = [1000.0]
    monkeypatch.setattr(patience, "monotonic", lambda: now[0])
    monkeypatch.setattr(patience, "process_time", lambda: now[0] / 1.01)
    waiting = Patience(10.0)
    now[0] += 8.0

    assert waiting.left_s() == pytest.approx(2.0)


def test_what_is_given_back_has_an_end(later: Callable[[float], None]) -> None:
    """A child that waits for others has a few times as long; standing still takes none of it."""
    waiting = Patience(1.0)
    later(STEP_S + 100.0)
    given = [waiting.give_back(0.8) for _ in range(4)]

    assert given == pytest.approx([0.8, 0.8, LONGEST - 1 - 1.6, 0.0])


def test_waiting_for_the_server_is_no_standing_still(later: Callable[[float], None]) -> None:
    """It is asked how long the child has waited, and may take a while to say so."""
    waiting = Patience(1.0)
    later(0.2)
    waiting.left_s()
    later(2.0)
    waiting.give_back(0.0)

    assert waiting.left_s() == pytest.approx(1.0 - 2.2)
