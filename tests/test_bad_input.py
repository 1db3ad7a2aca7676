"""Bad input through the real command line: each kind gets its verdict, and hurts nobody else.

One class is graded once. Every student hands in one kind of bad input for one exercise; honest
students stand at the beginning, between the others and at the end.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import QUICK
from msgspec.structs import replace
from the_lab import exercise_named

from grader.judge.grading import grade_submission
from grader.judge.plugin import SuiteRunner, run_suites
from grader.results.verdicts import ExerciseResult, Verdict
from grader.runs.devices import share_of_cores
from grader.submissions import File, HandIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.proof

ROOT = Path(__file__).resolve().parents[1]
EXERCISE = exercise_named("ex04")
NAME = f"{EXERCISE.name}.py"
SOLUTION = (ROOT / "solutions" / NAME).read_text(encoding="utf-8")
JOBS = 2
HONEST = ("01-honest", "50-honest", "99-honest")

# the line after the solution's last one
AFTER_SOLUTION = SOLUTION.count("\n") + 1


def with_gradient(body: str) -> str:
    """Return the solution, but with another first function; its body is one line."""
    return f"{SOLUTION}\ndef gradient_of_mean_square(x):\n    {body}\n"


def with_prediction(body: str) -> str:
    """Return the solution, but with another last function; its body is one line."""
    return f"{SOLUTION}\ndef predict_without_tracking(model, images):\n    {body}\n"


# student: what the file of the exercise holds
FILES: dict[str, str | bytes] = {
    "00-endless-loop": with_prediction("while True: pass"),  # while the others are graded
    **dict.fromkeys(HONEST, SOLUTION),
    "02-empty-file": b"",
    "03-blank-file": b" \n\t\n",
    "04-fifty-megabytes": b"#" * 50 * 2**20,
    "05-binary": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 64,
    "06-not-utf-8": SOLUTION.encode() + "# Übung\n".encode("latin-1"),
    "07-utf-16": SOLUTION.encode("utf-16"),
    "08-byte-order-mark": SOLUTION.encode("utf-8-sig"),
    "09-windows-lines": SOLUTION.replace("\n", "\r\n").encode(),
    "10-nul": SOLUTION.encode() + b"\0\n",
    "11-shadow-modules": SOLUTION,
    "12-syntax-error": f"{SOLUTION}\ndef broken(:\n    pass\n",
    "13-deep-parentheses": "(" * 100_000,
    "14-missing-package": f"import no_such_package\n{SOLUTION}",
    "20-two-files": SOLUTION,
    "21-function-missing": SOLUTION.replace(
        "def gradient_of_mean_square", "def gradient_of_square"
    ),
    "22-too-few-arguments": f"{SOLUTION}\ndef gradient_of_mean_square():\n    pass\n",
    "23-not-a-function": f"{SOLUTION}\ngradient_of_mean_square = 7\n",
    "24-none": with_gradient("pass"),
    "25-list": with_gradient("return [1.0, 2.0]"),
    "26-numpy-array": with_gradient("return x.numpy()"),
    "27-wrong-shape": with_gradient("return torch.zeros(7, 1)"),
    "28-wrong-dtype": with_gradient("return torch.zeros(x.shape, dtype=torch.int64)"),
    "29-not-a-number": with_gradient("return x / 0 * 0"),
    "30-exception": with_gradient("return {}['no such key']"),
    "31-exception-at-import": f"{SOLUTION}\n1 / 0\n",
    "41-twenty-gigabytes": with_gradient("return torch.ones(5 * 2**30)"),
    "42-many-lines": f"for line in range(10**5): print('line', line)\n{SOLUTION}",
    "43-sys-exit": "import sys\nsys.exit(0)\n",
    "44-os-exit": f"{SOLUTION}\nimport os\nos._exit(0)\n",
    "45-segmentation-fault": with_gradient("import ctypes; ctypes.string_at(0)"),
    "46-deep-recursion": with_gradient("return gradient_of_mean_square(x)"),
    "48-own-cores": f"{SOLUTION}\nimport os\nos._exit(len(os.sched_getaffinity(0)))\n",
    "47-daemon": f"{SOLUTION}\nimport os\nif os.fork() == 0:\n    while True: pass\n",
}
# students who have no such file, or not only that
NO_FILE = "60-no-known-file"
EMPTY_FOLDER = "61-empty-folder"
FOLDER = "62-folder-called-like-a-file"
LINKED_FILE = "63-linked-file"
LINKED_FOLDER = "64-linked-folder"
OTHERS = (NO_FILE, EMPTY_FOLDER, FOLDER, LINKED_FILE, LINKED_FOLDER)

PASSED = [
    *HONEST, "08-byte-order-mark", "09-windows-lines", "11-shadow-modules",
    "14-missing-package", "20-two-files", "42-many-lines", "47-daemon",
]  # fmt: skip
# student: verdict of the exercise, and a piece of what the report says
EXPECTED = {
    "02-empty-file": ("unreadable", f"{NAME} is empty."),
    "03-blank-file": ("unreadable", f"{NAME} is empty."),
    "04-fifty-megabytes": ("unreadable", f"{NAME} is too large: it has 50.0 MB"),
    "05-binary": ("unreadable", "not a text file"),
    "06-not-utf-8": (
        "unreadable",
        f"{NAME}:{AFTER_SOLUTION}: the file is not UTF-8 (byte 0xdc); save it as UTF-8",
    ),
    "07-utf-16": ("unreadable", "saved as UTF-16; save it as UTF-8"),
    "10-nul": ("unreadable", "the file has NUL bytes in it"),
    "12-syntax-error": ("unreadable", f"{NAME}:{AFTER_SOLUTION + 1}: SyntaxError"),
    "13-deep-parentheses": ("unreadable", "SyntaxError: too many nested parentheses"),
    "21-function-missing": ("missing", "did you mean your `gradient_of_square`?"),
    "22-too-few-arguments": ("crashed", "takes 0 positional arguments but 1 was given"),
    "23-not-a-function": ("missing", "is not a function: its type is int."),
    "24-none": ("wrong", "returned None: expected a tensor"),
    "25-list": ("wrong", "returned a list of 2 items: expected a tensor"),
    "26-numpy-array": ("wrong", "returned a (2, 3) float32 array: expected a tensor"),
    "27-wrong-shape": ("wrong", "returned a (7, 1) float32 tensor: expected shape (2, 3)"),
    "28-wrong-dtype": ("wrong", "returned a (2, 3) int64 tensor: expected dtype"),
    "29-not-a-number": ("wrong", "NaN"),
    "30-exception": ("crashed", f"raised KeyError: 'no such key'\n{NAME}:{AFTER_SOLUTION + 2}"),
    "31-exception-at-import": ("crashed", f"ZeroDivisionError: division by zero\n{NAME}:"),
    "00-endless-loop": ("timed_out", "took more than 1 s and was stopped"),
    "41-twenty-gigabytes": ("crashed", "exceeded the limit of 2 GB of memory"),
    "43-sys-exit": ("missing", "has no `gradient_of_mean_square`."),
    "44-os-exit": ("crashed", "returned no result: the process ended itself with exit code 0"),
    "48-own-cores": ("crashed", f"exit code {len(share_of_cores(0, JOBS))}."),
    "45-segmentation-fault": ("crashed", "the process was ended by signal SIGSEGV"),
    "46-deep-recursion": ("crashed", "raised RecursionError"),
    NO_FILE: ("missing", f"No file for it was found; expected {NAME}"),
    EMPTY_FOLDER: ("missing", f"No file for it was found; expected {NAME}"),
    FOLDER: ("unreadable", f"{NAME} is a folder, and a file was expected"),
    LINKED_FILE: ("unreadable", f"{NAME} is a link, and links are not followed"),
    LINKED_FOLDER: ("unreadable", f"{LINKED_FOLDER} is a link, and links are not followed"),
}  # fmt: skip

HURRIED = replace(QUICK, load_s=1.0, call_s=1.0, call_after_timeout_s=0.1)
ENDLESS = {
    "at import": (f"{SOLUTION}\nwhile True: pass\n", f"`import {NAME}` took more than 1 s"),
    "in C": (with_gradient("return sum(iter(int, 1))"), "took more than 1 s"),
    "while printing": (with_gradient("while True: print('line' * 99)"), "took more than"),
}


def write_class(folder: Path) -> None:
    """Write what the class has handed in."""
    for student, content in FILES.items():
        data = content.encode() if isinstance(content, str) else content
        write(folder / student / NAME, data)
    for shadow in ("torch.py", "conftest.py", "test_x.py", "sitecustomize.py", "pytest.ini"):
        write(folder / "11-shadow-modules" / shadow, b"raise SystemExit('shadow')\n")
    older = folder / "20-two-files" / f"{EXERCISE.name} (1).py"
    write(older, b"raise SystemExit\n")
    os.utime(older, (0, 0))
    write(folder / NO_FILE / "notes.txt", b"I was ill.\n")
    (folder / EMPTY_FOLDER).mkdir()
    write(folder / FOLDER / NAME / "inner.txt", b"")
    (folder / LINKED_FILE).mkdir()
    (folder / LINKED_FILE / NAME).symlink_to(folder / HONEST[0] / NAME)
    (folder / LINKED_FOLDER).symlink_to(folder / HONEST[0])


def write(file: Path, data: bytes) -> None:
    """Write a file and the folders that it lies in."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def run_grader(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "grader", *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
    )


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade the class and return where the reports are."""
    folder = tmp_path_factory.mktemp("bad_input")
    write_class(folder / "class")
    output = folder / "reports"
    options = ["--output", output, "--exercise", "ex04", "--device", "cpu", "--jobs", JOBS]
    options += ["--limit", "call=1s"]  # spent twice by every test that waits it out
    done = run_grader("grade", folder / "class", *options)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    (folder / "printed").write_text(done.stdout, encoding="utf-8")
    return output


@pytest.fixture(scope="module")
def results(reports: Path) -> dict[str, dict[str, Any]]:
    """Return what `results.json` says of each student."""
    table = json.loads((reports / "results.json").read_text(encoding="utf-8"))
    return {student["student"]: student for student in table["students"]}


def said(student: dict[str, Any]) -> str:
    """Return everything that a student's results say."""
    (exercise,) = student["exercises"]
    notes = [*student["notes"], *exercise.get("notes", [])]
    return "\n".join([*(test["message"] for test in exercise["tests"]), *notes])


