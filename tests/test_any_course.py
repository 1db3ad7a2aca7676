"""A course anywhere: every command finds it, and one broken exercise keeps no other back."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from grader import __version__
from grader.cli import app
from grader.courses import find_course, load_course
from grader.errors import GraderError, UsageError
from grader.release import write_release
from grader.runs.store import suite_digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = {
    "course.toml": """\
version = 1
title = "From scratch"

[[exercises]]
name = "mean"
title = "The mean"

[[exercises]]
name = "median"
title = "The median"
""",
    "mean.py": '''\
"""The mean.

5 minutes, difficulty 1 of 5. You need: lists.
"""


def mean(rows):
    """Return the mean of each of some rows of numbers."""
    ### BEGIN SOLUTION
    return [sum(row) / len(row) for row in rows]
    ### END SOLUTION
''',
    "checks/mean.py": '''\
from grader.suite import expect
from kit.numbers import FEW, mean_of, sum_of


def test_of_few(student):
    """Of three numbers each."""
    expect(student.mean(FEW)).equals(mean_of(FEW), mistakes={"sum-not-mean": sum_of(FEW)})
''',
    "hidden/mean.py": '''\
from grader.suite import expect, points
from kit.numbers import mean_of, sum_of
from kit.secrets import MANY


@points(4)
def test_of_many(student):
    """Of many numbers."""
    expect(student.mean(MANY)).equals(mean_of(MANY), mistakes={"sum-not-mean": sum_of(MANY)})
''',
    "kit/numbers.py": """\
FEW = [[1.0, 2.0, 6.0], [2.0, 3.0, 7.0]]


def mean_of(rows):
    return [sum(row) / 3 for row in rows]


def sum_of(rows):
    return [sum(row) for row in rows]
""",
    "kit/secrets.py": "MANY = [[0.25, 1.5, 2.75], [4.0, 3.5, 0.5]]\n",
    "mistakes.toml": """\
