"""The suites of a course of another kind than ours: on solutions, stubs, works and junk."""

from __future__ import annotations

import doctest
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from small_course import COURSE, FOLDER, JUNK, WORKS, file_in, write_all, write_solutions

from grader.authoring import write_stubs
from grader.courses.declared.table import read_table
from grader.judge.local import LocalAttempt
from grader.judge.plugin import run_suites
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from grader.courses import Exercise
    from grader.judge.plugin import SuiteRunner
    from grader.results.verdicts import TestResult

    Results = dict[tuple[str, str], list[TestResult]]  # of both suites, by exercise and work

SHORTEST, LONGEST = 35, 90  # lines of a hidden suite
each_exercise = pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda each: each.name)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Run both suites on all that may be handed in, in one session of pytest."""
    home = tmp_path_factory.mktemp("small")
    write_solutions(home / "solved")
    write_stubs(replace(COURSE, stubs=home / "stubs"))
    whole = ((each, home / name) for each in COURSE.exercises for name in ("solved", "stubs"))
    folders = [*whole, *write_all(home)]
    found: Results = {}

    def serve(runner: SuiteRunner) -> None:
        for exercise, folder in folders:
            attempt = LocalAttempt(exercise, file_in(folder, exercise))
            found[exercise.name, folder.name] = [
                each.result
                for public in (True, False)
                for each in runner.run_each(exercise, attempt, public=public)
            ]

    suites = [(each.public_checks, each.hidden_suite) for each in COURSE.exercises]
    run_suites([file for both in suites for file in both], serve)
    return found


@each_exercise
def test_a_solution_has_full_points(exercise: Exercise, results: Results) -> None:
    """In its public checks and in its hidden suite, which is short."""
    of_solution = results[exercise.name, "solved"]
    lines = exercise.hidden_suite.read_text("utf-8").count("\n")

    assert {each.verdict for each in of_solution} == {Verdict.PASSED}, of_solution
    assert sum(each.score for each in of_solution) == exercise.points == 10
    assert SHORTEST <= lines <= LONGEST


@each_exercise
def test_a_stub_is_not_started_in_any_test(exercise: Exercise, results: Results) -> None:
    """Whatever was given out with it."""
    of_stub = results[exercise.name, "stubs"]

    assert {each.verdict for each in of_stub} == {Verdict.NOT_STARTED}, of_stub


@each_exercise
def test_wrong_work_is_caught_and_its_mistake_is_named(
    exercise: Exercise, results: Results
) -> None:
    """By the test that must catch it; where a work says what that costs, it costs that."""
    for work in (each for each in WORKS[exercise] if not each.is_right):
        of_work = results[exercise.name, work.name]
        of_test = [each for each in of_work if each.name.partition("[")[0] == work.test]
        lost = sum(each.max_score - each.score for each in of_work)

        assert (work.verdict, work.mistake) in {(e.verdict, e.mistake) for e in of_test}, of_work
        assert work.lost in {None, lost}, of_work


@each_exercise
def test_right_work_of_another_kind_loses_nothing(exercise: Exercise, results: Results) -> None:
    """There is more than one way."""
    for work in (each for each in WORKS[exercise] if each.is_right):
        of_work = results[exercise.name, work.name]

        assert {each.verdict for each in of_work} == {Verdict.PASSED}, of_work


@each_exercise
def test_junk_is_no_fault_of_the_suite_and_no_known_mistake(
    exercise: Exercise, results: Results
) -> None:
    """Whatever comes back, it is the submission that is wrong, and not in a way that it is not."""
    for junk in JUNK:
        of_junk = results[exercise.name, junk]

        assert {each.verdict for each in of_junk} <= {
            Verdict.WRONG,
            Verdict.CRASHED,
            Verdict.PASSED,
        }, (junk, of_junk)
        assert {each.mistake for each in of_junk} == {None}, (junk, of_junk)


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
