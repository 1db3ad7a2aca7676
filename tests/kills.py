"""What becomes of a run that is killed: `python -m tests.kills --times 50`.

A class is graded by the real command line, which is killed at a random moment, again and again:
what it had shown as done must be in the store, and the next run must go on from there.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from benchmark import ONLY, write_class

CLASS_SIZE = 400
LONGEST_S = 12.0  # until the last possible moment; half of it is spent loading torch


def grade(folder: Path) -> subprocess.Popen[str]:
    """Start a run."""
    options = [str(folder / "class"), "--output", str(folder / "out"), *ONLY]
    command = [sys.executable, "-m", "grader", "grade", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kept(folder: Path) -> int:
    """Return how many results are in the store."""
    store = folder / "out" / ".grader.sqlite3"
    if not store.exists():
        return 0
    with closing(sqlite3.connect(store)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE name LIKE 'results%'")
        name = tables.fetchone()
        if name is None:
            return 0
        return int(database.execute(f"SELECT count(*) FROM {name[0]}").fetchone()[0])  # noqa: S608 - ours


def killed(folder: Path, after_s: float) -> int:
    """Kill a run after a while; return how many students it had shown by then."""
    with grade(folder) as run:
        assert run.stdout is not None
        time.sleep(after_s)
        run.kill()
        lines = run.stdout.read().splitlines(keepends=True)
    return sum(line.endswith("\n") and line.startswith("student-") for line in lines)


def main() -> None:
    """Kill runs, finish the last one, and say what was lost: exit 1 if anything was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    moments, lost, most = random.Random(wanted.seed), 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_class(folder / "class", CLASS_SIZE)
        for _ in range(wanted.times):
            shown = killed(folder, moments.uniform(0, LONGEST_S))
            now = kept(folder)
            most = max(most, shown * len(ONLY))
            lost += now < most
            most = now
        with grade(folder) as run:
            run.communicate()
        students = json.loads((folder / "out" / "results.json").read_text("utf-8"))["students"]
        whole = sum(student["score"] == student["max_score"] for student in students)
    print(f"{wanted.times} runs killed, {lost} lost a result; {most} results were kept by then")
    print(f"the last run: exit {run.returncode}, {whole} of {CLASS_SIZE} students in full")
    sys.exit(0 if not lost and not run.returncode and whole == CLASS_SIZE else 1)


if __name__ == "__main__":
    main()
