"""Grade what a suite is tried with, in this process: a case after another, within limits.

The code is the course's own, so it needs no sandbox; but a mutant may run for ever.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from grader.judge.local import LocalAttempt, Patience
from grader.proving.audit import Audit
from grader.proving.cases import Kind
from grader.proving.reach import changed_functions, traced
from grader.proving.seeds import other_seeds

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from grader.judge.plugin import Ran, SuiteRunner
    from grader.proving.cases import Case
    from grader.results.verdicts import TestResult

__all__ = ["Graded", "Grading", "write_files"]

PATIENCE = Patience(load_s=40.0, call_s=20.0, call_after_timeout_s=2.0)


@dataclass(frozen=True)
class Graded:
    """What became of a case.

    Attributes:
        results: of the hidden tests, then of the public checks.
        coinciding: of the solution: answers that its suite can't tell apart.
        constants: of the solution: alternatives that do not depend on their case.
        seconds: wall time that it took.
    """

    results: tuple[TestResult, ...]
    coinciding: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    seconds: float = 0.0

    @cached_property
    def hidden(self) -> dict[str, TestResult]:
        """The results of the hidden tests by name."""
        return {each.name: each for each in self.results if not each.public}

    @cached_property
    def public(self) -> dict[str, TestResult]:
        """The results of the public checks by name."""
        return {each.name: each for each in self.results if each.public}

    @property
    def names(self) -> set[str]:
        """The mistakes that are named."""
        return {each.mistake for each in self.results if each.mistake}


class Grading:
    """Grades the cases of one exercise."""

    def __init__(self, runner: SuiteRunner, solution: Case) -> None:
        self._runner = runner
        self._solution = solution
        self._folder = tempfile.TemporaryDirectory(prefix="grader-prove-")
        self._reached: dict[str, set[str]] = {}

    def close(self) -> None:
        """Delete what was written."""
        self._folder.cleanup()

    @cached_property
    def solution(self) -> Graded:
        """What the solution gets; by it, which test reaches which functions."""
        audit, start = Audit(), time.monotonic()
        results = self.run(self._solution, audit)
        with other_seeds(1, self._solution.exercise.folder):
            self.run(self._solution, audit)
        taken = time.monotonic() - start
        return Graded(tuple(results), tuple(audit.coinciding), tuple(audit.constants), taken)

    def grade(self, case: Case) -> Graded:
        """Grade a case; what can't differ from what the solution gets is taken from there."""
        known = self.solution
        if case.kind is Kind.SOLUTION:
            return known
        changed = changed_functions(self._solution.files, case.files)
        start = time.monotonic()
        only = None if changed is None else self._tests_of(changed)
        found = {(each.public, each.name): each for each in self.run(case, only=only)}
        results = (found.get((each.public, each.name), each) for each in known.results)
        return Graded(tuple(results), seconds=time.monotonic() - start)

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
        attempt = LocalAttempt(case.exercise, file, patience=PATIENCE)
        results: list[TestResult] = []
        for public in (False, True):
            tests = self._runner.run_each(case.exercise, attempt, public=public, only=only)
            results += self._audited(tests, case, audit) if audit else [r.result for r in tests]
        return results

    def _audited(self, tests: Iterator[Ran], case: Case, audit: Audit) -> Iterator[TestResult]:
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
    for name, text in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / next(iter(case.files))
