"""Every exercise may be handed in as its notebook: untouched, filled in, and in odd forms."""

from __future__ import annotations

import ast
import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from the_lab import EXERCISES, exercise_named

from grader.judge.grading import grade_submission
from grader.judge.local import LocalAttempt
from grader.judge.plugin import SuiteRunner, run_suites
from grader.results.verdicts import TestResult, Verdict
from grader.submissions import File, HandIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbformat import NotebookNode

    from grader.courses import Exercise
    from grader.results.verdicts import ExerciseResult
    from grader.sandbox.sandbox import Sandbox

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


ODD, OTHER = exercise_named("ex07"), exercise_named("ex06")
Cells = list[dict[str, Any]]


def bare(cells: Cells) -> Cells:
    """Take off everything but source and kind."""
    return [{"cell_type": cell["cell_type"], "source": cell["source"]} for cell in cells]


def copied(cells: Cells) -> Cells:
    """Put an unanswered copy before each answer."""
    answers = [cell for cell in cells if cell["id"].startswith("answer-")]
    open_ones = [cell | {"source": "raise NotImplementedError"} for cell in answers]
    return [*cells[:2], *open_ones, *cells[2:]]


def cut(cells: Cells) -> Cells:
    """Cut each answer behind its end, with what the student tried in a cell of its own."""
    tried = {"cell_type": "code", "metadata": {}, "source": "descend(abs, 1.0, 0.1, 3)[0] / 0"}
    return [each for cell in cells for each in (cell, tried)]


def printing(cells: Cells) -> Cells:
    """Save eight megabytes of output, which claims full marks."""
    text = "All checks passed. " * 400_000
    output = {"output_type": "stream", "name": "stdout", "text": text}
    return [cell | {"outputs": [output]} if cell["cell_type"] == "code" else cell for cell in cells]


def unanswered(cells: Cells) -> Cells:
    """Delete one of the answers."""
    return [cell for cell in cells if cell["id"] != "answer-best_learning_rate"]


FORMS: dict[str, Callable[[Cells], Cells]] = {
    "bare": bare,
    "copied": copied,
    "cut": cut,
    "huge": lambda cells: printing(cells[:3]) + cells[3:],
    "unexplained": lambda cells: [cell for cell in cells if cell["cell_type"] == "code"],
}
EDITIONS = [f"4.{minor}" for minor in range(6)]
OLD, UNANSWERED, BESIDE = "3", "unanswered", " beside another"
LEANING = """
from {module} import descend as walk
from google.colab import drive
import matplotlib.pyplot as plt
drive.mount("/content/drive")
%time first = 1
if __name__ == "__main__":
    from tqdm.notebook import trange
    for _ in trange(2):
        plt.plot([1])
name = input("Your name: ")
"""


def edition(notebook: Any, minor: int) -> Any:
    """Save it as an edition of format 4; cells have ids since 4.5 only."""
    cells = notebook["cells"]
    if minor < 5:
        cells = [{key: cell[key] for key in cell if key != "id"} for cell in cells]
    return notebook | {"nbformat_minor": minor, "cells": cells}


def works(folder: Path) -> dict[str, dict[Exercise, HandIn]]:
    """Return what is handed in, by what it is."""
    file = solved(ODD, folder)
    whole, read = json.loads(file.read_text(encoding="utf-8")), nbformat.read(file, as_version=4)
    forms = {**FORMS, UNANSWERED: unanswered}
    notebooks = {
        **{name: edition(whole, minor) for minor, name in enumerate(EDITIONS)},
        OLD: nbformat.convert(nbformat.read(file, as_version=4), 3),
        **{name: whole | {"cells": form(whole["cells"])} for name, form in forms.items()},
    }
    lines = LEANING.format(module=OTHER.name)
    read.cells.insert(1, nbformat.v4.new_code_cell(lines))
    module = (ROOT / "solutions" / f"{ODD.name}.py").read_text(encoding="utf-8") + lines
    other = handed_in(OTHER, ".py", (ROOT / "solutions" / f"{OTHER.name}.py").read_text("utf-8"))
    leaning = {
        ".py": handed_in(ODD, ".py", module),
        ".ipynb": handed_in(ODD, ".ipynb", nbformat.writes(read)),
    }
    return {
        **{name: handed_in(ODD, ".ipynb", json.dumps(each)) for name, each in notebooks.items()},
        **leaning,
        **{f"{name}{BESIDE}": other | each for name, each in leaning.items()},
    }


def handed_in(exercise: Exercise, ending: str, text: str) -> dict[Exercise, HandIn]:
    """Hand in one file."""
    return {exercise: HandIn(files=(File(name=f"{exercise.name}{ending}", content=text.encode()),))}


@pytest.fixture(scope="module")
def result(sandbox: Sandbox, folder: Path) -> dict[str, ExerciseResult]:
    """Grade each in the sandbox, one after another; return the exercise's result by the name."""
    results: dict[str, ExerciseResult] = {}

    def serve(runner: SuiteRunner) -> None:
        for name, work in works(folder).items():
            *_, results[name] = grade_submission(sandbox, runner, work, "cpu")

    run_suites(
        [file for each in (OTHER, ODD) for file in (each.public_checks, each.hidden_suite)], serve
    )
    return results


@pytest.mark.parametrize("name", EDITIONS)
def test_every_edition_of_format_4_is_graded(result: dict[str, ExerciseResult], name: str) -> None:
    """With ids of cells and without."""
    assert result[name].score == ODD.points


def test_a_notebook_of_format_3_is_graded(result: dict[str, ExerciseResult]) -> None:
    """IPython of ten years ago saved cells in worksheets."""
    assert result[OLD].score == ODD.points


@pytest.mark.parametrize("form", FORMS)
def test_a_notebook_in_an_odd_form_loses_nothing(
    result: dict[str, ExerciseResult], form: str
) -> None:
    """Without metadata, with cells copied, cut or deleted, with megabytes of output."""
    assert result[form].score == ODD.points


@pytest.mark.parametrize("kind", [".py", ".ipynb"])
def test_a_file_has_the_same_score_whatever_else_is_graded(
    result: dict[str, ExerciseResult], kind: str
) -> None:
    """What it imports of another file is not there, at the desk as in the sandbox, and said so."""
    alone, together = result[kind], result[f"{kind}{BESIDE}"]

    assert alone.exercise == together.exercise == ODD.name
    assert alone.score == together.score == ODD.points
    assert alone.notes == together.notes
    assert len(alone.notes) == 2
    assert f"{OTHER.name} is not installed here" in alone.notes[0]
    assert "asks for input()" in alone.notes[1]


def test_a_deleted_answer_is_missing_and_costs_its_own_points(
    result: dict[str, ExerciseResult],
) -> None:
    """The other answer is still graded; saved outputs are no evidence."""
    assert result[UNANSWERED].verdict is Verdict.MISSING
    assert 0 < result[UNANSWERED].score < ODD.points
