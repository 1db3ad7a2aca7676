"""Grade a class of 100 in which every tenth attacks: `python -m tests.under_attack`.

What an attack can cost is the timeouts that the grader has to wait for. The run says how long these
were, for each of the jobs, and how long the whole took.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from grader.redteam.attacks import all_attacks, honest_work
from grader.results.verdicts import Verdict
from grader.runs.engine import Plan, Progress, grade_class
from grader.runs.store import Store
from grader.sandbox.command import Isolation
from grader.sandbox.limits import Limits
from grader.submissions import find_class

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.results.verdicts import TestResult
    from grader.runs.grading_run import GradingRun

ATTACKS = all_attacks()
COURSE = ATTACKS[0].course
EXERCISE = COURSE.exercises[0]
STUDENTS, EVERY, JOBS = 100, 10, 2
MOST = 1.5  # times what had to be waited for
HOSTILE = (
    *("busy_loop", "fork_bomb", "stopped", "memory_bit_by_bit", "ignored_signals"),
    *("printed_without_end", "daemon_with_the_pipes", "slow_frame", "kill_everybody", "relay"),
)
WAITED = re.compile(r"more than ([\d.]+) s and was stopped")


@dataclass(frozen=True)
class Measured:
    """One class graded.

    Attributes:
        seconds: wall time, without the start of the workers.
        waited_s: the sum of the timeouts that were waited for.
        honest: how many honest students have all of their points.
    """

    seconds: float
    waited_s: float
    honest: int


class FirstDone(Progress):
    """Notes when the first submission was begun: the workers are warm by then."""

    def __init__(self) -> None:
        self.begun = 0.0

    def started(self, student: str) -> None:
        """Note the time of the first."""
        del student
        self.begun = self.begun or time.monotonic()


def write_class(folder: Path, *, attacked: bool) -> Path:
    """Write a class whose files all differ; every tenth attacks if it is to be."""
    texts = {attack.file.stem: attack.text for attack in ATTACKS}
    for number in range(STUDENTS):
        text = f"{honest_work(COURSE, EXERCISE)}\n# student {number}\n"
        if attacked and number % EVERY == EVERY // 2:
            text += texts[HOSTILE[number // EVERY]]
        student = folder / f"student-{number:03}"
        student.mkdir(parents=True)
        (student / f"{EXERCISE.name}.py").write_text(text, encoding="utf-8")
    return folder


def measure(folder: Path) -> Measured:
    """Grade a class with the usual limits."""
    clock = FirstDone()
    plan = Plan(COURSE, (EXERCISE,), "cpu", Isolation.BUBBLEWRAP, Limits(), JOBS, fresh=True)
    with tempfile.TemporaryDirectory() as output, Store(Path(output, "store")) as store:
        run = grade_class(find_class(folder, COURSE).submissions, plan, store, clock)
        run = replace(run, students=tuple(run.students))
    taken = time.monotonic() - clock.begun
    full = [student for student in run.students if student.score == student.max_score]
    return Measured(taken, waited_s(run), len(full))


def waited_s(run: GradingRun) -> float:
    """Add up the timeouts of a run; that of loading a file was waited for once."""
    tests = [each.tests for student in run.students for each in student.exercises]
    return sum(map(waits, tests))


def waits(tests: Iterable[TestResult]) -> float:
    """Add up the timeouts of one exercise."""
    said = [each.message.text for each in tests if each.verdict is Verdict.TIMED_OUT]
    loading = {message for message in said if message.startswith("`import ")}
    calls = [message for message in said if message not in loading]
    found = [WAITED.search(message) for message in [*loading, *calls]]
    return sum(float(match[1]) for match in found if match)


def main() -> None:
    """Print the figures; exit 1 where the class took too long, or somebody honest lost a point."""
    with tempfile.TemporaryDirectory() as folder:
        calm = measure(write_class(Path(folder, "calm"), attacked=False))
        attacked = measure(write_class(Path(folder, "attacked"), attacked=True))
    waited = attacked.waited_s / JOBS
    ratio = attacked.seconds / waited
    unharmed = STUDENTS - STUDENTS // EVERY
    table = Table(f"a class of {STUDENTS}, {JOBS} jobs", "seconds", "honest with full points")
    table.add_row("nobody attacks", f"{calm.seconds:.1f}", str(calm.honest))
    table.add_row(f"every {EVERY}th attacks", f"{attacked.seconds:.1f}", str(attacked.honest))
    table.add_row("timeouts that each job waited for", f"{waited:.1f}", "")
    table.add_row(f"attacked ÷ timeouts (≤ {MOST})", f"{ratio:.2f}", "")
    Console().print(table)
    sys.exit(ratio > MOST or attacked.honest < unharmed)


if __name__ == "__main__":
    main()
