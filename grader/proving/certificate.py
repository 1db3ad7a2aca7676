"""A flake certificate: the solution, run over many seeds, and how often a test fails it by chance.

Every run draws other data. The runs take turns: one thread, two threads, and float32 where a suite
draws float64. A right answer must pass whatever they are.
"""

from __future__ import annotations

import math
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from grader.errors import InfrastructureError
from grader.proving.cases import solution_case
from grader.results.verdicts import Verdict
from grader.runs.sharing import shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.courses import Course, Exercise
    from grader.judge.plugin import SuiteRunner
    from grader.proving.cases import Case
    from grader.proving.trying.grading import Grading

__all__ = ["Certificate", "certify", "upper_bound"]

RUNS_A_NOTEBOOK = 100  # which trains for real, is run once for so many
RUNS_A_BATCH = 25
DOUBT = 0.05  # how often a bound may be too low
WAYS = ((1, False), (2, False), (1, True))  # threads, and whether float64 becomes float32


@dataclass(frozen=True)
class Certificate:
    """How often the tests of an exercise failed the solution.

    Attributes:
        runs: how many there were.
        failures: test to how often it failed; those that never did are not there.
    """

    exercise: Exercise
    runs: int
    failures: dict[str, int]

    @property
    def holds(self) -> bool:
        """Whether no test has failed."""
        return not self.failures

    def bound(self, test: str) -> float:
        """Return the rate that a test fails at most at, with 95 % confidence."""
        return upper_bound(self.failures.get(test, 0), self.runs)


@dataclass(frozen=True)
class _Batch:
    """Some runs of a solution."""

    solution: Case
    runs: range


def certify(
    course: Course, exercises: Sequence[Exercise], runs: int, jobs: int
) -> Iterator[Certificate]:
    """Run solutions so many times, and give a certificate for each, in order.

    Raises:
        GraderError: a solution is missing or broken, or no process can go on.
    """
    batches = [
        _Batch(solution_case(course, exercise), range(first, min(first + RUNS_A_BATCH, last)))
        for exercise in exercises
        for last in [math.ceil(runs / RUNS_A_NOTEBOOK) if exercise.cells else runs]
        for first in range(0, last, RUNS_A_BATCH)
    ]
    left = Counter(batch.solution.exercise for batch in batches)
    failures: dict[Exercise, Counter[str]] = {exercise: Counter() for exercise in exercises}
    waiting = list(exercises)
    for batch, failed in shared(_work, batches, jobs):
        if not isinstance(failed, Counter):
            raise InfrastructureError(f"{batch.solution.exercise.name}: the process ended")
        failures[batch.solution.exercise] += failed
        left[batch.solution.exercise] -= 1
        while waiting and not left[waiting[0]]:
            exercise = waiting.pop(0)
            number = math.ceil(runs / RUNS_A_NOTEBOOK) if exercise.cells else runs
            yield Certificate(exercise, number, dict(failures[exercise].most_common()))


def _work(batches: Sequence[_Batch], send: Callable[[object], None]) -> None:
    """Run batches in a process of its own; send how often each test failed."""
    from grader.proving.trying.room import in_a_room

    exercises = dict.fromkeys(batch.solution.exercise for batch in batches)
    in_a_room(exercises, partial(_serve, batches, send))


def _serve(batches: Sequence[_Batch], send: Callable[[object], None], runner: SuiteRunner) -> None:
    from grader.proving.trying.grading import Grading

    send(None)
    for batch in batches:
        with closing(Grading(runner, batch.solution)) as grading:
            send(Counter(test for run in batch.runs for test in _failing(grading, batch, run)))


def _failing(grading: Grading, batch: _Batch, run: int) -> list[str]:
    """Return the tests that fail the solution in a run."""
    import torch

    from grader.proving.trying.seeds import other_seeds

    threads, float32 = WAYS[run % len(WAYS)]
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        with other_seeds(run, batch.solution.exercise.folder, float32=float32):
            results = grading.run(batch.solution)
    finally:
        torch.set_num_threads(before)
    return [each.name for each in results if each.verdict is not Verdict.PASSED]


def upper_bound(failures: int, runs: int) -> float:
    """Return how often something fails at most, as Clopper and Pearson have it; one-sided.

    Where it never failed that is about 3 / runs.
    """
    low, high = failures / runs, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _chance_of_at_most(failures, runs, middle) > DOUBT:
            low = middle
        else:
            high = middle
    return high


def _chance_of_at_most(failures: int, runs: int, rate: float) -> float:
    if rate >= 1:
        return float(failures >= runs)
    return sum(math.comb(runs, k) * rate**k * (1 - rate) ** (runs - k) for k in range(failures + 1))
