"""What a cluster costs, and that it loses nothing: `python -m tests.dask_benchmark 100000`.

Judges are simulated, as real ones would take days: everything else is as it is (a scheduler and
workers that are processes, submissions that are read, results in a store). Workers are killed at
random. With `--real` a class of 120 is graded by real judges, here and on a cluster.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

import psutil
from dask_cluster import DaskProcesses
from measured import exit_with
from simulated_judges import made_up
from small_course import COURSE, FOLDER, file_in

from grader.authoring import solved
from grader.cluster.engine import DaskEngine
from grader.cluster.order import Order
from grader.results.students import StudentRecord
from grader.runs.engine import Plan, Progress, grade_class, worker_settings
from grader.runs.store import Store
from grader.sandbox.command import Isolation
from grader.sandbox.limits import Limits
from grader.submissions import Submission
from grader.submissions.disk.files import FoundFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.results.verdicts import StudentResult
    from grader.runs.engines.engine import Engine, Listener
    from grader.runs.jobs import Job

EXERCISE = COURSE.exercises[0]
PLAN = Plan(COURSE, (EXERCISE,), "cpu", Isolation.NONE, Limits(), jobs=1, fresh=False)
PRELOADED = str(Path(__file__).with_name("simulated_judges.py"))
OVERHEAD_MS, GROWTH_KB = 5.0, 4.0
REAL_CLASS, REAL_JOBS = 120, (1, 2, 4)  # with one job it takes two minutes
WORK = "import time\nwhile time.process_time() < 1:\n    pass\n"  # as a training would


@dataclass(frozen=True)
class InMemory(FoundFile):
    """A file that is on no disk."""

    def open(self) -> io.BufferedReader:
        """Return its content: its student's name, so that no two are alike."""
        return io.BufferedReader(io.BytesIO(f"# {self.attempt}\n".encode()))


class Nobody:
    """An engine without workers, for what a run costs without any."""

    def grade(self, jobs: Iterator[Job], listener: Listener, *, alone: bool = False) -> None:
        """Make everything up."""
        del alone
        for job in jobs:
            listener.begun(job)
            listener.take(job, [made_up(name) for name in job.todo])

    def stop(self) -> None:
        """Do nothing."""


