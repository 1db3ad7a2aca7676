"""The proof of the lab's suites, a test for each thing that is proved.

It grades all solutions, all works and every mutant, as `grader prove` does, which takes minutes.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from lab_works import all_works, name_of
from the_lab import EXERCISES, LAB

from grader.proving.cases import Kind
from grader.proving.running import prove
from grader.results.verdicts import Verdict, totals
from grader.runs.devices import default_jobs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.courses import Exercise, Work
    from grader.proving.proof import Proof
    from grader.proving.trying.graded import Graded

pytestmark = pytest.mark.proof

WORKS = all_works()
# To recognise these, a check would have to hold half a solution, or patch PyTorch in the student's
# own process; to solve for a number of the student's own, it would have to ask once more; and one
# keeps the hidden tests' positions, which have run before the checks here.
CAUGHT_WITHOUT_A_NAME = {
    "ex01_losses-n-is-a-constant",  # of the example that a student can see, which is right there
    "ex06_manual_update-lr-is-a-constant-in-training-step",
    "ex07_descent-backward-times-loss",
    "ex08_training_loop-divided-by-a-constant",
    "ex08_training_loop-losses-divided-by-epochs",
    "ex09_regression-as-wide-as-the-input",
    "ex09_regression-lr-is-a-constant",
    "ex10_prediction-confusions-by-argmax-of-the-whole-batch",
    "arrays-not-tensors",
    "lengths-differ",
    "mean-of-true-and-false",
    "older-positions-kept",
}

of_each_work = pytest.mark.parametrize("work", WORKS, ids=name_of)
by_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


@pytest.fixture(scope="module")
def proofs() -> dict[Exercise, Proof]:
    """Prove all suites once, as `grader prove` does; beside other tests with one process."""
    jobs = 1 if "PYTEST_XDIST_WORKER" in os.environ else default_jobs()
    return {proof.exercise: proof for proof in prove(LAB, EXERCISES, jobs)}


def got(proofs: Mapping[Exercise, Proof], work: Work) -> Graded:
    """Return what a work got."""
    kind = Kind.RIGHT if work.is_right else Kind.WRONG
    return proofs[work.exercise].of_kind(kind)[work.name][1]


@pytest.mark.parametrize("kind", list(Kind))
@by_exercise
def test_a_suite_holds(proofs: Mapping[Exercise, Proof], exercise: Exercise, kind: Kind) -> None:
    """Whatever it is tried with gets what it must; what that is stands in `grader.proving`."""
    assert [each.words for each in proofs[exercise].findings if each.kind == kind] == []


@by_exercise
def test_a_suite_has_enough_tests(proofs: Mapping[Exercise, Proof], exercise: Exercise) -> None:
    """There are at least eight hidden tests and two checks, for the exercise's points."""
    ((_, solution),) = proofs[exercise].of_kind(Kind.SOLUTION).values()

    assert exercise.points == sum(each.score for each in solution.hidden.values())
    assert len(solution.hidden) >= (2 * len(exercise.cells) or 8)
    assert len(solution.public) >= 2


@pytest.mark.parametrize("work", [work for work in WORKS if not work.is_right], ids=name_of)
def test_public_checks_name_what_they_catch(proofs: Mapping[Exercise, Proof], work: Work) -> None:
    """Where a check fails, one of the checks says which mistake it is, if it has a name."""
    public = got(proofs, work).public.values()
    caught = any(result.verdict is not Verdict.PASSED for result in public)
    named = any(result.mistake for result in public)

    listed = {work.name, name_of(work)} & CAUGHT_WITHOUT_A_NAME
    has_a_name = work.mistake is not None and not listed
    assert named == (caught and has_a_name)


@of_each_work
def test_passing_all_public_checks_is_worth_half_the_points(
    proofs: Mapping[Exercise, Proof], work: Work
) -> None:
    """They are worth passing: whoever does has at least the basic half."""
    results = got(proofs, work)
    score, maximum = totals(results.hidden.values())
    passed = all(result.verdict is Verdict.PASSED for result in results.public.values())

    assert not passed or 2 * score >= maximum
