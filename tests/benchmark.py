"""What grading costs, as ratios within one run: `nox -s benchmark`.

Absolute times depend on the machine and on what else it does; the ratios hold.

`sandboxed ÷ in one process` is the price of keeping a submission apart. The same right work is
graded twice in turn by one judge: with its functions called in the judge's own process, and in a
warm sandbox, to the moment when nothing of it is left there. In the sandbox every exercise has a
child of its own, so the fork, the loading and the cleaning up count for each; torch's start counts
for neither. It is measured for four short exercises, most of whose time such costs are, and for the
whole lab as one student hands it in: ten modules and the notebook with its training, which in one
process is run to its end as well.

`first verdict ÷ torch's import` is how long a cold `grade` takes to its first student's line. Judge
and sandbox import torch at the same moment: it is divided by the slower of two such imports.
"""

from __future__ import annotations

import gc
import json
import math
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

import nbformat
from rich.console import Console
from rich.table import Table
from the_lab import EXERCISES, LAB, find_submissions

from grader.authoring import make_cells_notebook
from grader.runs.engine import Plan, Progress, grade_class
from grader.runs.store import Store
from grader.sandbox.command import Isolation
from grader.sandbox.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from grader.courses import Exercise
    from grader.judge.plugin import SuiteRunner
    from grader.results.verdicts import StudentResult

SOLUTIONS = Path(__file__).resolve().parent.parent / "solutions"
CLASS_SIZE = 40
LARGE_CLASS = 400
LAB_CLASS = 9  # students of the whole lab; each takes some seconds
WARM = 3  # submissions that are not counted: the first ones load what is loaded once
FRESH_PROCESSES = 5
QUESTIONS = 20  # of which the last counts
GRADED = tuple(each for each in EXERCISES if each.name[:4] in {"ex03", "ex04", "ex06", "ex08"})
ONLY = [f"--exercise={each.name}" for each in GRADED]
ONE_SUBMISSION = """
import sys
from pathlib import Path
from tests.benchmark import one_submission
one_submission()
"""


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, what it must be, what it was."""

    what: str
    target: str
    value: str
    held: bool


def suites_of(exercises: Iterable[Exercise]) -> list[Path]:
    """Return the files of some exercises' tests."""
    return [file for each in exercises for file in (each.public_checks, each.hidden_suite)]


def solution(exercise: Exercise) -> tuple[str, str]:
    """Return right work for an exercise, as the file that is handed in: its name and its text."""
    source = (SOLUTIONS / f"{exercise.name}.py").read_text(encoding="utf-8")
    if not exercise.cells:
        return f"{exercise.name}.py", source
    notebook = make_cells_notebook(source, exercise.name, solved=True)
    return f"{exercise.name}.ipynb", nbformat.writes(notebook)


def write_class(folder: Path, size: int, exercises: Sequence[Exercise] = GRADED) -> Path:
    """Write a class whose modules all differ, so that no result of theirs serves twice."""
    for number in range(size):
        student = folder / f"student-{number:03}"
        student.mkdir(parents=True)
        for exercise in exercises:
            name, text = solution(exercise)
            own = "" if exercise.cells else f"\n# student {number}\n"
            (student / name).write_text(text + own, encoding="utf-8")
    return folder


def run_here(runner: SuiteRunner, exercises: Sequence[Exercise], folder: Path) -> float:
    """Run the suites for one submission in this process, without a sandbox; return the seconds."""
    from grader.guest.crossing.wire import Proceed
    from grader.judge.local import LocalAttempt

    start = time.perf_counter()
    for exercise in exercises:
        (file,) = folder.glob(f"{exercise.name}.*")
        attempt = LocalAttempt(exercise, file)
        with redirect_stdout(StringIO()):
            runner.run(exercise, attempt, public=True)
            runner.run(exercise, attempt, public=False)
            if exercise.cells:
                attempt.channel().ask(Proceed(""))
    return time.perf_counter() - start


def one_submission() -> None:
    """Run the suites for one submission in this process, and nothing else."""
    from grader.judge.plugin import run_suites

    def serve(runner: SuiteRunner) -> None:
        run_here(runner, GRADED, SOLUTIONS)

    run_suites(suites_of(GRADED), serve)


@dataclass(frozen=True)
class Seconds:
    """What one submission took, in one process and in the sandbox."""

    here: float
    sandboxed: float


