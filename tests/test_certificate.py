"""The flake certificate: a test that fails by chance is found, and how often it may is bounded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import torch
from proving_course import course_in

from grader.proving import certificate
from grader.proving.cases import solution_case
from grader.proving.certificate import Certificate, upper_bound
from grader.proving.trying.room import with_suites
from grader.proving.trying.seeds import other_seeds

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

RUNS = 30
BY_CHANCE = """

@points(1)
def test_a_number_is_small(student):
    \"\"\"A number is small.\"\"\"
    x = numbers(7, 2)
    answer = student.stepped(x, 0.5)
    expect(answer).satisfies(float(x[0]) < 1.1, "it is not small.")
"""


def failures_of(folder: Path, *changes: tuple[str, str, str]) -> Counter[str]:
    """Run the solution of the changed course over some seeds; count failures by test."""
    course = course_in(folder, *changes)
    batch = certificate._Batch(solution_case(course, course.exercises[0]), range(RUNS))
    sent: list[Any] = []
    with_suites(course.exercises, partial(certificate._serve, [batch], sent.append))
    failures: Counter[str] = sent[1]
    return failures


def test_a_test_that_fails_by_chance_is_found(tmp_path: Path) -> None:
    """It passes with the seeds that the suite has, and fails with some others; others never fail.

    A right answer passes whatever the data are, with one thread and two, and in float32.
    """
    failures = failures_of(tmp_path, ("hidden/hw1.py", "", BY_CHANCE))

    assert {"test_a_number_is_small"} == failures.keys()
    assert 0 < failures.total() < RUNS / 2


def test_run_0_has_the_data_that_the_suite_has_and_no_other_run_has(tmp_path: Path) -> None:
    """Generators, and what is asked for in float64, are as they were afterwards."""

    def drawn(run: int, *, float32: bool = False) -> torch.Tensor:
        with other_seeds(run, tmp_path, float32=float32):
            generator = torch.Generator().manual_seed(5)
            return torch.randn(3, generator=generator, dtype=torch.float64)

    usual = torch.randn(3, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    assert torch.equal(usual, drawn(0))
    assert not torch.equal(usual, drawn(1))
    assert torch.float32 == drawn(0, float32=True).dtype
    assert torch.equal(drawn(3), drawn(3))


@pytest.mark.parametrize(
    ("failures", "runs", "bound"), [(0, 1000, 0.00299), (1, 200, 0.02350), (10, 10, 1.0)]
)
def test_a_rate_has_an_upper_bound(failures: int, runs: int, bound: float) -> None:
    """It is Clopper and Pearson's, one-sided at 95 %; without a failure about 3 / runs."""
    assert upper_bound(failures, runs) == pytest.approx(bound, rel=1e-3)


def test_a_certificate_holds_where_nothing_failed(tmp_path: Path) -> None:
    """One failure is enough to break it, and its bound is that test's."""
    exercise = course_in(tmp_path).exercises[0]

    assert Certificate(exercise, 200, {}).holds
    broken = Certificate(exercise, 200, {"test_it": 1})
    assert not broken.holds
    assert broken.bound("test_it") == pytest.approx(0.0235, rel=1e-3)