@dataclass
class Watching(Progress):
    """Counts who is done, and kills workers meanwhile.

    Attributes:
        kills: after how many students a worker is killed, and another one started.
        memory: of this process, in KB, after each tenth of the class.
    """

    size: int
    cluster: DaskProcesses | None = None
    kills: set[int] = field(default_factory=set)
    done: dict[str, int] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def finished(self, result: StudentResult) -> None:
        """Count, and kill."""
        self.done[result.student] = self.done.get(result.student, 0) + 1
        count = len(self.done)
        if self.cluster is not None and count in self.kills:
            self.cluster.kill(random.choice([*self.cluster.workers]))
            start_worker(self.cluster, f"after-{count}")
        if count % (self.size // 10) == 0:
            self.memory.append(psutil.Process().memory_info().rss / 1024)

    def note(self, sentence: str) -> None:
        """Keep it."""
        self.notes.append(sentence)


def start_worker(cluster: DaskProcesses, name: str, before: Sequence[str] = ()) -> None:
    """Start a worker with simulated judges, by a command that puts it somewhere."""
    cluster.start(name, "--preload", PRELOADED, before=before)


def made_up_class(size: int) -> list[Submission]:
    """Return submissions that are all different."""
    name = f"{EXERCISE.name}.py"
    return [
        Submission(StudentRecord(id=f"s{number:06}"), (InMemory(name, attempt=number),))
        for number in range(size)
    ]


def run(folder: Path, size: int, watching: Watching, engine: Engine) -> tuple[float, float, int]:
    """Grade a made-up class; return wall time and processor time in s, and results in the store."""
    start, before = time.perf_counter(), time.process_time()
    with Store(folder) as store:
        grade_class(made_up_class(size), PLAN, store, watching, engine=engine)
        kept = len(store.database.keys("results"))
    return time.perf_counter() - start, time.process_time() - before, kept


def simulated(
    folder: Path, size: int, workers: int, kills: int
) -> Iterator[tuple[str, str, str, bool]]:
    """Give what was measured, the target, the figure, and whether it held."""
    plain_s, plain_cpu_s, _ = run(folder / "plain", size, Watching(size), Nobody())
    with DaskProcesses(folder) as cluster:
        for number in range(workers):
            start_worker(cluster, f"first-{number}")
        when = set(random.sample(range(1, size), kills))
        watching = Watching(size, cluster, when)
        process = psutil.Process(cluster.scheduler.pid)
        before = process.cpu_times()
        engine = DaskEngine(Order.of(COURSE, worker_settings(PLAN)), cluster.address)
        wall_s, cpu_s, kept = run(folder / "dask", size, watching, engine)
        scheduler_s = sum(process.cpu_times()[:2]) - sum(before[:2])
    lost, twice = size - kept, sum(count > 1 for count in watching.done.values())
    yield "students lost", "0", str(lost + size - len(watching.done)), not lost
    yield "students taken twice", "0", str(twice), not twice
    yield f"workers killed, of {workers} at a time", "", str(kills), True
    over_ms = 1000 * (wall_s - plain_s) / size
    target = f"< {OVERHEAD_MS:g} ms"
    yield (
        "a submission, beyond a run without workers",
        target,
        f"{over_ms:.1f} ms",
        (over_ms < OVERHEAD_MS),
    )
    cpu_ms = 1000 * (cpu_s - plain_cpu_s) / size
    yield "… processor time in the driver", "", f"{cpu_ms:.1f} ms", True
    cpu_ms = 1000 * scheduler_s / size
    yield "… processor time in the scheduler", target, f"{cpu_ms:.1f} ms", cpu_ms < OVERHEAD_MS
    grown_kb = (watching.memory[-1] - watching.memory[0]) / (size * 0.9)
    yield (
        "memory of the driver for one more student",
        f"< {GROWTH_KB:g} KB",
        f"{grown_kb:.1f} KB",
        (grown_kb < GROWTH_KB),
    )


def real(folder: Path) -> Iterator[tuple[str, str, str, bool]]:
    """Grade a class with real judges: by jobs here, and by workers of a cluster."""
    for number in range(REAL_CLASS):
        file = file_in(folder / "class" / f"s{number}", EXERCISE)
        file.parent.mkdir(parents=True)
        solution = "".join(solved(COURSE, EXERCISE).values())
        file.write_text(f"{solution}\n# {number}\n{WORK}", encoding="utf-8")
    taken: dict[tuple[str, int], float] = {}
    for jobs in REAL_JOBS:
        for engine in ("local", "dask"):  # in turn: what else the machine does slows both down
            start = time.perf_counter()
            out = folder / f"{engine}-{jobs}"
            _grade(folder / "class", out, f"--engine={engine}", f"--jobs={jobs}")
            taken[engine, jobs] = time.perf_counter() - start
    for jobs in REAL_JOBS:
        ratio = taken["dask", jobs] / taken["local", jobs]
        yield f"--engine dask --jobs {jobs} / --jobs {jobs}", "", f"{ratio:.2f}", True
    for engine in ("local", "dask"):
        for jobs in REAL_JOBS[1:]:
            ratio = taken[engine, jobs] / taken[engine, 1]
            yield f"--engine {engine}: {jobs} / one", "", f"{ratio:.2f}", True
    same = len({_results(folder / f"{engine}-{jobs}") for engine, jobs in taken}) == 1
    yield "results, but for times", "the same", "the same" if same else "others", same


def _grade(hand_ins: Path, output: Path, *options: str) -> None:
    command = [sys.executable, "-m", "grader", "grade", str(hand_ins), "--output", str(output)]
    command += ["--course", str(FOLDER), "--exercise", EXERCISE.name, *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ)


def _results(output: Path) -> str:
    """Return results.json without what no two runs have in common."""
    times = {"seconds", "graded_at"}

    def kept(pairs: list[tuple[str, object]]) -> dict[str, object]:
        return {key: value for key, value in pairs if key not in times}

    text = (output / "results.json").read_text(encoding="utf-8")
    return json.dumps(json.loads(text, object_pairs_hook=kept))


def main() -> None:
    """Print the table; exit 1 where a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", nargs="?", type=int, default=100_000, help="students (100,000)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--real", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size, workers, kills = options.size, options.workers, options.kills
        rows = list(real(folder) if options.real else simulated(folder, size, workers, kills))
    exit_with(rows)


if __name__ == "__main__":
    main()