def side_by_side(
    folder: Path, exercises: Sequence[Exercise], seen: Callable[[int], None] = lambda _: None
) -> list[Seconds]:
    """Grade a class in one warm sandbox; the first submissions also here, in turn.

    To clean the sandbox up afterwards belongs to a submission. What else the machine does meanwhile
    slows both down, and their ratio much less.
    """
    from grader.judge.grading import grade_submission
    from grader.judge.plugin import run_suites
    from grader.sandbox.sandbox import Sandbox

    times: list[Seconds] = []
    first = min(folder.iterdir())

    def serve(runner: SuiteRunner) -> None:
        for number, submission in enumerate(find_submissions(folder)):
            work = {each: submission.read(each.name, LAB) for each in exercises}
            again = number < CLASS_SIZE
            here = run_here(runner, exercises, first) if again else math.nan
            start = time.perf_counter()
            grade_submission(sandbox, runner, work, "cpu")
            sandbox.settle()
            times.append(Seconds(here, time.perf_counter() - start))
            seen(number + 1)

    with Sandbox(Isolation.BUBBLEWRAP, "cpu", Limits()) as sandbox:
        run_suites(suites_of(exercises), serve)
    return times[WARM:CLASS_SIZE]


def fresh_process() -> float:
    """Run the suites for one submission in a process of its own."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", ONE_SUBMISSION], check=True)
    return time.perf_counter() - start


class _Clock(Progress):
    """Notes when submissions were done."""

    def __init__(self) -> None:
        self.done: list[float] = []

    def finished(self, result: StudentResult) -> None:
        """Note the time."""
        del result
        self.done.append(time.perf_counter())


def throughput(folder: Path, jobs: int) -> float:
    """Grade a class with a number of jobs; return submissions a second, once all are warm."""
    clock = _Clock()
    plan = Plan(LAB, GRADED, "cpu", Isolation.BUBBLEWRAP, Limits(), jobs, fresh=True)
    with tempfile.TemporaryDirectory() as output, Store(Path(output, "store")) as store:
        grade_class(find_submissions(folder), plan, store, clock)
    warm = clock.done[len(clock.done) // 4 :]
    return (len(warm) - 1) / (warm[-1] - warm[0])


def two_imports() -> float:
    """Import torch in two processes at once; return the seconds of the slower."""
    start = time.perf_counter()
    both = [subprocess.Popen([sys.executable, "-c", "import torch"]) for _ in range(2)]
    for each in both:
        each.wait()
    return time.perf_counter() - start


def first_verdict(folder: Path) -> float:
    """Grade one exercise of a class in a new process; return the seconds to a student's line."""
    output = str(folder.with_name("first"))
    grade = [sys.executable, "-m", "grader", "grade", str(folder), "--output", output, "--fresh"]
    start = time.perf_counter()
    with subprocess.Popen([*grade, ONLY[0]], stdout=subprocess.PIPE, text=True) as process:
        times = [time.perf_counter() for line in process.stdout or () if "student-000" in line]
    return times[0] - start


def cold_start(folder: Path) -> float:
    """Return the median of a first verdict's time by that of torch's import, in turn."""
    return statistics.median(first_verdict(folder) / two_imports() for _ in range(FRESH_PROCESSES))