[sum-not-mean]
sentence = "Your result equals what you would get if the sum was not divided."
hints = ["What is a mean?", "How many numbers are there?", "Divide by that."]
""",
}
SUM = "def mean(rows):\n    return [sum(row) for row in rows]\n"


def course_in(folder: Path, **changes: str) -> Path:
    """Write a course, of whose two exercises the second has no suite."""
    for name, text in (FILES | changes).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(*arguments: str | Path) -> str:
    """Run a command; return what it printed, or the line that it complained with."""
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    if isinstance(done.exception, GraderError):
        return f"{type(done.exception).__name__}: {done.exception}"
    assert not done.exception or isinstance(done.exception, SystemExit), done.output
    return f"{done.output}exit {done.exit_code}"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course's folder."""
    return course_in(tmp_path_factory.mktemp("scratch"))


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a class: one who is right, one who forgot to divide, and one with another's file."""
    folder = tmp_path_factory.mktemp("class")
    for student, name, text in (
        ("ana", "mean.py", FILES["mean.py"]),
        ("ben", "Mean (1).py", SUM),
        ("cy", "ex01_losses.py", "x = 1\n"),
    ):
        (folder / student).mkdir()
        (folder / student / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def reports(course: Path, work: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade the class without a sandbox; the exercise without a suite is the course's fault."""
    output = tmp_path_factory.mktemp("graded") / "reports"
    how = ("--device", "cpu", "--sandbox", "none", "--jobs", "1")
    said = run("grade", work, "--course", course, "--output", output, *how)

    assert said.endswith("exit 3"), said
    assert "could have been forged" in said
    return output


def results_of(reports: Path) -> dict[str, dict[str, dict[str, object]]]:
    """Return each student's exercises by name."""
    students = json.loads((reports / "results.json").read_text("utf-8"))["students"]
    return {
        each["student"]: {one["exercise"]: one for one in each["exercises"]} for each in students
    }


def test_one_exercise_without_a_suite_keeps_no_other_back(reports: Path) -> None:
    """It is named, costs nobody a point, and the rest is judged with its mistakes and hints."""
    results = results_of(reports)
    ben = results["ben"]["mean"]["tests"]
    fault = results["ana"]["median"]["tests"]

    assert [results[each]["mean"]["score"] for each in ("ana", "ben", "cy")] == [4, 0, 0]
    assert {each["mistake"] for each in ben} == {"sum-not-mean"}  # type: ignore[attr-defined]
    assert "How many numbers are there?" in ben[0]["hint"]  # type: ignore[index]
    assert {each["median"]["verdict"] for each in results.values()} == {"grader_fault"}
    assert "hidden/median.py" in fault[0]["message"] or "checks/median.py" in fault[0]["message"]  # type: ignore[index]


def test_pages_speak_in_the_courses_words(reports: Path) -> None:
    """Titles are its own, and a name that only another course knows is not recognised."""
    index = (reports / "index.html").read_text("utf-8")
    cy = (reports / "students" / "cy.html").read_text("utf-8")

    assert "The mean" in index
    assert "if the sum was not divided" in index
    assert "ex01_losses.py" in cy


def test_without_a_sandbox_the_reports_say_so(reports: Path) -> None:
    """Scores are the same, and a warning stands above them."""
    index = (reports / "index.html").read_text("utf-8")

    assert "without a sandbox" in index.lower()


def test_a_course_is_found_from_inside(
    course: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder need not be named there, and a dry run shows its files."""
    monkeypatch.chdir(course / "kit")

    said = run("grade", work, "--dry-run")

    assert "Mean (1).py" in said
    assert "mean 2" in said


def test_another_course_does_not_take_the_place_of_a_graded_one(reports: Path, work: Path) -> None:
    """The same students, the same folder, by mistake: both courses are named."""
    said = run("grade", work, "--output", reports, "--device", "cpu", "--exercise", "ex01")

    assert "holds the reports of another course, 'From scratch'" in said
    assert "'Neural network training lab'" in said
    assert "name that course with --course, or another folder for the reports" in said


def test_an_export_knows_whose_hidden_tests_it_must_not_show(reports: Path, course: Path) -> None:
    """Results of a course that is not the one that is found are refused, and told how to go on."""
    refused = run("export", "gradescope", "--results", reports)
    done = run("export", "gradescope", "--results", reports, "--course", course)

    assert "have no such exercise" in refused or "has no such exercise" in refused
    assert "--course FOLDER" in refused
    assert done.endswith("exit 0"), done


def test_the_key_of_a_result_is_about_what_a_course_holds(tmp_path: Path) -> None:
    """Not where it lies: moved, it grades nothing again; a changed helper what imports it."""
    here, there = course_in(tmp_path / "here"), course_in(tmp_path / "there")
    before, moved = (suite_digest(load_course(each).exercises[0]) for each in (here, there))
    (there / "kit" / "numbers.py").write_text("FEW = [1.0]\n", encoding="utf-8")

    assert before == moved
    assert suite_digest(load_course(there).exercises[0]) != before
    assert suite_digest(load_course(there).exercises[1]) == suite_digest(
        load_course(here).exercises[1]
    )


MEDIAN = {
    name.replace("mean", "median"): text.replace("mean", "median").replace("Mean", "Median")
    for name, text in FILES.items()
    if name in {"mean.py", "checks/mean.py", "hidden/mean.py"}
}
WHOLE = {name: text.replace("median_of", "mean_of") for name, text in MEDIAN.items()}
WHOLE = {name: text.replace("sum-not-median", "sum-not-mean") for name, text in WHOLE.items()}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Release a whole course; return where it is unpacked."""
    folder = tmp_path_factory.mktemp("whole")
    course = course_in(folder / "scratch", **WHOLE)
    said = run("stubs", "--course", course)
    assert f"wrote {course / 'exercises' / 'mean.py'}" in said
    assert "is up to date" in run("stubs", "--check", "--course", course)
    assert run("release", folder / "out.zip", "--course", course).endswith("exit 0")
    with zipfile.ZipFile(folder / "out.zip") as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked" / "scratch"


def texts(folder: Path) -> Iterator[str]:
    """Go through the texts in a folder."""
    for file in folder.rglob("*"):
        if file.suffix in {".py", ".ipynb", ".md", ".toml"}:
            yield file.read_text("utf-8")


def test_a_release_holds_what_students_need_of_a_course(released: Path) -> None:
    """Its stubs, its checks with what they import, its words; nothing hidden, no solution."""
    names = {file.relative_to(released).as_posix() for file in released.rglob("*")}
    every = "\n".join(texts(released))

    assert {"exercises/mean.py", "exercises/mean.ipynb"} <= names
    assert {"grader/lab/checks/mean.py", "grader/lab/kit/numbers.py"} <= names
    assert not [name for name in names if "hidden" in name or "secrets" in name]
    assert "0.25, 1.5" not in every
    assert "sum(row) / len(row)" not in every
    assert "# From scratch" in (released / "README.md").read_text("utf-8")
    assert "ex01" not in (released / "README.md").read_text("utf-8")
    assert [each.points for each in load_course(released / "grader" / "lab").exercises] == [4, 4]


def test_a_release_is_a_package_that_is_called_after_the_course(released: Path) -> None:
    """Whatever it is called, the command knows its version."""
    project = tomllib.loads((released / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (
        "import importlib.metadata as m, grader.cli as c",
        "m.version = None",
        "c.app(['--version'])",
    )
    command = [sys.executable, "-c", "\n".join(lines)]
    done = subprocess.run(
        command, cwd=released, capture_output=True, text=True, check=False, timeout=180
    )

    assert (project["name"], project["description"]) == ("course-from-scratch", "From scratch")
    assert done.stdout == f"nn-training-lab {__version__}\n", done.stderr


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Größen & Netze: 2", "course-grossen-netze-2"),
        ("深層学習", "course"),
        ("torch", "course-torch"),
    ],
)
def test_a_title_is_made_a_name_that_a_package_may_have(
    tmp_path: Path, title: str, name: str
) -> None:
    """It is never that of a package which the release needs."""
    course = load_course(course_in(tmp_path / "scratch", **WHOLE))

    write_release(replace(course, title=title), tmp_path / "out.zip", almost=True)

    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        project = tomllib.loads(archive.read("scratch/pyproject.toml").decode())["project"]
    assert (project["name"], project["description"]) == (name, title)


def test_a_release_of_a_course_checks_on_its_own(released: Path) -> None:
    """As a student runs it, who has nothing else."""
    (released / "exercises" / "mean.py").write_text(SUM, encoding="utf-8")
    command = [sys.executable, "-m", "grader", "check", "mean"]
    done = subprocess.run(
        command, cwd=released, capture_output=True, text=True, check=False, timeout=300
    )

    assert done.returncode == 1, done.stderr
    assert "if the sum was not divided" in done.stdout


def test_a_release_names_the_check_that_is_missing(course: Path, tmp_path: Path) -> None:
    """Nothing is written then."""
    said = run("release", tmp_path / "out.zip", "--course", course)

    assert "median has no public checks; expected" in said
    assert not list(tmp_path.iterdir())


def test_the_doctor_names_what_can_not_be_graded(course: Path) -> None:
    """And that it keeps nothing else from being graded."""
    from grader.doctor.suites import suites

    found = suites(load_course(course))

    assert found.state == "warn"
    assert "median has no hidden suite" in found.found
    assert "the others can be graded" in found.mend


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("nowhere", "there is no .*nowhere; a course is a folder with a course.toml in it"),
        ("scratch/course.toml", "is no folder; .*: pass .*scratch$"),
        ("", "there is no course.toml in it; there is one in .*scratch"),
        ("scratch/kit", "there is no course.toml in it; there is one in .*scratch"),
        ("empty", "there is no course.toml in it; it is empty"),
    ],
)
def test_a_folder_that_is_no_course_is_told_with_what_is_near(
    tmp_path: Path, where: str, said: str
) -> None:
    """A course further up or down is named, else what there is."""
    course_in(tmp_path / "scratch")
    (tmp_path / "empty").mkdir()

    with pytest.raises(UsageError, match=said):
        find_course(tmp_path / where)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title = ", "titel = ", "course.toml, line 2: 'titel' is not known here"),
        ('"median"', '"mean"', "course.toml, line 9: there is an exercise 'mean' already"),
        ("version = 1", "version = 2", "this course has version 2, and this grader reads up to"),
    ],
)
def test_a_course_that_can_not_be_read_is_one_line(
    tmp_path: Path, work: Path, old: str, new: str, said: str
) -> None:
    """Whatever is asked of it; nothing is written."""
    course = course_in(tmp_path / "c", **{"course.toml": FILES["course.toml"].replace(old, new, 1)})
    for command in (("grade", work, "--output", tmp_path / "out"), ("release", tmp_path / "z")):
        told = run(*command, "--course", course)
        assert told.startswith("UsageError: ")
        assert said in told
        assert "\n" not in told
    assert [each.name for each in tmp_path.iterdir()] == ["c"]