def test_everybody_has_verdicts_and_a_page(
    reports: Path, results: dict[str, dict[str, Any]]
) -> None:
    """No student is lost: results, grades and pages name them all."""
    everybody = sorted([*FILES, *OTHERS])
    with (reports / "grades.csv").open(encoding="utf-8", newline="") as file:
        graded = [row["student"] for row in csv.DictReader(file)]

    assert everybody == sorted(results) == sorted(graded)
    assert everybody == sorted(page.stem for page in (reports / "students").glob("*.html"))
    assert everybody == sorted([*PASSED, *EXPECTED])


@pytest.mark.parametrize("student", PASSED)
def test_right_work_keeps_its_points(results: dict[str, dict[str, Any]], student: str) -> None:
    """Right work gets every point, however it was saved and whoever was graded before it."""
    assert results[student]["score"] == results[student]["max_score"] == EXERCISE.points
    assert results[student]["exercises"][0]["verdict"] == "passed"


@pytest.mark.parametrize("student", EXPECTED)
def test_bad_input_gets_its_verdict(results: dict[str, dict[str, Any]], student: str) -> None:
    """The verdict says what kind of problem it was, the message which."""
    verdict, words = EXPECTED[student]

    assert results[student]["exercises"][0]["verdict"] == verdict
    assert words in said(results[student])
    assert results[student]["max_score"] == EXERCISE.points


