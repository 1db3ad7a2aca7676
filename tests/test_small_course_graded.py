"""A course of another kind than ours, by command: stubs, check, grade, export, release."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from small_course import COURSE, FOLDER, WORKS, write_solutions, write_work
from typer.testing import CliRunner

from grader.authoring import handed_in
from grader.cli import app
from grader.courses import load_course, works_of
from grader.courses.mistakes import known_mistakes
from grader.errors import UsageError
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from typer.testing import Result

MADE_BY_BOB = {"sum-not-mean", "gradient-overwritten", "text-not-bytes", "learning-rate-too-small"}
BOBS = [work for works in WORKS.values() for work in works if work.name in MADE_BY_BOB]
ANSWERS = (
    b"parent.grad += slope",
    b"nn.Linear(2, 16), nn.ReLU()",
    b'choice = "b"',
    b"def test_a_gradient_is",
)


def run(command: str, *arguments: object, course: Path = FOLDER) -> Result:
    """Run a command about the course in this process."""
    done = CliRunner().invoke(app, [command, *map(str, arguments), "--course", str(course)])
    assert done.exit_code in {0, 1}, done.output
    return done


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the course, with the stubs that `stubs` makes."""
    course = shutil.copytree(FOLDER, tmp_path_factory.mktemp("small") / "course")
    assert run("stubs", course=course).exit_code == 0
    assert run("stubs", "--check", course=course).exit_code == 0
    return course


@pytest.fixture(scope="module")
def graded(course: Path) -> Path:
    """Grade a class of three in the sandbox; return the output folder."""
    hand_ins, output = course.parent / "class", course.parent / "reports"
    shutil.copytree(course / "exercises", hand_ins / "ada")  # with what was given out
    shutil.copytree(course / "data", hand_ins / "ada" / "data")
    for notebook in (hand_ins / "ada").glob("*.ipynb"):
        notebook.unlink()
    write_solutions(hand_ins / "ada")
    for work in BOBS:
        write_work(work, hand_ins / "bob")
    shutil.copytree(course / "exercises", hand_ins / "cyn")
    done = run("grade", hand_ins, "--output", output, "--jobs", 1, course=course)
    assert done.exit_code == 0, done.output
    return output


def test_a_class_is_graded(graded: Path) -> None:
    """The solution has all, the stub is not started, and each mistake is named."""
    ada, bob, cyn = json.loads((graded / "results.json").read_text("utf-8"))["students"]
    tests = [(e["exercise"], test) for e in bob["exercises"] for test in e["tests"]]
    told = {(e, test["name"], test["verdict"], test["mistake"]) for e, test in tests}
    made = {(work.exercise.name, work.test, work.verdict, work.mistake) for work in BOBS}

    assert (ada["score"], ada["max_score"], ada["unclaimed"], ada["notes"]) == (40, 40, [], [])
    assert {each["verdict"] for each in cyn["exercises"]} == {Verdict.NOT_STARTED}
    assert {(e, name.partition("[")[0], v, m) for e, name, v, m in told} >= made
    assert bob["exercises"][-1]["score"] == 8.5  # some of the points of its training


def test_a_page_says_what_the_course_knows_of_a_mistake(graded: Path) -> None:
    """Its sentence and its hints come from the course's own table."""
    page = (graded / "students" / "bob.html").read_text("utf-8")
    known = known_mistakes(COURSE)["gradient-overwritten"]

    assert escape(known.sentence) in page
    assert escape(known.hints[0]) in page


def test_results_are_exported(graded: Path, tmp_path: Path) -> None:
    """A row for each test of each of the three."""
    file = tmp_path / "tests.csv"
    run("export", "csv", "--results", graded / "results.json", "--output", file)

    with file.open(encoding="utf-8", newline="") as stream:
        rows = {(row["student"], row["exercise"]) for row in csv.DictReader(stream)}
    assert rows == {(s, e.name) for s in ("ada", "bob", "cyn") for e in COURSE.exercises}


def test_a_mistake_is_added_from_one_file_of_several(tmp_path: Path) -> None:
    """It is known by its name which file it stands for; another name is refused."""
    course = shutil.copytree(FOLDER, tmp_path / "course")
    tape = (course / "minigrad" / "tape.py").read_text("utf-8")
    for name in ("tape.py", "mine.py"):
        (tmp_path / name).write_text(tape.replace("grad += slope", "grad -= slope"), "utf-8")
    new = "mistake", "autograd_engine", "wrong-sign", "--from"
    refused = CliRunner().invoke(app, ["new", *new, f"{tmp_path}/mine.py", "--course", str(course)])

    assert isinstance(refused.exception, UsageError)
    assert "call it as one of minigrad/__init__.py, minigrad/descent.py" in str(refused.exception)
    assert run("new", *new, tmp_path / "tape.py", course=course).exit_code == 0
    found = load_course(course)
    works = works_of(found, found.exercise_named("autograd_engine"))
    (work,) = (each for each in works if each.mistake == "wrong-sign")
    changed = handed_in(found, work)["minigrad/tape.py"]
    assert "parent.grad -= slope" in changed


def test_a_student_checks_a_file(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the data and the module that come with it; an empty stub is not started."""
    write_solutions(tmp_path)
    for folder, words in ((tmp_path, "5 of 5 checks"), (course / "exercises", "0 of 5 checks")):
        monkeypatch.chdir(folder)

        assert words in run("check", "tokenizer").output


def test_what_students_get_holds_no_answer(course: Path, tmp_path: Path) -> None:
    """Stubs and checks, given modules and data; nothing of the solutions and the hidden suites."""
    assert run("release", tmp_path / "course.zip", course=course).exit_code == 0
    with zipfile.ZipFile(tmp_path / "course.zip") as archive:
        files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}

    wanted = {"softmax_classifier.py", "minigrad/tape.py", "pretokens.py", "data/rain.txt"}
    assert {f"exercises/{name}" for name in wanted} <= files.keys()
    assert not [name for name in files if {"hidden", "kit", "wrong"} & {*Path(name).parts}]
    assert not [name for name, text in files.items() for each in ANSWERS if each in text]
