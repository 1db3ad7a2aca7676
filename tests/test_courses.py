"""Tests of `grader.courses`: what a folder says of its exercises, and what is said of a typo."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from grader.cli import app
from grader.courses import (
    COUNTED,
    Counts,
    carried_course,
    find_authors_course,
    find_course,
    finding,
    load_course,
)
from grader.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

COURSE = """\
# how networks learn
version = 1
title = "Networks"

[[exercises]]
name = "hw1_mean"
title = "The mean"
switched_off = [
  "torch.mean",
]

[[exercises]]
name = "moons"
title = "Two moons"
cells = ["moons-model"]
limits = { call = 20, memory = "1.5GB" }
"""
SUITE = """\
from grader.asking.probes import points
CASES = [(1, 2), (3, 4), (5, 6)]

@points(0.5)
def test_one(student): ...

@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize(("a", "b"), CASES)
@points(2)
def test_six(student, n, a, b): ...

def test_for_nothing(student): ...

def helper(): ...

class TestMore:
    @points(value=3)
    def test_in_a_class(self, student): ...
"""


def course_in(folder: Path, text: str = COURSE) -> Path:
    """Write a course."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.toml").write_text(text, encoding="utf-8", errors="surrogateescape")
    return folder


def hidden(folder: Path, text: str) -> Path:
    """Write the hidden suite of a course's first exercise."""
    (folder / "hidden").mkdir()
    suite = folder / "hidden" / "hw1_mean.py"
    suite.write_text(text, encoding="utf-8")
    return suite


def refusal(folder: Path) -> str:
    """Return what is said of a course, without the folders before the file."""
    with pytest.raises(UsageError, match=r".") as refused:
        load_course(folder)
    assert "\n" not in str(refused.value)
    return str(refused.value).replace(f"{folder}/", "")


def test_a_course_is_what_its_folder_says(tmp_path: Path) -> None:
    """Title, exercises in their order, and where their files are."""
    course = load_course(course_in(tmp_path))
    mean, moons = course.exercises

    assert (course.title, mean.name, mean.title) == ("Networks", "hw1_mean", "The mean")
    assert (mean.cells, mean.limits, mean.switched_off) == ((), {}, ("torch.mean",))
    assert (moons.cells, moons.limits) == (("moons-model",), {"call": 20.0, "memory": 3 * 2**29})
    assert (mean.file_names, moons.file_names) == (
        ("hw1_mean.py", "hw1_mean.ipynb"),
        ("moons.ipynb",),
    )
    assert mean.hidden_suite == tmp_path / "hidden" / "hw1_mean.py"
    assert mean.public_checks == tmp_path / "checks" / "hw1_mean.py"
    assert (course.solutions, course.data) == (tmp_path, tmp_path / "data")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '\ntitle = "The',
            '\ntitel = "The',
            "line 7: 'titel' is not known here; did you mean 'title'?",
        ),
        ("limits =", "limit =", "line 16: 'limit' is not known here; did you mean 'limits'?"),
        ("version = 1", "version = 1\ncolour = 3", "line 3: 'colour' is not known here; there are"),
        (
            '[[exercises]]\nname = "moons',
            '[[exercise]]\nname = "moons',
            "line 12: 'exercise' is not",
        ),
        ("switched_off", "switchd_off", "line 8: 'switchd_off' is not known here"),
        ('"torch.mean"', "3", "line 8: 'switched_off' must be a list of functions such as"),
        ('"torch.mean"', '"os.system"', "line 8: 'switched_off' must be a list of functions"),
        (
            '"Networks"',
            '"Networks"\n[hooks]\ndate = "kit.a:f"',
            "'date' is not known here; did you",
        ),
        ('"hw1_mean"', '"torch"', "line 6: 'torch' is a word of Python, or a module that is there"),
        ('"hw1_mean"', '"class"', "line 6: 'class' is a word of Python, or a module that is there"),
        ("= 20", "= " + "9" * 5000, "this is not TOML: Exceeds the limit"),
        ("limits =", "manual = { q1 = inf }\nlimits =", "line 16: 'manual' must be a table of"),
        ("Networks", "Netzw\udce4rke", "line 3: this is not UTF-8; save the file as that"),
        ("call", "cal", "line 16: there is no limit 'cal'; did you mean 'call'?"),
        ("= 20", "= 0", "line 16: the limit 'call' takes more: that is too little for any"),
        ("= 20", "= nan", "line 16: the limit 'call' takes a number of seconds such as 30s, and"),
        ("= 20", "= true", "line 16: 'limits' must be a table of limits that `--limit` knows"),
        ("= 20", "= [2]", "line 16: 'limits' must be a table of limits that `--limit` knows"),
        ('"1.5GB"', "1.5", "line 16: the limit 'memory' takes a size such as 512MB or 2GB, and"),
        ('"hw1_mean"', '"../hw1"', "line 6: 'name' must be letters, digits and _"),
        ('"hw1_mean"', '"hw1_mean\\n"', "line 6: 'name' must be letters, digits and _"),
        ('"hw1_mean"', "1", "line 6: 'name' must be letters, digits and _"),
        ('title = "Two moons"\n', "", "line 12: the exercise has no 'title'"),
        ('title = "Networks"\n', "", "line 1: the course has no 'title'"),
        ("version = 1\n", "", "line 1: the course has no 'version'"),
        ("version = 1", 'version = "1"', "line 2: 'version' must be the number of the format, 1"),
        ('"moons"', '"HW1_Mean"', "line 13: there is an exercise 'hw1_mean' already"),
        (
            "version = 1",
            "version = 2\nnews = 1",
            "line 2: this course has version 2, and this grader",
        ),
        ('title = "Two moons"', "title = Two moons", "line 14: this is not TOML: Invalid value"),
        ('cells = ["moons-model"]', 'cells = ["moons-model"', "line 16: this is not TOML: "),
        ('cells = ["moons-model"]', 'cells = ["moons', "this is not TOML"),
    ],
)
def test_a_typo_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    """One line: the file, the line, what is wrong, and what was meant where that is likely."""
    assert old in COURSE
    assert said in refusal(course_in(tmp_path, COURSE.replace(old, new, 1)))
    assert refusal(tmp_path).startswith("course.toml, line ")