def command_time(*arguments: str) -> float:
    """Return the median wall time of a command of the grader."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "grader", *arguments], check=True, capture_output=True
        )
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def resident_mb() -> float:
    """Return this process's resident memory, after a collection."""
    gc.collect()
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (line,) = (line for line in lines if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def judge_measures(folder: Path) -> dict[str, float]:
    """Measure one judge: its times per submission, and how its memory grows from 40 to 400.

    It has one thread and, with its guest, one core, as a worker has where every core has a job. On
    an idle second core, the time to wake it up would be measured.
    """
    import torch

    torch.set_num_threads(1)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    memory: dict[int, float] = {}

    def seen(number: int) -> None:
        if number in {CLASS_SIZE, LARGE_CLASS}:
            memory[number] = resident_mb()

    times = side_by_side(folder, GRADED, seen)
    return medians(times) | {"growth": memory[LARGE_CLASS] - memory[CLASS_SIZE]}


def medians(times: Sequence[Seconds]) -> dict[str, float]:
    """Return the median times of some submissions, and the median of their ratios."""
    return {
        "here": statistics.median(each.here for each in times),
        "sandboxed": statistics.median(each.sandboxed for each in times),
        "ratio": statistics.median(each.sandboxed / each.here for each in times),
    }


def child_measures(folder: Path) -> dict[str, float]:
    """Return the seconds of what every exercise costs in the sandbox beside the student's work.

    The module does nothing: it is read and loaded, its function is called many times, and all that
    it has left is removed. It is asked by a judge on the same core; see `judge_measures`.
    """
    del folder
    from grader.guest.crossing.wire import Call, Load, Parse, Request
    from grader.sandbox.sandbox import Sandbox

    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    file = ("nothing.py", b"def nothing():\n    return None\n")
    load = Load("nothing", *file, notebook=False, device="cpu")
    requests: list[Request] = [Parse(*file, notebook=False), load]
    requests += [Call("nothing", (), seed=0)] * QUESTIONS
    times: list[list[float]] = []
    with Sandbox(Isolation.BUBBLEWRAP, "cpu", Limits()) as sandbox:
        for _ in range(CLASS_SIZE):
            seconds = [time.perf_counter()]
            session = sandbox.open()
            for request in requests:
                session.ask(request, 10)
                seconds.append(time.perf_counter())
            session.end()
            sandbox.settle()
            times.append([*seconds, time.perf_counter()])
    started, loaded, *_, asked, gone = (
        statistics.median(after - before for before, after in pairs)
        for pairs in zip(*map(pairwise, times[WARM:]), strict=True)
    )
    return {"start": started, "load": loaded, "question": asked, "end": gone}


def lab_measures(folder: Path) -> dict[str, float]:
    """Measure the whole lab on one core; see `judge_measures`."""
    import torch

    torch.set_num_threads(1)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return medians(side_by_side(folder, EXERCISES))


def judged(measures: Callable[[Path], dict[str, float]], folder: Path) -> dict[str, float]:
    """Measure a judge in a process of its own, whose memory is its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(measures, folder).result()


def mixed_class() -> tuple[float, float]:
    """Return the seconds a student with all exercises takes, and those of the lab's notebook."""
    script = Path(__file__).with_name("mixed_class.py")
    ran = subprocess.run([sys.executable, str(script)], check=True, capture_output=True)
    seconds = json.loads(ran.stdout)
    return sum(seconds.values()), seconds["lab_training"]


def in_ms(seconds: float) -> str:
    """Write a time as the table shows it."""
    return f"{1000 * seconds:.3g} ms"


def measure(folder: Path) -> list[Row]:
    """Measure everything that the table shows."""
    large = write_class(folder / "large", LARGE_CLASS)
    small = write_class(folder / "small", CLASS_SIZE)
    judge = judged(judge_measures, large)
    child = judged(child_measures, small)
    lab = judged(lab_measures, write_class(folder / "lab", LAB_CLASS, EXERCISES))
    fresh = statistics.median(fresh_process() for _ in range(FRESH_PROCESSES))
    one, two = throughput(small, 1), throughput(small, 2)
    output = str(folder / "reports")
    subprocess.run(
        [sys.executable, "-m", "grader", "grade", str(small), "--output", output, *ONLY],
        check=True,
        capture_output=True,
    )
    cold = cold_start(write_class(folder / "alone", 1, GRADED[:1]))
    help_s = command_time("--help")
    rerun_s = command_time("grade", str(small), "--output", output, *ONLY) - help_s
    overhead, gain = judge["ratio"], fresh / judge["sandboxed"]
    growth = judge["growth"]
    student, training = mixed_class()
    return [
        Row("sandboxed ÷ in one process", "≤ 1.4", f"{overhead:.2f}", overhead <= 1.4),
        Row("the same, the whole lab", "≤ 1.15", f"{lab['ratio']:.2f}", lab["ratio"] <= 1.15),
        Row("first verdict ÷ torch's import", "≤ 1.3", f"{cold:.2f}", cold <= 1.3),
        Row("fresh pytest process ÷ sandboxed", "≥ 10", f"{gain:.1f}", gain >= 10),
        Row("two jobs ÷ one job", "≥ 1.7", f"{two / one:.2f}", two / one >= 1.7),
        Row("rerun of 40, nothing changed", "< 1 s + start", f"{rerun_s:.2f} s", rerun_s < 1),
        Row("grader --help", "< 0.3 s", f"{help_s:.2f} s", help_s < 0.3),
        Row("judge at 400 − at 40 submissions", "≈ 0", f"{growth:+.1f} MB", growth < 10),
        Row("a student, all exercises", "< 3 s", f"{student:.2f} s", student < 3),
        Row("of which the lab and its training", "", f"{training:.2f} s", held=True),
        Row("one submission, in one process", "", in_ms(judge["here"]), held=True),
        Row("one submission, sandboxed", "", in_ms(judge["sandboxed"]), held=True),
        *(Row(f"an exercise's child: {name}", "", in_ms(child[name]), held=True) for name in child),
        Row("the whole lab, in one process", "", f"{lab['here']:.2f} s", held=True),
        Row("the whole lab, sandboxed", "", f"{lab['sandboxed']:.2f} s", held=True),
        Row("one submission, fresh process", "", f"{fresh:.1f} s", held=True),
    ]


def main() -> None:
    """Print the table; exit 1 where a target was missed."""
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder))
    table = Table("what", "target", "measured", "held")
    for row in rows:
        table.add_row(row.what, row.target, row.value, "yes" if row.held else "NO")
    Console().print(table)
    sys.exit(0 if all(row.held for row in rows) else 1)


if __name__ == "__main__":
    main()
