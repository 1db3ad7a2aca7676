"""What waiting costs a student: `python -m tests.desk_benchmark`, a part of `nox -s benchmark`.

A save is followed from the write to the verdict that a watch would show; a check from the shell's
point of view, beside what torch alone takes there.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING

from grader.courses import Exercise, carried_course
from grader.desk.warm.benches import Benches
from grader.desk.warm.process import Heard
from grader.desk.watch.saves import Saves
from grader.sandbox.limits import Limits

if TYPE_CHECKING:
    from grader.desk.records import Checked

SOLUTIONS = Path(__file__).resolve().parent.parent / "solutions"
SAVES, RUNS = 20, 7
OWN_WORK = """
import sys, time
from pathlib import Path
from grader.desk.running import run_checks
from grader.sandbox.limits import Limits
from grader.courses import carried_course
lab, file = carried_course(), Path(sys.argv[1])
start = time.perf_counter()
run_checks(lab, lab.exercise_named("ex01"), file, Limits())
print(time.perf_counter() - start)
"""


def save_to_verdict(name: str) -> float:
    """Return the median of the seconds from a save to its verdict, in a warm watch."""
    course = carried_course()
    exercise = course.exercise_named(name)
    source = (SOLUTIONS / f"{exercise.name}.py").read_text(encoding="utf-8")
    events: Queue[Heard | Exercise] = Queue()
    with (
        tempfile.TemporaryDirectory() as folder,
        Benches(course, Limits(), events.put) as benches,
    ):
        file = Path(folder, f"{exercise.name}.py")
        saves = Saves(course, [Path(folder)], events.put)
        times = [
            _one_save(file, f"{source}\n# {number}", benches, events) for number in range(SAVES)
        ]
        saves.stop()
    return statistics.median(times[1:])  # the first one waits for torch


def _one_save(file: Path, text: str, benches: Benches, events: Queue[Heard | Exercise]) -> float:
    checked: Checked | None = None
    start = time.perf_counter()
    file.write_text(text, encoding="utf-8")
    while checked is None:
        event = events.get(timeout=120)
        if isinstance(event, Heard):
            checked = benches.take(event)
        else:
            benches.ask(event, file, first=True)
    if not checked.passed:
        raise AssertionError(checked.failure)
    return time.perf_counter() - start


def check_against_torch() -> tuple[float, float]:
    """Return what `check ex01` takes as a multiple of `import torch`, with and without its work."""
    with tempfile.TemporaryDirectory() as folder:
        file = shutil.copy(SOLUTIONS / "ex01_losses.py", folder)
        work = float(_output("-c", OWN_WORK, str(file)))
        pairs = [
            (_seconds("-c", "import torch"), _seconds("-m", "grader", "check", str(file)))
            for _ in range(RUNS)
        ]
    whole = statistics.median(check / alone for alone, check in pairs)
    return whole, statistics.median((check - work) / alone for alone, check in pairs)


def _output(*arguments: str) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _seconds(*arguments: str) -> float:
    start = time.perf_counter()
    _output(*arguments)
    return time.perf_counter() - start


def main() -> None:
    """Print what was measured; exit 1 where a target was missed."""
    whole, start = check_against_torch()
    print(f"check ÷ import torch: {whole:.2f}, {start:.2f} without its work; wanted: 1.2")
    saves = {name: save_to_verdict(name) for name in ("ex01", "ex04", "ex08")}
    for name, seconds in saves.items():
        print(f"a save of {name} to its verdict, warm: {seconds:.2f} s; wanted: 0.3")
    sys.exit(0 if start <= 1.2 and max(saves.values()) < 0.3 else 1)


if __name__ == "__main__":
    main()
