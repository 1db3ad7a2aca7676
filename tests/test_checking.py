"""Tests of `grader check`, as a student runs it."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.checking import Checked, check_lines, files_to_check
from grader.cli import main
from grader.errors import UsageError
from grader.lab import EXERCISES, Exercise, exercise_named
from grader.mistakes import known_mistakes
from grader.reports.wording import SIGNS
from grader.verdicts import TestResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
SOLUTION, STUB = ROOT / "solutions" / "ex04_autograd.py", ROOT / "exercises" / "ex04_autograd.py"
WRONG_LINE = "\n\ndef gradient_of_mean_square(x):\n    return 2 * x\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[object, str, str]]:
    """Return what runs the command: exit status, output, errors."""

    def run(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["grader", "check", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code, *capsys.readouterr()

    return run


def checked(*results: TestResult) -> Checked:
    """Return what checks of ex04 gave."""
    return Checked(exercise_named("ex04"), Path("ex04.py"), results)


def result(verdict: Verdict, message: str = "", hint: str | None = None) -> TestResult:
    """Return the result of a check."""
    return TestResult(
        name="test_x",
        title=f"A title of {verdict}.",
        public=True,
        verdict=verdict,
        score=0.0,
        max_score=0.0,
        message=message,
        hint=hint,
    )


def test_a_solution_passes(check: Callable[..., tuple[object, str, str]], here: Path) -> None:
    """Exit status 0, a line for each check, and nothing left to do."""
    shutil.copy(SOLUTION, here)
    status, output, errors = check("ex04")
    lines = output.rstrip().splitlines()

    assert (status, errors) == (0, "")
    assert lines[0] == "ex04_autograd  Letting PyTorch differentiate"
    assert len(lines[1:-1]) >= 2
    assert all(SIGNS[Verdict.PASSED] in line and "[passed]" in line for line in lines[1:-1])
    assert lines[-1] == f"  All {len(lines) - 2} checks passed."


def test_a_stub_is_not_started(check: Callable[..., tuple[object, str, str]], here: Path) -> None:
    """Exit status 1; the first check is told in full, with its line, and what to do next."""
    shutil.copy(STUB, here)
    status, output, errors = check("ex04")

    assert (status, errors) == (1, "")
    assert output.count("[not started]") >= 2
    assert output.count("still raises NotImplementedError") == 1
    assert "ex04_autograd.py:" in output
    assert output.rstrip().splitlines()[-1] == (
        "  Next: edit ex04_autograd.py, then run `grader check ex04_autograd.py` again."
    )


def test_a_wrong_answer_is_explained(
    check: Callable[..., tuple[object, str, str]], here: Path
) -> None:
    """Both values, the mistake, and the first step of its hint alone."""
    file = here / SOLUTION.name
    file.write_text(SOLUTION.read_text(encoding="utf-8") + WRONG_LINE, encoding="utf-8")
    status, output, _ = check("ex04")
    known = known_mistakes()["sum-not-mean"]

    assert status == 1
    assert "came back: " in output
    assert "expected:  " in output
    assert f"  {known.sentence}" in output
    assert f"  Hint: {known.hints[0]}" in output
    assert known.hints[1] not in output
    assert output.count("[wrong]") == 1


def test_a_file_that_does_not_parse_is_told_with_its_line(
    check: Callable[..., tuple[object, str, str]], here: Path
) -> None:
    """No traceback; every check is unreadable."""
    (here / SOLUTION.name).write_text("x = 1\ndef f(x:\n", encoding="utf-8")
    status, output, errors = check("ex04")

    assert (status, errors) == (1, "")
    assert "ex04_autograd.py:2: SyntaxError" in output
    assert "Traceback" not in output


def test_a_notebook_is_checked_like_a_module(
    check: Callable[..., tuple[object, str, str]], here: Path
) -> None:
    """Its code cells together are the solution."""
    cell = {"cell_type": "code", "source": SOLUTION.read_text(encoding="utf-8")}
    notebook = json.dumps({"cells": [cell]})
    (here / "ex04_autograd.ipynb").write_text(notebook, encoding="utf-8")
    status, output, _ = check("ex04_autograd.ipynb")

    assert status == 0
    assert "checks passed" in output


def test_all_files_are_checked_where_none_is_named(
    check: Callable[..., tuple[object, str, str]], here: Path
) -> None:
    """One that fails decides the status, and does not stop the others."""
    (here / "exercises").mkdir()
    shutil.copy(ROOT / "exercises" / "ex03_log_softmax.py", here / "exercises")
    shutil.copy(SOLUTION, here / "exercises")
    status, output, _ = check()

    assert status == 1
    assert "ex03_log_softmax  " in output
    assert "ex04_autograd  " in output
    assert output.count("checks passed.") == 1
    assert f"grader check {Path('exercises', 'ex03_log_softmax.py')}" in output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "there is no exercise here"),
        (["ex99"], "there is no exercise 'ex99'; the lab has ex01_losses, "),
        (["ex04"], f"there is no file of ex04_autograd; expected {Path('exercises')}"),
        (["ex04_autograd.py"], "there is no file ex04_autograd.py"),
    ],
)
def test_nothing_to_check_is_one_line(
    check: Callable[..., tuple[object, str, str]], arguments: list[str], words: str
) -> None:
    """Exit status 2, and what to do about it."""
    status, output, errors = check(*arguments)

    assert (status, output) == (2, "")
    assert errors.startswith(f"grader: {words}")
    assert errors.count("\n") == 1


def test_a_file_of_another_name_is_no_exercise(here: Path) -> None:
    """Its name says which checks it wants."""
    (here / "mine.py").write_text("x = 1", encoding="utf-8")

    with pytest.raises(UsageError, match="no exercise 'mine'"):
        files_to_check(["mine.py"])


def test_a_file_can_be_anywhere(here: Path) -> None:
    """A path to it is enough."""
    (here / "deep").mkdir()
    file = Path("deep") / SOLUTION.name
    shutil.copy(SOLUTION, file)

    assert files_to_check([str(file)]) == [(exercise_named("ex04"), file)]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_an_exercise_is_found_by_its_beginning(here: Path, exercise: Exercise) -> None:
    """In the folder `exercises` before the one it stands in."""
    (here / "exercises").mkdir()
    name = exercise.file_names[0]
    inner, outer = Path("exercises", name), Path(name)
    outer.touch()
    assert files_to_check([exercise.name[:4]]) == [(exercise, outer)]

    inner.touch()
    assert files_to_check([exercise.name[:4]]) == [(exercise, inner)]


@pytest.mark.parametrize("verdict", [each for each in Verdict if each is not Verdict.PASSED])
def test_only_the_first_failure_is_told_in_full(verdict: Verdict) -> None:
    """Later ones often have the same cause."""
    results = (
        result(Verdict.PASSED),
        result(verdict, "First\nreason.", "One.\nTwo."),
        result(Verdict.WRONG, "Second reason.", "Three."),
    )
    lines = list(check_lines(checked(*results)))

    assert lines[1:4] == [
        f"  {SIGNS[each.verdict]} {each.title}  [{each.verdict.words}]" for each in results
    ]
    assert lines[4:] == [
        "",
        "  First",
        "  reason.",
        "  Hint: One.",
        "  Next: edit ex04.py, then run `grader check ex04.py` again.",
    ]
    assert not checked(*results).passed
