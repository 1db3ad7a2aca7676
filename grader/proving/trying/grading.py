"""Grade what a suite is tried with, in this process: one case after another.

The code is the course's own, so it needs no sandbox.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from grader.judge.local import LocalAttempt
from grader.judge.naming import named_once
from grader.proving.cases import Kind
from grader.proving.trying.audit import Audit
from grader.proving.trying.changed_answers import Recorded, ranges
from grader.proving.trying.graded import Graded
from grader.proving.trying.reach import changed_functions, traced
from grader.proving.trying.repairs import Repairs
from grader.proving.trying.seeds import other_seeds
from grader.results.verdicts import Verdict
from grader.sandbox.limits import UNLIMITED, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from grader.judge.plugin import Attempt, Ran, SuiteRunner
    from grader.proving.cases import Case
    from grader.proving.rules import Breach
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
        self._repairs = Repairs()

    def close(self) -> None:
        """Delete what was written."""
        self._folder.cleanup()

    @cached_property
    def _recorded(self) -> Recorded:
        return Recorded(self._loaded(self._solution))

    @cached_property
    def solution(self) -> tuple[TestResult, ...]:
        """What the solution gets; by it, which test reaches which functions."""
        start = time.process_time()
        results = tuple(self._heard(self._solution, self._recorded))
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
        start = time.monotonic()
        only = self._concerned(case)
        heard = named_once(self._heard(case, self._loaded(case), only))
        found = {(each.public, each.name): each for each in heard}
        results = tuple(found.get((each.public, each.name), each) for each in known)
        return Graded(results, breaches=self._repairs.take(), seconds=time.monotonic() - start)

    def _audited_solution(self) -> Graded:
        """Run the solution with other data as well, to see what depends on them."""
        start, results, exercise = time.monotonic(), self.solution, self._solution.exercise
        breaches: list[Breach] = []
        if not exercise.cells:  # which trains for real, and tells how that went
            for run in OTHER_DATA:
                with other_seeds(run, exercise.folder):
                    list(self._heard(self._solution, self._loaded(self._solution)))
            breaches += ranges(self._runner, exercise, self._recorded)
        breaches += self._audit.constants
        taken = time.monotonic() - start
        coinciding = tuple(self._audit.coinciding)
        return Graded(results, coinciding, tuple(breaches), self._reached, taken)

    def _concerned(self, case: Case) -> set[str] | None:
        """Return the tests that may see what a case changes; None for all.

        What a cell leaves is there in the cells after it, too. To run these takes a training, so a
        mutant is tried with the tests that are about its own.
        """
        changed = changed_functions(self._solution.files, case.files)
        carries_on = case.exercise.cells and case.kind is not Kind.MUTANT
        if changed is None or carries_on or case.declared != self._solution.declared:
            return None
        return {test for test, reached in self._reached.items() if reached & changed}

    def run(self, case: Case) -> list[TestResult]:
        """Run the hidden tests, then the public checks."""
        return named_once(ran.result for ran in self._tests(case, self._loaded(case)))

    def _loaded(self, case: Case) -> LocalAttempt:
        file = write_files(case, Path(self._folder.name))
        late = case.work is not None and case.work.verdict is Verdict.TIMED_OUT
        return LocalAttempt(case.exercise, file, limits=SHORT if late else UNLIMITED)

    def _tests(
        self, case: Case, attempt: Attempt, only: Container[str] | None = None
    ) -> Iterator[Ran]:
        for public in (False, True):
            yield from self._runner.run_each(case.exercise, attempt, public=public, only=only)

    def _heard(
        self, case: Case, attempt: Attempt, only: Container[str] | None = None
    ) -> Iterator[TestResult]:
        """Run tests; of the solution, note what each compares, and what it calls."""
        tests, is_solution = self._tests(case, attempt, only), case is self._solution
        called: set[str] = set()
        while True:
            with ExitStack() as stack:
                stack.enter_context(self._repairs.watching(case.files, is_solution=is_solution))
                if is_solution:
                    stack.enter_context(self._audit.listening())
                    called = stack.enter_context(traced(case.files))
                ran = next(tests, None)
            if ran is None:
                return
            name = f"{ran.result.name} (public)" if ran.result.public else ran.result.name
            self._repairs.keep(name, is_solution=is_solution)
            if is_solution:
                self._audit.keep(name)
                self._reached.setdefault(ran.result.name, {ran.cell}).update(called)
            yield ran.result


def write_files(case: Case, folder: Path) -> Path:
    """Write what is handed in, and nothing of an earlier case; return the file that is loaded."""
    for old in folder.iterdir():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    for name, text in (case.beside | case.files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name, file in case.declared.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, path)
    return folder / next(iter(case.files))