def test_no_message_shows_a_frame_of_the_graders(results: dict[str, dict[str, Any]]) -> None:
    """A message names lines of the student's file and of no other."""
    shown = {
        name
        for student in results.values()
        for name in re.findall(r"([\w./]+\.py)[:,]", said(student))
    }

    assert shown == {NAME}
    assert not [each for each in results.values() if "Traceback" in said(each)]


def test_one_bad_function_costs_its_own_points_only(results: dict[str, dict[str, Any]]) -> None:
    """The tests of the other functions pass, also after a crash, a timeout or a memory error."""
    bad_gradient = ["24-none", "30-exception", "41-twenty-gigabytes", "45-segmentation-fault"]

    assert {results[student]["score"] for student in bad_gradient} == {7.5}
    assert results["00-endless-loop"]["score"] == 7.0


def test_who_ran_out_of_time_is_done_when_nobody_else_is_graded(reports: Path) -> None:
    """It was the first to begin; it is graded once more, alone, before its result counts."""
    printed = (reports.parent / "printed").read_text(encoding="utf-8").splitlines()
    students = [name for line in printed if (name := line.split()[0]) in {*FILES, *OTHERS}]

    assert students[-1] == "00-endless-loop"


def test_of_two_files_the_one_taken_is_named(results: dict[str, dict[str, Any]]) -> None:
    """A note says which of two files was graded."""
    exercise = results["20-two-files"]["exercises"][0]

    assert exercise["source"] == NAME
    assert f"(1).py were both handed in; {NAME} was graded" in said(results["20-two-files"])


