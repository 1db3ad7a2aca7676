"""Grade what a suite is tried with, in this process: one case after another.

The code is the course's own, so it needs no sandbox.
"""

from __future__ import annotations

import tempfile
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from grader.judge.local import LocalAttempt
from grader.judge.naming import named_once
from grader.proving.cases import Kind
from grader.proving.trying.audit import Audit
from grader.proving.trying.graded import Graded
from grader.proving.trying.reach import changed_functions, traced
from grader.proving.trying.seeds import other_seeds
from grader.results.verdicts import Verdict
from grader.sandbox.limits import UNLIMITED, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from grader.judge.plugin import Ran, SuiteRunner
    from grader.proving.cases import Case
    from grader.results.verdicts import TestResult

__all__ = ["Grading", "write_files"]

# What must time out does so soon; all else has its process's time, which costs no thread a call.
OTHER_DATA = (1, 2, 3)  # runs in which an alternative has to change: a share of few may stay once
SHORT = Limits.of_call(1.0)
MOST_CPU_S = 60.0  # of one thing that is tried
LEAST_CPU_S, TIMES_SLOWER = 3.0, 20  # a mutant that needs more than both runs for ever


class Grading:
    """Grades the cases of one exercise.

    Args:
        runner: what runs its suites.
        solution: the case that all others are compared with.
        limit: what gives this process so many seconds of CPU time, where it may be ended.
    """

    def __init__(
        self, runner: SuiteRunner, solution: Case, limit: Callable[[float], None] | None = None
    ) -> None:
        self._runner = runner
        self._solution = solution
        self._limit = limit or (lambda _: None)
        self._most_cpu_s = MOST_CPU_S  # of a mutant
        self._folder = tempfile.TemporaryDirectory(prefix="grader-prove-")
        self._reached: dict[str, set[str]] = {}
        self._audit = Audit()

    def close(self) -> None:
        """Delete what was written."""
        self._folder.cleanup()

    @cached_property
    def solution(self) -> tuple[TestResult, ...]:
        """What the solution gets; by it, which test reaches which functions."""
        start = time.process_time()
        results = tuple(self.run(self._solution, self._audit))
        taken = time.process_time() - start
        self._most_cpu_s = min(MOST_CPU_S, max(LEAST_CPU_S, TIMES_SLOWER * taken))
        return results

    def grade(self, case: Case) -> Graded:
        """Grade a case; what can't differ from what the solution gets is taken from there."""
        self._limit(MOST_CPU_S)
        known = self.solution
        if case.kind is Kind.MUTANT:
            self._limit(self._most_cpu_s)
        if case.kind is Kind.SOLUTION:
            return self._audited_solution()
        changed = changed_functions(self._solution.files, case.files)
        start = time.monotonic()
        only = None if changed is None else self._tests_of(changed)
        found = {(each.public, each.name): each for each in self.run(case, only=only)}
        results = (found.get((each.public, each.name), each) for each in known)
        return Graded(tuple(results), seconds=time.monotonic() - start)

    def _audited_solution(self) -> Graded:
        """Run the solution with other data as well, to see what depends on them."""
        start, results = time.monotonic(), self.solution
        for run in () if self._solution.exercise.cells else OTHER_DATA:
            with other_seeds(run, self._solution.exercise.folder):
                self.run(self._solution, self._audit)
        audit, taken = self._audit, time.monotonic() - start
        return Graded(results, tuple(audit.coinciding), tuple(audit.constants), taken)

    def _tests_of(self, functions: set[str]) -> set[str]:
        return {test for test, called in self._reached.items() if called & functions}

    def run(
        self, case: Case, audit: Audit | None = None, only: Container[str] | None = None
    ) -> list[TestResult]:
        """Run the hidden tests, then the public checks.

        Args:
            case: what they ask.
            audit: what looks at what they compare.
            only: the names of those to run; None for all.
        """
        file = write_files(case, Path(self._folder.name))
        late = case.work is not None and case.work.verdict is Verdict.TIMED_OUT
        attempt = LocalAttempt(case.exercise, file, limits=SHORT if late else UNLIMITED)
        results: list[TestResult] = []
        for public in (False, True):
            tests = self._runner.run_each(case.exercise, attempt, public=public, only=only)
            results += self._heard(tests, case, audit) if audit else [r.result for r in tests]
        return named_once(results)

    def _heard(self, tests: Iterator[Ran], case: Case, audit: Audit) -> Iterator[TestResult]:
        """Run tests of the solution; note what each compares, and what it calls."""
        while True:
            with audit.listening(), traced(case.files) as called:
                ran = next(tests, None)
            if ran is None:
                return
            audit.keep(f"{ran.result.name} (public)" if ran.result.public else ran.result.name)
            self._reached.setdefault(ran.result.name, set()).update(called)
            yield ran.result


def write_files(case: Case, folder: Path) -> Path:
    """Write what is handed in; return the file that is loaded, the first one."""
    for name, text in (case.beside | case.files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / next(iter(case.files))
