"""Tests of `grader.files.output_folder`, and of runs that are killed or find the disk full."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.files.output_folder import REPORTS, STORE, OutputFolder
from grader.runs.store import Store

ROOT = Path(__file__).resolve().parents[1]
KILLS = 25

# one result, and what keeps it; `report` is large, so that writing it takes a while
RESULT = """
import sys
from pathlib import Path

from grader.files.output_folder import OutputFolder
from grader.files.replacing import replace
from grader.runs.store import Store
from grader.results.verdicts import ExerciseResult, Verdict

folder = Path(sys.argv[1])
result = ExerciseResult(
    exercise="ex03", verdict=Verdict.PASSED, score=1, max_score=1, source=None, seconds=0, tests=()
)


def report(number):
    return f"{number} " * 100_000
"""
WRITES_FOR_EVER = (
    RESULT
    + """
with OutputFolder(folder), Store(folder / ".grader.sqlite3") as store:
    for number in range(10**9):
        store.put({f"key {number}": result})
        replace(folder / "report.txt", report(number))
        print(number, flush=True)
"""
)
FILLS_THE_DISK = (
    RESULT
    + """
from grader.errors import GraderError

with Store(folder / "store") as store:
    try:
        for number in range(10**6):
            store.put({f"key {number}": result})
    except GraderError as error:
        print(error)
try:
    replace(folder / "report.txt", report(1))
except OSError as error:
    print(error.strerror, [path.name for path in folder.glob("*report*")])
"""
)


def test_a_folder_is_made_where_there_is_none(tmp_path: Path) -> None:
    """With the folders above it."""
    with OutputFolder(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b").is_dir()


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    """The second is told who is there, and what to do; afterwards it may go on."""
    with (
        OutputFolder(tmp_path),
        pytest.raises(
            UsageError, match=rf"process {os.getpid()}\): wait until it is done, or name"
        ),
        OutputFolder(tmp_path),
    ):
        pass

    with OutputFolder(tmp_path):
        pass


def test_a_path_that_can_be_no_folder_is_refused(tmp_path: Path) -> None:
    """A file is in its place, or above it."""
    (tmp_path / "file").touch()

    for path in (tmp_path / "file", tmp_path / "file" / "reports"):
        with pytest.raises(UsageError, match="the reports can't be written to"), OutputFolder(path):
            pass


def test_a_folder_of_other_files_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    """A teacher's grades, pages and temporary files: one line that says what to do."""
    names = ("grades.csv", "index.html", ".notes.tmp", "students/ana.html", "class/list.html")
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("mine")

    with (
        pytest.raises(UsageError, match="not the grader's: name a new or an empty folder"),
        OutputFolder(tmp_path),
    ):
        pass

    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.relative_to(tmp_path).as_posix() for path in left) == sorted(names)
    assert {path.read_text() for path in left} == {"mine"}


def test_reports_without_their_store_are_not_called_foreign(tmp_path: Path) -> None:
    """What is missing is named, and nothing is written."""
    for name in REPORTS:
        (tmp_path / name).touch()

    with pytest.raises(UsageError, match=f"not {STORE}, .* put it back"), OutputFolder(tmp_path):
        pass

    assert {path.name for path in tmp_path.iterdir()} == REPORTS


def test_only_what_a_killed_run_left_half_written_is_removed(tmp_path: Path) -> None:
    """In a folder of ours, and not below its own folders."""
    (tmp_path / "students").mkdir()
    (tmp_path / "mine").mkdir()
    mine = [tmp_path / ".notes.tmp", tmp_path / "mine" / ".a.html.1.grader-tmp"]
    left = [tmp_path / ".a.json.1.grader-tmp", tmp_path / "students" / ".a.html.1.grader-tmp"]
    for path in (*mine, *left, tmp_path / STORE):
        path.touch()
    with OutputFolder(tmp_path):
        pass

    assert [path.exists() for path in (*mine, *left)] == [True, True, False, False]


def test_a_run_that_was_killed_before_it_had_a_store_left_an_empty_folder(tmp_path: Path) -> None:
    """The lock alone makes nothing a teacher's."""
    with OutputFolder(tmp_path):
        pass
    with OutputFolder(tmp_path):
        pass


def python(code: str, *arguments: object) -> list[str]:
    """Return the command that runs a program."""
    return [sys.executable, "-c", code, *map(str, arguments)]


def in_a_namespace(*options: object) -> list[str]:
    """Return the beginning of a command that sees some of the machine differently."""
    return ["bwrap", "--dev-bind", "/", "/", *map(str, options)]


def test_a_folder_that_can_only_be_read_is_refused(tmp_path: Path) -> None:
    """It is there, and nothing can be written to it: one line, no traceback."""
    code = "import sys; from grader.cli import main; sys.argv[0] = 'grader'; main()"
    (tmp_path / "class" / "anna").mkdir(parents=True)
    (tmp_path / "reports").mkdir()
    run = subprocess.run(
        [
            *in_a_namespace("--ro-bind", tmp_path / "reports", tmp_path / "reports"),
            *python(code, "grade", tmp_path / "class", "--output", tmp_path / "reports"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert "the reports can't be written to" in run.stderr


def test_a_full_disk_is_said_so_and_leaves_no_half_written_file(tmp_path: Path) -> None:
    """The store and the reports: a clear line each, and nothing beside them."""
    run = subprocess.run(
        [
            *in_a_namespace("--size", 2**18, "--tmpfs", tmp_path),
            *python(FILLS_THE_DISK, tmp_path),
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    kept, written = run.stdout.splitlines()
    assert "disk is full; fix that and run the same command again" in kept
    assert written == "No space left on device []"


def test_a_run_that_is_killed_loses_nothing_that_it_has_shown(tmp_path: Path) -> None:
    """At any moment: what was shown is in the store, a report is whole, the next run goes on."""
    moments = random.Random(4)
    for attempt in range(KILLS):
        folder = tmp_path / str(attempt)
        command = python(WRITES_FOR_EVER, folder)
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
            assert run.stdout is not None
            shown = [run.stdout.readline() for _ in range(moments.randint(1, 8))]
            for _ in range(moments.randint(0, 20_000)):  # on to a moment inside of the next one
                pass
            run.kill()
            shown += run.stdout.readlines()
        with OutputFolder(folder), Store(folder / STORE) as store:
            numbers = [int(line) for line in shown if line.endswith("\n")]
            assert all(store.get(f"key {number}") for number in numbers)
        first = (folder / "report.txt").read_text(encoding="utf-8").split()
        assert len(first) == 100_000
        assert len(set(first)) == 1
        assert [path.name for path in folder.glob(".*-tmp")] == []
