"""Say what passing the public checks is worth: `python -m tests.public_checks`, about 3 minutes.

Every work of the lab is graded by both suites. Those that are wrong and pass all public checks are
listed with the share of the hidden points that they get.
"""

from __future__ import annotations

import io
import statistics
import sys
import warnings
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from lab_works import all_works, write_work
from rich.console import Console
from rich.progress import track
from the_lab import EXERCISES

from grader.judge.local import LocalAttempt
from grader.judge.plugin import run_suites
from grader.results.verdicts import Verdict, totals

if TYPE_CHECKING:
    from grader.courses import Work
    from grader.judge.plugin import SuiteRunner


@dataclass(frozen=True)
class Graded:
    """One work: shares from 0 to 1.

    Attributes:
        wrong: whether it was made to be wrong.
        public: share of the public checks that passed.
        hidden: share of the hidden points that it got.
        lost: hidden tests that did not pass.
        named: whether a failed public check named the mistake; None where none failed.
    """

    name: str
    wrong: bool
    public: float
    hidden: float
    lost: tuple[str, ...]
    named: bool | None


def graded(runner: SuiteRunner, work: Work, file: Path) -> Graded:
    """Grade one work by both suites."""
    exercise = work.exercise
    attempt = LocalAttempt(exercise, file)
    hidden = runner.run(exercise, attempt, public=False).results
    public = runner.run(exercise, attempt, public=True).results
    failed = [each for each in public if each.verdict is not Verdict.PASSED]
    score, maximum = totals(hidden)
    return Graded(
        name=f"{exercise.name}/{work.name}",
        wrong=not work.is_right,
        public=1 - len(failed) / len(public),
        hidden=score / maximum,
        lost=tuple(each.name for each in hidden if each.verdict is not Verdict.PASSED),
        named=any(each.mistake for each in failed) if failed else None,
    )


def grade_all() -> list[Graded]:
    """Grade everything."""
    rows: list[Graded] = []
    screen = Console(file=sys.stdout)  # the bar's, while what submissions print goes nowhere

    def serve(runner: SuiteRunner) -> None:
        for work in track(all_works(), "grading", console=screen):
            with TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
                rows.append(graded(runner, work, write_work(work, Path(folder))))

    suites = [file for each in EXERCISES for file in (each.hidden_suite, each.public_checks)]
    run_suites(suites, serve)
    return rows


def main() -> None:
    """Print the relation, and the list."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = grade_all()
    unseen = [row for row in rows if row.wrong and row.public == 1]
    caught = [row for row in rows if row.wrong and row.public < 1]
    relation = statistics.correlation([row.public for row in rows], [row.hidden for row in rows])
    print(
        f"{len(rows)} submissions; share of checks and share of points correlate by {relation:.2f}"
    )
    print(f"wrong: {len(caught)} are caught by a public check, {sum(map(named, caught))} by name")
    print(f"wrong, and all public checks passed: {len(unseen)}")
    print(f"least points of those: {min(row.hidden for row in unseen):.0%}; median ", end="")
    print(f"{statistics.median(row.hidden for row in unseen):.0%}")
    for row in sorted(unseen, key=lambda row: row.hidden):
        print(f"  {row.hidden:4.0%}  {row.name}: {', '.join(row.lost)}")


def named(row: Graded) -> bool:
    """Whether a public check named the mistake."""
    return bool(row.named)


if __name__ == "__main__":
    main()