def test_what_is_no_exercise_is_told(tmp_path: Path) -> None:
    """A course has one at least, and each is a table."""
    assert "line 3: the course has no exercise" in refusal(
        course_in(tmp_path, 'version = 1\ntitle = "A"\nexercises = []\n')
    )
    assert "line 3: 'exercises' must be a table `[[exercises]]` for each" in refusal(
        course_in(tmp_path, 'version = 1\ntitle = "A"\nexercises = ["hw1"]\n')
    )
    assert "line 1: this is nested too deeply" in refusal(course_in(tmp_path, "x = " + "[" * 9_999))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"\x00", b"x" * 2_000_000])
def test_what_is_no_text_is_told(tmp_path: Path, content: bytes) -> None:
    """Whatever it is, no traceback comes of it."""
    (tmp_path / "course.toml").write_bytes(content)

    assert "course.toml" in refusal(tmp_path)


def test_a_folder_that_is_no_course_is_told(tmp_path: Path) -> None:
    """A file is none, and neither is what is not there."""
    (tmp_path / "file").write_text("", encoding="utf-8")

    assert refusal(tmp_path) == f"{tmp_path} is no course: there is no course.toml in it"
    assert "is no course" in refusal(tmp_path / "nowhere")
    assert "is no folder" in refusal(tmp_path / "file")


def test_points_and_tests_are_counted_in_the_suite(tmp_path: Path) -> None:
    """A parametrised test counts once for each of its cases; what is missing is not looked for."""
    first, second = load_course(course_in(tmp_path)).exercises
    suite = hidden(tmp_path, SUITE)

    assert first.counts == Counts(points=0.5 + 6 * 2 + 3, hidden_tests=1 + 6 + 1 + 1)
    assert (first.points, first.hidden_tests) == (15.5, 9)
    with pytest.raises(UsageError, match=r"moons has no hidden suite; expected .*hidden/moons\.py"):
        _ = second.points
    suite.unlink()
    (tmp_path / COUNTED).write_text("[hw1_mean]\npoints = 7\nhidden_tests = 2\n", encoding="utf-8")
    assert (first.points, first.hidden_tests) == (7, 2)


@pytest.mark.parametrize(
    ("suite", "said"),
    [
        ("def test(:", r"line 1: this is not Python"),
        ("@points(TWO)\ndef test_a(): ...", r"line 1: write the points as a number"),
        ("\n@points(1, 2)\ndef test_a(): ...", r"line 2: write the points as a number"),
        ("@points(1)\n@points(2)\ndef test_a(): ...", r"line 2: give a test its points once"),
        ("@parametrize('n', range(3))\ndef test_a(): ...", r"line 1: write the cases as a list"),
        ("@parametrize('n', [*A, 1])\ndef test_a(): ...", r"line 1: write the cases as a list"),
        ("A = [1]\nA = []\n@parametrize('n', A)\ndef test_a(): ...", r"line 3: write the cases"),
        ("@pytest.fixture(params=[1, 2])\ndef two(): ...", r"line 1: use `parametrize`"),
        ("pytestmark = pytest.mark.points(1)", r"line 1: mark each test"),
    ],
)
def test_what_can_only_be_counted_by_running_it_is_told(
    tmp_path: Path, suite: str, said: str
) -> None:
    """The file and the line, and not a number that is not true."""
    file = hidden(course_in(tmp_path), suite)

    with pytest.raises(UsageError, match=f"{re.escape(str(file))}, {said}"):
        _ = load_course(tmp_path).exercises[0].points


