"""Tests of `grader grade` on the demo class, as its user runs it."""

from __future__ import annotations

import csv
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from demo import DEMO, ONE_JOB, grader
from typer.testing import CliRunner

from grader.cli import app
from grader.errors import UsageError

# student: for each exercise its verdict, its score, and the mistakes that its hidden tests name
TABLE: dict[str, tuple[tuple[str, float, set[str]], ...]] = {
    "student-01": (
        ("passed", 15, set()),
        ("passed", 10, set()),
        ("passed", 15, set()),
        ("passed", 15, set()),
    ),
    "student-02": (
        ("passed", 15, set()),
        ("passed", 10, set()),
        ("passed", 15, set()),
        ("passed", 15, set()),
    ),
    "student-03": (
        ("not_started", 0, set()),
        ("not_started", 0, set()),
        ("not_started", 0, set()),
        ("not_started", 0, set()),
    ),
    "student-04": (
        ("passed", 15, set()),
        ("passed", 10, set()),
        ("not_started", 4, set()),
        ("missing", 0, set()),
    ),
    "student-05": (
        ("wrong", 11, {"log-softmax-over-batch"}),
        ("passed", 10, set()),
        ("passed", 15, set()),
        ("wrong", 11, {"gradients-add-up"}),
    ),
    "student-06": (
        ("wrong", 11, {"scores-not-log-probabilities"}),
        ("passed", 10, set()),
        ("passed", 15, set()),
        ("wrong", 11, {"gradients-add-up"}),
    ),
    "student-07": (
        ("passed", 15, set()),
        ("wrong", 8, {"half-of-x"}),
        ("wrong", 12, {"step-uphill"}),
        ("wrong", 11, {"gradients-add-up"}),
    ),
    "student-08": (
        ("wrong", 11, {"log-softmax-over-batch"}),
        ("passed", 10, set()),
        ("wrong", 13, {"biases-never-move"}),
        ("wrong", 13, {"losses-not-divided"}),
    ),
    "student-09": (
        ("wrong", 13, {"loss-summed-over-batch"}),
        ("crashed", 5.5, set()),
        ("passed", 15, set()),
        ("wrong", 14, {"momentum-added"}),
    ),
    "student-10": (
        ("passed", 15, set()),
        ("passed", 10, set()),
        ("unreadable", 0, set()),
        ("passed", 15, set()),
    ),
    "student-11": (
        ("wrong", 0, {"loss-without-graph"}),
        ("passed", 10, set()),
        ("passed", 15, set()),
        ("timed_out", 10, set()),
    ),
    "student-12": (
        ("passed", 15, set()),
        ("passed", 10, set()),
        ("passed", 15, set()),
        ("wrong", 13, {"divided-by-dataset-size"}),
    ),
}


def results(output: Path) -> dict[str, Any]:
    """Read `results.json` by student."""
    record = json.loads((output / "results.json").read_text(encoding="utf-8"))
    return {student["student"]: student for student in record["students"]}


def summary(student: dict[str, Any]) -> tuple[tuple[str, float, set[str]], ...]:
    """Return what the table states of a student."""
    return tuple(
        (
            exercise["verdict"],
            exercise["score"],
            {
                test["mistake"]
                for test in exercise["tests"]
                if test["mistake"] and not test["public"]
            },
        )
        for exercise in student["exercises"]
    )


@pytest.mark.parametrize("student", sorted(TABLE))
def test_a_demo_student_gets_what_the_table_states(
    graded_demo: tuple[Path, str], student: str
) -> None:
    """Verdicts, scores and named mistakes are those of the table."""
    output, _ = graded_demo

    assert summary(results(output)[student]) == TABLE[student]


def test_the_demo_class_has_the_twelve_of_the_table(graded_demo: tuple[Path, str]) -> None:
    """Nobody is left out, and nobody is added."""
    output, _ = graded_demo

    assert list(results(output)) == sorted(TABLE)
    assert len(TABLE) == 12


def test_a_run_without_a_terminal_prints_a_line_a_student(graded_demo: tuple[Path, str]) -> None:
    """Twelve lines and where the reports are."""
    output, printed = graded_demo
    lines = printed.splitlines()

    assert sorted(line.split()[0] for line in lines[:12]) == sorted(TABLE)
    assert f"12 submissions graded. Open {output / 'index.html'}" == lines[-1]


def test_the_output_folder_holds_what_the_contract_says(graded_demo: tuple[Path, str]) -> None:
    """Pages and lists, JSON, CSV and the store, and no temporary file."""
    output, _ = graded_demo

    assert {file.name for file in output.iterdir()} == {
        "index.html",
        "class",
        "students",
        "results.json",
        "grades.csv",
        ".grader.sqlite3",
        ".grader.lock",
    }
    assert len(list((output / "students").glob("*.html"))) == 12


def test_the_csv_and_the_json_agree(graded_demo: tuple[Path, str]) -> None:
    """Every score stands in both."""
    output, _ = graded_demo
    with (output / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}

    for name, student in results(output).items():
        assert float(rows[name]["score"]) == student["score"]
        for exercise in student["exercises"]:
            assert float(rows[name][exercise["exercise"]]) == exercise["score"]


