"""What the lab wants of its suites besides what `test_lab_proof.py` shows of them."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest
from lab_notebooks import junk_labs
from lab_works import all_works
from the_lab import EXERCISES, LAB, exercise_named

from grader.asking.probes import ProbeFunction
from grader.courses.declared.table import read_table
from grader.courses.mistakes import known_mistakes
from grader.expecting import expect as expectations
from grader.guest import rails
from grader.guest.crossing import kinds
from grader.judge.local import LocalAttempt, run_locally
from grader.judge.plugin import SuiteRunner, run_suites
from grader.proving.cases import JUNK
from grader.results.verdicts import TestResult, Verdict, totals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.courses import Exercise

ROOT = Path(__file__).resolve().parents[1]
WORKS = all_works()
WRONG = [work for work in WORKS if not work.is_right]
OF_ONE_SUITE = {"checking", "judging", "mistakes", "probes"}  # modules of the kit
OF_THE_JUDGE = re.compile(rb"(?:checks|hidden|grader\.judge)\.(?:ex\d|lab_|[a-z]+_)\w+")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
OF_THE_RIGHT_SHAPE = """
import torch

def updated(weight, gradient, lr):
    return torch.rand_like(weight)

def update_parameters(model, lr):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += lr

def clear_gradients(model):
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)

def training_step(model, criterion, images, labels, lr):
    update_parameters(model, lr)
    return 1.4
"""

ACCURACIES_OF_ZERO = {
    "smallest": "guess = scores.argmin(dim=1); right += int((guess == labels).sum())",
    "from-one": "guess = scores.argmax(dim=1) + 1; right += int((guess == labels).sum())",
    "whole-division": "right += int((scores.argmax(dim=1) == labels).sum()); total += 0.5",
    "identity": "guess = scores.argmax(dim=1); right += float(guess is labels)",
    "nothing": "right += 0",
}
ACCURACY = """
def accuracy(model, loader):
    right = total = 0
    model.eval()
    for images, labels in loader:
        scores = model(images.flatten(start_dim=1))
        total += len(labels)
        {}
    return float(right // total)
"""


by_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


def solution_of(exercise: Exercise) -> Path:
    """Return the solution's file."""
    return ROOT / "solutions" / f"{exercise.name}.py"


def slugs_in(file: Path) -> set[str]:
    """Return the slugs in a suite: its only strings of small words with hyphens between."""
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    cells = {cell for exercise in EXERCISES for cell in exercise.cells}
    return {text for text in texts if isinstance(text, str) and SLUG.fullmatch(text)} - cells


def slugs_of(exercise: Exercise, suite: Path) -> set[str]:
    """Return the slugs in a suite, and in the part of the kit that is its alone."""
    behind = (PurePosixPath(file) for file in exercise.code.behind(suite))
    own = [exercise.folder / file for file in behind if file.stem in OF_ONE_SUITE]
    return set().union(*map(slugs_in, [suite, *own]))


def results_of(runner: SuiteRunner, exercise: Exercise, file: Path) -> Iterator[TestResult]:
    """Give the results of a file, of hidden tests and of public checks."""
    attempt = LocalAttempt(exercise, file)
    for public in (False, True):
        yield from runner.run(exercise, attempt, public=public).results


def test_junk_in_the_labs_notebook_is_the_students_and_never_passes_all(tmp_path: Path) -> None:
    """Whatever the names in it are, it is no grader fault, and it loses points."""
    lab = exercise_named("lab")
    results: dict[str, list[TestResult]] = {}

    def serve(runner: SuiteRunner) -> None:
        for file in junk_labs(tmp_path, JUNK):
            results[file.stem] = list(results_of(runner, lab, file))

    run_suites([lab.hidden_suite, lab.public_checks], serve)

    assert len(results) == 2 * len(JUNK)
    for name, found in results.items():
        assert Verdict.GRADER_FAULT not in {each.verdict for each in found}, name
        assert totals(found)[0] < lab.points, name


def test_a_change_that_is_no_step_earns_nothing(tmp_path: Path) -> None:
    """Who changes something, of the right shape, has not kept the rest in order by that."""
    file = tmp_path / "ex06_manual_update.py"
    file.write_text(OF_THE_RIGHT_SHAPE, encoding="utf-8")
    results = run_locally(exercise_named("ex06"), file, hidden=True)

    assert {(result.verdict, result.score) for result in results} == {(Verdict.WRONG, 0.0)}


def test_what_ends_in_an_accuracy_of_zero_has_no_name(tmp_path: Path) -> None:
    """Many lines make every answer wrong; none of them compares probabilities with labels."""
    exercise = exercise_named("ex10")
    solution = solution_of(exercise).read_text(encoding="utf-8")
    named: dict[str, set[str | None]] = {}

    def serve(runner: SuiteRunner) -> None:
        for slip, line in ACCURACIES_OF_ZERO.items():
            file = tmp_path / f"{slip}.py"
            file.write_text(solution + ACCURACY.format(line), encoding="utf-8")
            results = results_of(runner, exercise, file)
            named[slip] = {each.mistake for each in results if "share" in each.name}

    run_suites([exercise.hidden_suite, exercise.public_checks], serve)

    assert {slip: {None} for slip in ACCURACIES_OF_ZERO} == named


@by_exercise
def test_a_probe_takes_nothing_of_the_judge_along(exercise: Exercise) -> None:
    """In the sandbox it finds what its own file defines, `beside` and `grader.guest`, no more."""
    for kind in ("hidden", "checks"):
        suite = import_module(f"{kind}.{exercise.name}")
        probes = [each for each in vars(suite).values() if isinstance(each, ProbeFunction)]
        for probe in probes:
            named = set(OF_THE_JUDGE.findall(probe.code))
            assert named <= {probe.__wrapped__.__module__.encode()}, probe.calls


@by_exercise
def test_every_slug_of_a_suite_is_known_and_has_a_work(exercise: Exercise) -> None:
    """A mistake that a suite names is in the table, and a work makes it."""
    hidden = slugs_of(exercise, exercise.hidden_suite)
    public = slugs_of(exercise, exercise.public_checks)
    made = {work.mistake for work in WRONG if work.exercise == exercise} - {None}

    assert set() == (hidden | public) - known_mistakes(LAB).keys()
    assert set() == hidden - made
    assert len(made) >= 8


def test_every_mistake_in_the_table_is_used() -> None:
    """The table holds no mistake that nothing can name."""
    suites = [slugs_of(exercise, exercise.hidden_suite) for exercise in EXERCISES]
    kit = sorted((LAB.folder / "kit").rglob("*.py"))
    machine = [Path(str(module.__file__)) for module in (expectations, kinds, rails)]
    used = set().union(*suites, *map(slugs_in, [*machine, *kit]))

    assert set() == read_table(LAB.folder).own.keys() - used
