"""The suites of a course of another kind than ours: on solutions, stubs, works and junk."""

from __future__ import annotations

import doctest
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from small_course import COURSE, FOLDER, JUNK, WORKS, file_in, write_junk

from grader.courses.declared.table import read_table
from grader.judge.local import LocalAttempt
from grader.judge.plugin import run_suites
from grader.proving.cases import Kind
from grader.proving.running import prove
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.courses import Exercise
    from grader.judge.plugin import SuiteRunner
    from grader.proving.proof import Proof
    from grader.results.verdicts import TestResult

pytestmark = pytest.mark.proof

SHORTEST, LONGEST = 35, 105  # lines of a hidden suite
HARMLESS = {Verdict.WRONG, Verdict.CRASHED, Verdict.PASSED}
each_exercise = pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda each: each.name)


@pytest.fixture(scope="module")
def proofs() -> dict[Exercise, Proof]:
    """Prove all suites once, in one process beside this one, as a mutant may end it."""
    return {proof.exercise: proof for proof in prove(COURSE, COURSE.exercises, jobs=1)}


@each_exercise
def test_a_suite_holds(exercise: Exercise, proofs: Mapping[Exercise, Proof]) -> None:
    """Authors copy from it: whatever it is tried with gets what it must."""
    proof = proofs[exercise]

    assert [each.words for each in proof.findings] == []
    assert proof.mutants
    assert {work.name for work in WORKS[exercise]} == {
        *proof.of_kind(Kind.RIGHT),
        *proof.of_kind(Kind.WRONG),
    }


@each_exercise
def test_a_solution_has_full_points(exercise: Exercise, proofs: Mapping[Exercise, Proof]) -> None:
    """Of a suite that is short."""
    ((_, of_solution),) = proofs[exercise].of_kind(Kind.SOLUTION).values()
    lines = exercise.hidden_suite.read_text("utf-8").count("\n")

    assert sum(each.score for each in of_solution.results) == exercise.points == 10
    assert SHORTEST <= lines <= LONGEST


@each_exercise
def test_a_stub_is_not_started_in_any_test(
    exercise: Exercise, proofs: Mapping[Exercise, Proof]
) -> None:
    """Nor in a public check, whatever was given out with it."""
    ((_, of_stub),) = proofs[exercise].of_kind(Kind.STUB).values()

    assert {each.verdict for each in of_stub.results} == {Verdict.NOT_STARTED}


def test_junk_is_no_fault_of_the_suite_and_no_known_mistake(tmp_path: Path) -> None:
    """Whatever classes and notebooks hold, the submission is wrong, in no way that it is not."""
    found: dict[Path, list[TestResult]] = {}

    def serve(runner: SuiteRunner) -> None:
        for exercise, folder in write_junk(tmp_path):
            attempt = LocalAttempt(exercise, file_in(folder, exercise))
            found[folder] = [
                each.result
                for public in (True, False)
                for each in runner.run_each(exercise, attempt, public=public)
            ]

    suites = [(each.public_checks, each.hidden_suite) for each in COURSE.exercises]
    run_suites([file for both in suites for file in both], serve)

    assert len(found) == len(JUNK) * len(COURSE.exercises)
    for folder, of_junk in found.items():
        assert {each.verdict for each in of_junk} <= HARMLESS, (folder, of_junk)
        known = {"nothing-returned"} if "nothing" in folder.parts else set()
        assert {each.mistake for each in of_junk} - {None} <= known, (folder, of_junk)


def test_every_mistake_of_the_table_has_a_work() -> None:
    """So that a suite is known to name it."""
    made = {work.mistake for works in WORKS.values() for work in works}

    assert made - {None} == read_table(COURSE.folder).own.keys()


@each_exercise
def test_the_examples_in_its_docstrings_are_true(
    exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of every solution; the cells of a notebook have none."""
    monkeypatch.syspath_prepend(FOLDER)
    monkeypatch.syspath_prepend(FOLDER / "given" / exercise.name)
    files = [] if exercise.cells else exercise.modules or [COURSE.solution_of(exercise).name]
    for name in files:
        module = import_module(name.removesuffix(".py").replace("/", "."))

        assert doctest.testmod(module).failed == 0, name
    for name, module in list(sys.modules.items()):
        if FOLDER in Path(getattr(module, "__file__", None) or "/").parents:
            del sys.modules[name]