@pytest.fixture(scope="module")
def endless(sandbox: Sandbox) -> dict[str, ExerciseResult]:
    """Grade submissions that never end, with short deadlines."""
    graded: dict[str, ExerciseResult] = {}

    def serve(runner: SuiteRunner) -> None:
        for kind, (text, _) in ENDLESS.items():
            work = {EXERCISE: HandIn((File(NAME, text.encode()),))}
            (graded[kind],) = grade_submission(sandbox, runner, work, "cpu")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "limits", HURRIED)
        run_suites([EXERCISE.hidden_suite, EXERCISE.public_checks], serve)
    return graded


@pytest.mark.parametrize("kind", ENDLESS)
def test_an_endless_loop_is_stopped(endless: dict[str, ExerciseResult], kind: str) -> None:
    """Wherever the loop is, its tests have timed out, and the message says so."""
    timed_out = [test for test in endless[kind].tests if test.verdict is Verdict.TIMED_OUT]

    assert endless[kind].verdict is Verdict.TIMED_OUT
    assert any(ENDLESS[kind][1] in test.message.text for test in timed_out)
    assert endless[kind].score == (0 if kind == "at import" else 7.5)


def make_nothing(folder: Path) -> Path:
    """Return a path where nothing is."""
    return folder / "nowhere"


def make_empty(folder: Path) -> Path:
    """Return an empty folder."""
    return folder


def make_text(folder: Path) -> Path:
    """Return a text file."""
    write(folder / "class.txt", b"no zip\n")
    return folder / "class.txt"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (make_nothing, "there is no "),
        (make_empty, "nothing to grade in "),
        (make_text, "is no folder and no archive"),
    ],
)
def test_nothing_to_grade_is_one_line(
    tmp_path: Path, make: Callable[[Path], Path], words: str
) -> None:
    """A path without submissions ends with exit code 2 and one line that says what was expected."""
    done = run_grader("grade", make(tmp_path), "--output", tmp_path / "reports")

    assert done.returncode == 2
    assert words in done.stderr
    assert (len(done.stderr.splitlines()), done.stdout) == (1, "")


def test_no_bubblewrap_is_one_line(tmp_path: Path) -> None:
    """A machine without bubblewrap is told what to install and what to pass instead."""
    write(tmp_path / "class" / "student" / NAME, SOLUTION.encode())

    asked = "--sandbox", "bubblewrap"
    done = run_grader("grade", tmp_path / "class", *asked, PATH=str(tmp_path))

    assert done.returncode == 3
    assert re.search(r"apt-get install bubblewrap.*--sandbox none", done.stderr)
    assert (len(done.stderr.splitlines()), done.stdout) == (1, "")
