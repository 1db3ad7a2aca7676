"""Tests of `grader.courses.code.shared_modules`: what suites import from their course."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from grader.asking.discretion import Discretion, HandedIn
from grader.courses import load_course
from grader.courses.code.shared_modules import SHARED, shared_modules
from grader.errors import InfrastructureError, UsageError
from grader.guest.loading.apart import OURS
from grader.judge.attempt import ExerciseGuest, SandboxAttempt
from grader.judge.local import run_locally
from grader.judge.plugin import run_suites
from grader.results.verdicts import Verdict
from grader.sandbox.command import Isolation
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Sandbox
from grader.submissions import File

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course
    from grader.judge.plugin import SuiteRunner
    from grader.results.verdicts import TestResult

SUITE = '''
from grader.suite import expect, points
from kit.tables import RIGHT

@points(1)
def test_answer(student, shift):
    """The answer is right."""
    expect(student.answer(shift)).equals(RIGHT)
'''
FIXTURE = "import pytest\n\n@pytest.fixture\ndef shift():\n    return 1\n"


def course_in(folder: Path, right: int) -> Path:
    """Write a course whose one exercise is solved by `right`."""
    files = {
        "course.toml": 'version = 1\ntitle = "A"\n[[exercises]]\nname = "one"\ntitle = "One"\n',
        "hidden/one.py": SUITE,
        "hidden/conftest.py": FIXTURE,
        "kit/tables.py": f"RIGHT = {right + 1}\n",
        "one.py": f"def answer(shift):\n    return {right} + shift\n",
        "random.py": "raise RuntimeError('this is nobody\\'s generator')\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def graded(folder: Path) -> TestResult:
    """Run the hidden suite of the course on its solution."""
    course = load_course(folder)
    (one,) = course.exercises
    (result,) = run_locally(one, course.solution_of(one), hidden=True)
    return result


def test_each_course_finds_what_it_shares_itself(tmp_path: Path) -> None:
    """One after the other in one process, and nothing of it stays."""
    before = [*sys.path, *sys.meta_path]
    modules = {name: module for name, module in sys.modules.items() if name.startswith("kit")}
    for right in (3, 4):
        assert graded(course_in(tmp_path / str(right), right)).verdict is Verdict.PASSED

    assert modules == {name: each for name, each in sys.modules.items() if name.startswith("kit")}
    assert [*sys.path, *sys.meta_path] == before


def test_what_lies_around_a_course_has_no_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither another `kit` that Python finds, nor the tests of a project that it is part of."""
    folder = course_in(tmp_path / "courses" / "mine", 3)
    (tmp_path / "conftest.py").write_text("import not_there\n", encoding="utf-8")
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "tables.py").write_text("RIGHT = 0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    assert graded(folder).verdict is Verdict.PASSED


BESIDE_SUITE = '''
import torch

from beside.doubling import twice
from grader.suite import expect, points, probe
from kit.judging import require_positive


@probe("answer(1)")
def doubled(student):
    """Double what comes."""
    return twice(student.answer(1))


@points(1)
def test_twice(student):
    """The answer is right."""
    expect(doubled(student)).equals(8)


@points(1)
def test_positive(student):
    """The answer is positive."""
    require_positive(student.answer(-1000))


@points(1)
def test_nothing_of_ours(student):
    """What an import gives does not depend on the course."""
    expect(student.imports()).equals([False, False])
'''
JUDGING = '''
def require_positive(answer):
    """Require a number above 0."""
    assert answer.value > 0, "It is above 0."
'''
CURIOUS = """
def answer(shift):
    return 3 + shift

def imports():
    return [is_there("kit"), is_there("beside")]

def is_there(name):
    try:
        exec(f"import {name}")
    except ModuleNotFoundError:
        return False
    return True
"""


def course_with_a_probe(folder: Path) -> Path:
    """Write a course whose suite has helpers on both sides."""
    folder = course_in(folder, 3)
    (folder / "beside").mkdir()
    (folder / "beside" / "doubling.py").write_text("def twice(x):\n    return 2 * x\n")
    (folder / "beside" / "broken.py").write_text("import not_there_at_all\n")
    (folder / "kit" / "judging.py").write_text(JUDGING)
    (folder / "hidden" / "one.py").write_text(BESIDE_SUITE)
    (folder / "one.py").write_text(CURIOUS)
    return folder


def in_the_sandbox(course: Course, isolation: Isolation, content: bytes) -> list[TestResult]:
    """Grade a file by the hidden suite."""
    (one,) = course.exercises
    tests: list[TestResult] = []

    def serve(runner: SuiteRunner) -> None:
        with (
            Sandbox(isolation, "cpu", Limits(), one.code) as sandbox,
            ExerciseGuest(sandbox, one) as guest,
        ):
            read = HandedIn("one.py", content.decode())
            file = File("one.py", content)
            attempt = SandboxAttempt(guest, one, file, "cpu", Discretion(one, read))
            tests.extend(runner.run(one, attempt, public=False).results)

    run_suites([one.hidden_suite], serve)
    return tests


def test_a_probe_takes_nothing_of_the_judges_side_along(tmp_path: Path) -> None:
    """What lies in `kit` is not beside a submission: the suite is not collected."""
    folder = course_with_a_probe(tmp_path)
    (folder / "kit" / "doubling.py").write_text("def twice(x):\n    return 2 * x\n")
    suite = folder / "hidden" / "one.py"
    suite.write_text(suite.read_text().replace("beside.doubling", "kit.doubling"))

    with pytest.raises(InfrastructureError, match=r"`doubled` refers to kit\.doubling\.twice"):
        graded(folder)


def test_what_is_beside_a_submission_imports_nothing_of_the_judges(tmp_path: Path) -> None:
    """A helper of the probes that uses the suites' own would fail there, in a student's name."""
    folder = course_with_a_probe(tmp_path)
    helper = folder / "beside" / "doubling.py"
    helper.write_text(f"from kit.tables import RIGHT\n{helper.read_text()}")

    with pytest.raises(InfrastructureError, match=r"in `beside` imports kit\.tables, which no sub"):
        graded(folder)


def test_a_students_own_module_of_that_name_comes_back(tmp_path: Path) -> None:
    """In a notebook's kernel it is loaded already; a check neither uses it nor takes it away."""
    own = ModuleType("kit")
    with mock.patch.dict(sys.modules, {"kit": own}):
        assert graded(course_in(tmp_path, 3)).verdict is Verdict.PASSED
        assert sys.modules["kit"] is own


def test_a_course_without_such_a_folder_finds_no_other(tmp_path: Path) -> None:
    """Whatever is installed under that name."""
    with shared_modules(tmp_path), pytest.raises(ModuleNotFoundError, match=f"no {tmp_path}/kit"):
        import_module("kit")


@pytest.mark.parametrize("name", sorted(SHARED))
def test_no_exercise_has_the_name_of_what_is_shared(tmp_path: Path, name: str) -> None:
    """Nor in other letters: a module of that name would be found twice."""
    file = course_in(tmp_path, 3) / "course.toml"
    file.write_text(file.read_text().replace('"one"', f'"{name.title()}"'))

    with pytest.raises(UsageError, match=rf"line 4: '{name.title()}' is what a course's suites"):
        load_course(tmp_path)


def test_the_guest_knows_the_same_names() -> None:
    """It imports nothing of ours, so they are written down there once more."""
    assert SHARED == OURS


HOOKS = """
[hooks]
data = "kit.tables:files"
prepare = "beside.hooks:prepare"
cause = "beside.hooks:cause"
"""
HOOKED = """
import torch

def prepare(files, code):
    torch.prepared_for = [file.read_text() for file in files]

def cause(error):
    return "a-known-cause" if "known" in str(error) else None
"""
ASKING = "\nimport torch\n\ndef prepared():\n    return torch.prepared_for\n"
PREPARED = '''

@points(1)
def test_prepared(student):
    """It has been prepared."""
    expect(student.prepared()).equals(["1,2"])
'''


@pytest.fixture(params=[None, Isolation.BUBBLEWRAP, Isolation.NONE], ids=str)
def everywhere(tmp_path: Path, request: pytest.FixtureRequest) -> list[TestResult]:
    """Grade a course with all that a course may have: in a sandbox, without one and at a desk."""
    folder = course_with_a_probe(tmp_path)
    add_hooks(folder)
    course = load_course(folder)
    (one,) = course.exercises
    file = course.solution_of(one)
    if request.param:
        return in_the_sandbox(course, request.param, file.read_bytes())
    return run_locally(one, file, hidden=True)


def add_hooks(folder: Path) -> None:
    """Say of a course which data there are, and what prepares torch."""
    (folder / "rows.csv").write_text("1,2")
    (folder / "beside" / "hooks.py").write_text(HOOKED)
    for name, more in (
        ("course.toml", HOOKS),
        ("kit/tables.py", f"def files():\n    return [{str(folder / 'rows.csv')!r}]\n"),
        ("hidden/one.py", PREPARED),
        ("one.py", ASKING),
    ):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(more)


def test_a_suite_has_helpers_on_both_sides_and_data_that_torch_is_prepared_for(
    everywhere: list[TestResult],
) -> None:
    """Nothing of it is the student's, and it is there before a submission runs."""
    assert [(each.name, each.verdict) for each in everywhere] == [
        ("test_twice", Verdict.PASSED),
        ("test_positive", Verdict.WRONG),
        ("test_nothing_of_ours", Verdict.PASSED),
        ("test_prepared", Verdict.PASSED),
    ], everywhere
    assert everywhere[1].message.text == "`answer(int)` returned an int: It is above 0."


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('prepare = "kit.tables:files"', "'prepare' must be a function of a module in `beside`"),
        ('dat = "kit.tables:files"', "'dat' is not known here; did you mean 'data'?"),
        ('data = "os:listdir"', "'data' must be a function of a module in `kit`"),
    ],
)
def test_a_hook_that_can_not_be_meant_is_told_with_its_line(
    tmp_path: Path, line: str, said: str
) -> None:
    """A typo is none of a run's faults."""
    file = course_in(tmp_path, 3) / "course.toml"
    file.write_text(f"{file.read_text()}[hooks]\n{line}\n")

    with pytest.raises(UsageError, match=f"line 7: {said}"):
        load_course(tmp_path)


def test_a_hook_that_fails_is_named(tmp_path: Path) -> None:
    """And what it raised: it is nobody's submission."""
    file = course_in(tmp_path, 3) / "course.toml"
    file.write_text(f'{file.read_text()}[hooks]\ndata = "kit.tables:not_there"\n')
    code = load_course(tmp_path).code

    with pytest.raises(UsageError, match=r"course\.toml: data = 'kit.tables:not_there': Attrib"):
        code.data_files()
