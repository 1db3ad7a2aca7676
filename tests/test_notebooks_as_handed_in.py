"""Every exercise may be handed in as its notebook: untouched, or filled in as the solution is."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

from grader.judge.local import LocalAttempt
from grader.judge.plugin import SuiteRunner, run_suites
from grader.lab import EXERCISES, Exercise
from grader.verdicts import TestResult, Verdict

if TYPE_CHECKING:
    from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
MODULES = [exercise for exercise in EXERCISES if not exercise.cells]
every_exercise = pytest.mark.parametrize("exercise", MODULES, ids=lambda exercise: exercise.name)
Results = dict[Path, tuple[TestResult, ...]]


def given_out(exercise: Exercise) -> Path:
    """Return the notebook that students get."""
    return ROOT / "exercises" / f"{exercise.name}.ipynb"


def solved(exercise: Exercise, folder: Path) -> Path:
    """Fill the answer cells with the solution's functions."""
    source = (ROOT / "solutions" / f"{exercise.name}.py").read_text(encoding="utf-8")
    functions = {
        f"answer-{node.name}": ast.get_source_segment(source, node)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
    }
    notebook: NotebookNode = nbformat.read(given_out(exercise), as_version=4)
    for cell in notebook.cells:
        cell.source = functions.get(cell.id, cell.source)
    path = folder / given_out(exercise).name
    nbformat.write(notebook, path)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the solved notebooks are."""
    return tmp_path_factory.mktemp("solved")


@pytest.fixture(scope="module")
def graded(folder: Path) -> Results:
    """Grade all notebooks by the hidden suites, in one session."""
    results: Results = {}

    def serve(runner: SuiteRunner) -> None:
        for exercise in MODULES:
            for file in (given_out(exercise), solved(exercise, folder)):
                attempt = LocalAttempt(exercise, file)
                results[file] = runner.run(exercise, attempt, public=False).results

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what students' code warns of is no error of ours
        run_suites([exercise.hidden_suite for exercise in MODULES], serve)
    return results


@every_exercise
def test_an_untouched_notebook_is_not_started(graded: Results, exercise: Exercise) -> None:
    """Its answer cells hold the stub."""
    assert {result.verdict for result in graded[given_out(exercise)]} == {Verdict.NOT_STARTED}


@every_exercise
def test_a_solved_notebook_gets_all_points(
    graded: Results, folder: Path, exercise: Exercise
) -> None:
    """The solution's functions in the answer cells are worth as much as in a module."""
    results = graded[folder / given_out(exercise).name]

    assert sum(result.score for result in results) == exercise.points
