"""Discrimination: what it says, and when it says nothing."""

from __future__ import annotations

import numpy as np
import pytest

from grader.reports.classes.tallies import TestTally


def tally(passed: list[bool], rest: list[float]) -> TestTally:
    """Return the tally of a test over some students."""
    result = TestTally("A test.")
    for each, points in zip(passed, rest, strict=True):
        result.add(passed=each, rest=points)
    return result


@pytest.mark.parametrize("seed", range(5))
def test_discrimination_is_the_correlation_with_the_rest(seed: int) -> None:
    """It equals Pearson's correlation of passing (1 or 0) with the other points."""
    random = np.random.default_rng(seed)
    rest = random.normal(90, 30, 200)
    passed = rest + random.normal(0, 40, 200) > 80
    found = tally(passed.tolist(), rest.tolist()).discrimination

    assert found == pytest.approx(np.corrcoef(passed, rest)[0, 1])


def test_a_test_that_only_the_weak_pass_is_below_zero() -> None:
    """The sign says which way it goes."""
    found = tally([True] * 10 + [False] * 10, [float(n) for n in range(20)]).discrimination

    assert found is not None
    assert found < -0.8


@pytest.mark.parametrize(
    ("passed", "rest"),
    [
        ([True] * 20, [float(n) for n in range(20)]),
        ([False] * 20, [float(n) for n in range(20)]),
        ([True, False] * 10, [7.0] * 20),
        ([True, False] * 4, [float(n) for n in range(8)]),
        ([], []),
        ([True, False] * 10, [float("nan")] * 20),
    ],
)
def test_where_nothing_can_be_said_nothing_is(passed: list[bool], rest: list[float]) -> None:
    """One result for all, no spread, too few students or no number: no discrimination."""
    assert tally(passed, rest).discrimination is None
