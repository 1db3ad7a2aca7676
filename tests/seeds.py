"""Run the solutions over many seeds: `python tests/seeds.py --runs 1000`.

Every generator that a suite makes gets another seed in every run, so that its data, its weights and
its batches differ. A right answer must pass whatever they are. The lab's notebook, which trains for
real, is run once for every hundred. With `--float32`, data that a suite draws in float64 are drawn
in float32.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from lab_notebooks import solved_lab
from rich.progress import track
from the_lab import EXERCISES

from grader.judge.local import LocalAttempt
from grader.judge.plugin import SuiteRunner, run_suites
from grader.results.verdicts import Verdict
from kit.classifier import known_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.courses import Exercise

SOLUTIONS = Path(__file__).resolve().parent.parent / "solutions"
RUNS_A_NOTEBOOK = 100
shift = 0


class ShiftedGenerator(torch.Generator):
    """A generator whose seeds are those that the suites give it, and the run's number."""

    def manual_seed(self, seed: int) -> Any:
        """Seed with another number in every run."""
        return super().manual_seed(seed + 100_003 * shift)


def in_float32(make: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    """Return a function that makes what another makes, in float32 where that is asked for more."""

    def made(*args: Any, **options: Any) -> torch.Tensor:
        if options.get("dtype") is torch.float64:
            options["dtype"] = torch.float32
        return make(*args, **options)

    return made


def failures_of(runner: SuiteRunner, exercise: Exercise, file: Path) -> list[str]:
    """Run the suites of an exercise; return the tests that did not pass."""
    attempt = LocalAttempt(exercise, file)
    results = [
        result
        for public in (True, False)
        for result in runner.run(exercise, attempt, public=public).results
    ]
    return [
        f"{exercise.name}: {result.name}"
        for result in results
        if result.verdict is not Verdict.PASSED
    ]


def run_all(runs: range, folder: Path) -> Counter[str]:
    """Run all suites once a number; count the failures by test."""
    failures: Counter[str] = Counter()

    def serve(runner: SuiteRunner) -> None:
        global shift
        for shift in track(runs, description="seeds"):
            known_values.cache_clear()  # the guest's side draws them with this run's seeds
            for exercise in EXERCISES:
                if not exercise.cells:
                    file = SOLUTIONS / f"{exercise.name}.py"
                elif shift % RUNS_A_NOTEBOOK == 0:
                    file = solved_lab(folder)
                else:
                    continue
                failures.update(failures_of(runner, exercise, file))

    suites = [file for each in EXERCISES for file in (each.public_checks, each.hidden_suite)]
    run_suites(suites, serve)
    return failures


def main() -> None:
    """Print how many failures there were; exit 1 if there was one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first run")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--float32", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.Generator = ShiftedGenerator  # type: ignore[misc]  # what the suites make
    if options.float32:
        torch.randn, torch.tensor = in_float32(torch.randn), in_float32(torch.tensor)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        runs = range(options.first, options.first + options.runs)
        failures = run_all(runs, Path(folder))
    print(f"{options.runs} runs, {sum(failures.values())} failures")
    for name, count in failures.most_common():
        print(f"{count:6} {name}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
