"""Tests of `grader.judge.shared_modules`: what the suites of a course import from its folder."""

from __future__ import annotations

import pickle
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from grader.asking.portable import portable
from grader.courses import load_course
from grader.errors import InfrastructureError
from grader.judge.local import run_locally
from grader.judge.shared_modules import shared_modules
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from pathlib import Path

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
    for right in (3, 4):
        assert graded(course_in(tmp_path / str(right), right)).verdict is Verdict.PASSED

    assert not {"kit", "kit.tables"} & set(sys.modules)
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


def probe_in(folder: Path, tables: str) -> bytes:
    """Return a probe that uses `beside/rows.py`, which uses `beside/tables.py`, as it is sent."""
    for name, text in (
        ("rows", "from beside import tables\nROWS = tables.rows"),
        ("tables", tables),
    ):
        (folder / "beside").mkdir(exist_ok=True)
        (folder / "beside" / f"{name}.py").write_text(text, encoding="utf-8")
    with shared_modules([folder]):
        rows = import_module("beside.rows").ROWS

        def probed(student: str) -> str:
            return f"{student} has {rows()}"

        return portable(probed)


def test_what_is_beside_a_submission_goes_along_with_a_probe(tmp_path: Path) -> None:
    """Where the probe runs, the course's folder is not there."""
    code = probe_in(tmp_path, "LENGTH = 3\ndef rows(): return LENGTH")

    assert "beside" not in sys.modules
    assert pickle.loads(code)("she") == "she has 3"  # noqa: S301 - made above


def test_what_the_judge_knows_does_not_go_along(tmp_path: Path) -> None:
    """A helper of the probes that uses the suites' own is refused."""
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "right.py").write_text("def answer(): return 42", encoding="utf-8")

    with pytest.raises(InfrastructureError, match=r"refers to kit\.right\.answer, and nothing of "):
        probe_in(tmp_path, "from kit.right import answer\ndef rows(): return answer()")
