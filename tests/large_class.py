"""What the reports of a large class cost: `python -m tests.large_class`.

Results are made up, pages are real: a class is written, written again with nothing changed, then
with everything changed, and its pages are opened in Chromium. Memory is that of the process that
writes; the pages of students are made by others, whose memory a batch of results bounds.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

from made_up_class import made_up_class
from measured import exit_with
from the_lab import EXERCISES, LAB

from grader.files.output_folder import LISTS
from grader.reports.writing import write_reports
from grader.results.changes import Under
from grader.runs.graded_students import GradedStudents
from grader.runs.grading_run import GradingRun
from grader.runs.history.comparing import compare_runs
from grader.runs.history.keeping import Keeping
from grader.runs.history.kept_runs import KeptRuns, RunRecord
from grader.runs.history.ledger import Ledger
from grader.runs.kept_class import Circumstances
from grader.runs.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.courses import Exercise
    from grader.runs.database import Table
    from grader.runs.history.comparing import RunDiff

HAND_IN = ("ex03", "ex04", "ex06", "ex08")
LARGE = 10_000
KEPT: tuple[Table, ...] = ("standings", "marks", "runs")
WRITTEN_S, OPENED_S, COMPARED_S, GROWTH_KB = 60.0, 2.0, 5.0, 20.0


@dataclass(frozen=True)
class Measured:
    """What one class cost.

    Attributes:
        compared_s: of comparing two runs in which everybody has something else.
        changed_s: of writing the reports of the second one.
        kept_mb: how much the store grew by keeping both runs, beside their results.
        peak_mb: the most memory that the process which writes has had.
    """

    written_s: float
    again_s: float
    compared_s: float
    changed_s: float
    kept_mb: float
    peak_mb: float


def graded(
    store: Store, size: int, exercises: Sequence[Exercise], seed: int
) -> tuple[GradedStudents, RunDiff | None, float]:
    """Store a made-up class as grading would; return what changed, and what comparing took."""
    records = [student.record for student in made_up_class(size, exercises)]
    names = tuple(each.name for each in exercises)
    under = Under(f"tests {seed}", "limits", "software", "place")
    about = Circumstances(names, "cpu", "bubblewrap", course=LAB.title)
    run = RunRecord(number=0, at="", circumstances=about, under=dict.fromkeys(names, under))
    ledger = Ledger(store, run, Keeping())
    students = GradedStudents(store, [record.id for record in records])
    for record, student in zip(records, made_up_class(size, exercises, seed), strict=True):
        results = {f"{record.id}-{each.exercise}-{seed}": each for each in student.exercises}
        store.put(results)
        found = students.add(record, results, tuple(results), has_files=student.has_files)
        ledger.note(students.places[record.id], found)
    ledger.close(students, is_whole=True)
    start, runs = time.perf_counter(), KeptRuns(store.database)
    before = runs.before(seed)
    diff = compare_runs(runs, before, runs.run(seed)) if before else None
    return students, diff, time.perf_counter() - start


def write_class(folder: Path, size: int, *, whole_lab: bool) -> Measured:
    """Store a made-up class as grading would, and write its reports: twice, and changed."""
    exercises = tuple(each for each in EXERCISES if whole_lab or each.name[:4] in HAND_IN)
    times, compared = [], 0.0
    with Store(folder / "store") as store:
        for seed in (1, 2):
            students, diff, compared = graded(store, size, exercises, seed)
            run = GradingRun(
                course=LAB,
                device="cpu",
                sandbox="bubblewrap",
                students=students,
                records=tuple(place.record for place in students.places.values()),
                changes=diff,
            )
            for _ in range(3 - seed):
                start = time.perf_counter()
                write_reports(run, folder / "reports", anonymous=True)
                times.append(time.perf_counter() - start)
        kept = sum(
            len(store.database.get(table, key) or b"")
            for table in KEPT
            for key in store.database.keys(table)
        )
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    first, again, changed = times
    return Measured(first, again, compared, changed, kept / 2**20, peak_kb / 1024)


def measured(folder: Path, size: int, *, whole_lab: bool) -> Measured:
    """Write a class in a process of its own, whose memory is its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(write_class, folder, size, whole_lab=whole_lab).result()


def opening_times(reports: Path) -> Iterator[tuple[str, float]]:
    """Open the class page, its largest list, the page without names and a student's page."""
    from browser import opened, started_chromium

    largest = max(reports.glob(f"{LISTS}/*.html"), key=lambda file: file.stat().st_size)
    student = next(reports.glob("students/*.html"))
    with started_chromium() as browser:
        for file in (reports / "index.html", largest, reports / "anonymous.html", student):
            start = time.perf_counter()
            with opened(browser, file):
                yield str(file.relative_to(reports)), time.perf_counter() - start


def measure(folder: Path, size: int, *, whole_lab: bool) -> Iterator[tuple[str, str, str, bool]]:
    """Give what was measured, the target, the figure, and whether it held."""
    before = measured(folder / "small", size // 10, whole_lab=whole_lab)
    large = measured(folder / "large", size, whole_lab=whole_lab)
    grown_kb = 1024 * (large.peak_mb - before.peak_mb) / (size - size // 10)
    written = large.written_s
    most = WRITTEN_S * max(1, size / LARGE)
    yield "written", f"< {most:.0f} s", f"{written:.1f} s", written < most
    yield "written again, nothing changed", "", f"{large.again_s:.1f} s", True
    compared_s = large.compared_s
    yield (
        "two runs compared, everything changed",
        f"< {COMPARED_S:.0f} s",
        f"{compared_s:.1f} s",
        compared_s < COMPARED_S,
    )
    changed = large.changed_s
    yield "written changed", f"< {WRITTEN_S:.0f} s", f"{changed:.1f} s", changed < WRITTEN_S
    yield "both runs in the store", "", f"{large.kept_mb:.1f} MB", True
    yield "memory of the writing process", "", f"{large.peak_mb:.0f} MB", True
    yield (
        "… for one more student",
        f"< {GROWTH_KB:.0f} KB",
        f"{grown_kb:.1f} KB",
        (grown_kb < GROWTH_KB),
    )
    for page, took in opening_times(folder / "large" / "reports"):
        yield f"{page} opened", f"< {OPENED_S:.0f} s", f"{took:.2f} s", took < OPENED_S


def main() -> None:
    """Print the table; exit 1 where a target was missed."""
    parser = argparse.ArgumentParser(description="Measure what the reports of a large class cost.")
    parser.add_argument("size", nargs="?", type=int, default=LARGE, help="students (10,000)")
    parser.add_argument("--whole-lab", action="store_true", help="all exercises, not a hand-in")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for part in ("small", "large"):
            Path(name, part).mkdir()
        rows = list(measure(Path(name), options.size, whole_lab=options.whole_lab))
    exit_with(rows)


if __name__ == "__main__":
    main()
