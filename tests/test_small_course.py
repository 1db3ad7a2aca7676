"""A whole course of another kind than ours, in `tests/courses/small`, from solution to export."""

from __future__ import annotations

import doctest
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

from grader.authoring import make_cells_notebook, write_stubs
from grader.courses import load_course
from grader.judge.local import run_locally
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from grader.courses import Exercise
    from grader.results.verdicts import TestResult

FOLDER = Path(__file__).parent / "courses" / "small"
COURSE = load_course(FOLDER)
SHORTEST, LONGEST = 35, 90  # lines of a hidden suite
each_exercise = pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda each: each.name)


def solved(exercise: Exercise, folder: Path) -> Path:
    """Return the solution as it would be handed in."""
    solution = COURSE.solution_of(exercise)
    if not exercise.cells:
        return solution
    notebook = make_cells_notebook(solution.read_text("utf-8"), exercise.name, solved=True)
    file = folder / exercise.file_names[0]
    nbformat.write(notebook, file)
    return file


def both_suites(exercise: Exercise, file: Path) -> list[TestResult]:
    """Run public checks and hidden tests."""
    return [each for hidden in (False, True) for each in run_locally(exercise, file, hidden=hidden)]


@each_exercise
def test_a_solution_has_full_points(exercise: Exercise, tmp_path: Path) -> None:
    """In its public checks and in its hidden suite, which is short."""
    results = both_suites(exercise, solved(exercise, tmp_path))
    lines = exercise.hidden_suite.read_text("utf-8").count("\n")

    assert {each.verdict for each in results} == {Verdict.PASSED}, results
    assert sum(each.score for each in results) == exercise.points == 10
    assert SHORTEST <= lines <= LONGEST


@pytest.fixture(scope="module")
def stubs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make what students are given."""
    course = replace(COURSE, stubs=tmp_path_factory.mktemp("stubs"))
    write_stubs(course)
    return course.stubs


@each_exercise
def test_a_stub_is_not_started_in_any_test(exercise: Exercise, stubs: Path) -> None:
    """Whatever was given out with it."""
    results = both_suites(exercise, stubs / exercise.file_names[0])

    assert {each.verdict for each in results} == {Verdict.NOT_STARTED}, results


@each_exercise
def test_the_examples_in_its_docstrings_are_true(
    exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of every solution; a notebook has its own outputs to look at."""
    monkeypatch.syspath_prepend(FOLDER)
    monkeypatch.syspath_prepend(FOLDER / "given" / exercise.name)
    files = [] if exercise.cells else exercise.modules or [COURSE.solution_of(exercise).name]
    for name in files:
        module = import_module(name.removesuffix(".py").replace("/", "."))

        assert doctest.testmod(module).failed == 0, name
    for name, module in list(sys.modules.items()):
        if FOLDER in Path(getattr(module, "__file__", None) or "/").parents:
            del sys.modules[name]