def test_a_missing_solution_is_told_where_it_is_asked_for(tmp_path: Path) -> None:
    """The others can be used."""
    course = load_course(course_in(tmp_path))
    (tmp_path / "moons.py").write_text("", encoding="utf-8")
    mean, moons = course.exercises

    assert course.solution_of(moons) == tmp_path / "moons.py"
    with pytest.raises(UsageError, match=r"hw1_mean has no solution; expected .*hw1_mean\.py"):
        course.solution_of(mean)


@pytest.mark.parametrize("name", ["hw1", "HW01", "1", "hw1_m", "hw1_mean", "m", "moons"])
def test_an_exercise_of_any_name_is_known_by_its_beginning(tmp_path: Path, name: str) -> None:
    """By its number, where it has one."""
    course = load_course(course_in(tmp_path))

    assert course.exercise_named(name) == course.exercises[name.startswith("m")]


def test_what_two_exercises_begin_with_names_neither(tmp_path: Path) -> None:
    """One whose whole name is said is meant all the same."""
    text = COURSE.replace('"moons"', '"hw1"')
    course = load_course(course_in(tmp_path, text))
    mean, one = course.exercises

    assert (course.short(mean), course.short(one)) == ("hw1_mean", "hw1")
    assert course.exercise_named("hw1") == one
    with pytest.raises(UsageError, match="'1' may be hw1_mean, hw1: name one"):
        course.exercise_named("1")
    with pytest.raises(UsageError, match=r"there is no exercise 'hw2'; there are hw1_mean, hw1"):
        course.exercise_named("hw2")


def test_a_course_is_given_or_lies_upwards_or_is_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest one counts, and a folder that is given counts before it."""
    outer, inner = course_in(tmp_path / "a"), course_in(tmp_path / "a" / "b")
    deep, aside = inner / "c" / "d", tmp_path / "aside"
    for folder in (deep, aside):
        folder.mkdir(parents=True)

    assert find_course(None, deep).folder == inner
    assert find_course(outer, deep).folder == outer
    assert find_course(None, aside) is carried_course()
    monkeypatch.chdir(inner)
    assert find_course().folder == inner
    with pytest.raises(UsageError, match="is no course"):
        find_course(aside, deep)


def test_an_installed_lab_is_no_place_for_its_authors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no solutions: `new hw1` would write among them, and `prove` has nothing to try."""
    packed = replace(carried_course(), solutions=tmp_path / "site-packages" / "solutions")
    monkeypatch.setattr(finding, "carried_course", lambda: packed)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UsageError, match=r"has no solutions here .*: name one that has with --cou"):
        find_authors_course()
    assert "has no solutions here" in str(CliRunner().invoke(app, ["prove"]).exception)


def test_our_own_lab_is_such_a_folder() -> None:
    """It is the same, however it was found; its solutions and stubs lie at the top."""
    lab = carried_course()

    assert find_course(lab.folder) is lab
    assert find_course(None, lab.folder / "hidden") is lab
    assert (
        replace(load_course(lab.folder), solutions=lab.solutions, stubs=lab.stubs, data=lab.data)
        == lab
    )
    assert [lab.solution_of(each).stem for each in lab.exercises] == [e.name for e in lab.exercises]
    assert all(each.public_checks.is_file() for each in lab.exercises)


def test_what_stands_for_an_exercise_is_short() -> None:
    """In a line of steps and in a command to type."""
    lab = carried_course()

    assert [lab.sign(each) for each in lab.exercises][-3:] == ["09", "10", "lab"]
    assert [lab.short(each) for each in lab.exercises][-2:] == ["ex10", "lab_training"]
    assert [lab.exercise_named(lab.short(each)) for each in lab.exercises] == [*lab.exercises]


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root gives files away")
def test_a_course_that_somebody_else_put_upwards_is_not_taken(tmp_path: Path) -> None:
    """It is code, and `/tmp` is everybody's; whoever trusts it names it."""
    folder = course_in(tmp_path / "shared")
    below = folder / "mine"
    below.mkdir()
    assert find_course(None, below).folder == folder

    os.chown(folder / "course.toml", 4711, 4711)

    assert find_course(None, below).folder != folder
    assert find_course(folder, below).folder == folder