def test_a_forged_score_is_not_written(graded_demo: tuple[Path, str]) -> None:
    """The student who patches torch and writes `results.json` gets nothing for it."""
    output, _ = graded_demo
    forged = results(output)["student-11"]["exercises"][0]

    assert forged["score"] == 0
    assert all(test["verdict"] != "passed" for test in forged["tests"])


def test_no_hidden_test_shows_its_data(graded_demo: tuple[Path, str]) -> None:
    """Only public checks show what came back and what was expected."""
    output, _ = graded_demo
    hidden = [
        test
        for student in results(output).values()
        for exercise in student["exercises"]
        for test in exercise["tests"]
        if not test["public"]
    ]

    assert hidden
    assert not [test for test in hidden if "right: " in test["message"]]


@dataclass(frozen=True)
class Thrice:
    """Two exercises of three students: killed, stopped by Ctrl-C, and gone on with after changes.

    Attributes:
        shown: who was graded when the first run was killed, as its first line says.
        kept: how many results were in the store then.
        second: the run that was stopped, and who was graded until then, as its lines say.
    """

    shown: str
    kept: int
    second: subprocess.CompletedProcess[str]
    before: dict[str, Any]
    third: subprocess.CompletedProcess[str]
    after: dict[str, Any]


@pytest.fixture(scope="module")
def thrice(tmp_path_factory: pytest.TempPathFactory) -> Thrice:
    """Kill a run after one student, stop the next after two, and change what two handed in."""
    folder = class_of_three(tmp_path_factory.mktemp("thrice"))
    named = ("--exercise", "ex06", "--exercise", "ex04", "--limit", "load=200s", *ONE_JOB)
    arguments = ("grade", folder / "class", "--output", folder / "out", *named)
    with started(*arguments) as process:
        shown = first_word(process)
        process.kill()
        process.communicate()  # ends when the last worker has
    with closing(sqlite3.connect(folder / "out" / ".grader.sqlite3")) as store:
        kept = store.execute("SELECT count(*) FROM results_2").fetchone()[0]
    with started(*arguments) as process:
        names = [first_word(process), first_word(process)]
        process.send_signal(signal.SIGINT)
        printed, errors = process.communicate(timeout=300)
    second = subprocess.CompletedProcess(names, process.returncode, printed, errors)
    before = results(folder / "out")
    file = folder / "class" / "student-02" / "ex04_autograd.py"
    file.write_text("def gradient_of_mean_square(x):\n    return x\n", encoding="utf-8")
    shutil.copytree(DEMO / "student-01", folder / "class" / "student-03", dirs_exist_ok=True)
    return Thrice(shown, kept, second, before, grader(*arguments), results(folder / "out"))


def class_of_three(folder: Path) -> Path:
    """Write a class of three; who grades the last of them is stopped before it ends."""
    for name in ("student-01", "student-02", "student-03"):
        shutil.copytree(DEMO / name, folder / "class" / name)
    endless = folder / "class" / "student-03" / "ex04_autograd.py"
    endless.write_text("import time\ntime.sleep(1000)\n", encoding="utf-8")
    return folder


def started(*arguments: object) -> subprocess.Popen[str]:
    """Start the command line."""
    command = [sys.executable, "-m", "grader", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def first_word(process: subprocess.Popen[str]) -> str:
    """Return that of the next line which is printed."""
    assert process.stdout is not None
    return process.stdout.readline().split()[0]


def test_a_run_that_is_killed_loses_nothing_and_the_next_one_goes_on(thrice: Thrice) -> None:
    """Without a chance to clean up: what was shown is kept, and every process is gone."""
    assert thrice.kept >= 2
    assert thrice.second.args == [thrice.shown, "student-02"]
    assert [student["score"] for student in thrice.before.values()] == [25, 25]


def test_ctrl_c_leaves_a_report_and_the_next_run_goes_on(thrice: Thrice) -> None:
    """What was done is reported and kept; the rest is named as not graded."""
    assert (thrice.second.returncode, thrice.second.stderr) == (130, "")
    assert "Run the same command again to go on" in thrice.second.stdout
    assert list(thrice.before) == ["student-01", "student-02"]
    assert list(thrice.after) == ["student-01", "student-02", "student-03"]


def test_a_rerun_grades_only_what_changed(thrice: Thrice) -> None:
    """What is unchanged comes from the store, with the seconds that it took then."""
    assert (thrice.third.returncode, thrice.third.stderr) == (0, "")
    assert thrice.after["student-01"] == thrice.before["student-01"]
    assert thrice.after["student-02"]["score"] < thrice.before["student-02"]["score"]
    assert thrice.after["student-03"]["score"] == 25


def test_only_the_exercises_that_are_named_count(thrice: Thrice) -> None:
    """A weekly hand-in is graded out of its own points."""
    student = thrice.before["student-01"]

    assert [each["exercise"] for each in student["exercises"]] == [
        "ex04_autograd",
        "ex06_manual_update",
    ]
    assert student["max_score"] == 25


def test_cuda_that_is_not_there_is_said_so_in_one_line(tmp_path: Path) -> None:
    """Asking for a GPU on a machine without one grades nothing."""
    if Path("/dev/nvidiactl").exists():
        pytest.skip("this machine has a GPU")
    run = CliRunner().invoke(
        app, ["grade", str(DEMO), "--output", f"{tmp_path}/out", "--device", "cuda"]
    )

    assert isinstance(run.exception, UsageError)
    assert "no GPU" in str(run.exception)
    assert "\n" not in str(run.exception)
