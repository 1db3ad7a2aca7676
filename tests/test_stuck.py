"""Who is stuck, over the runs that are kept: records alone, nothing is graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kept_term import EXERCISE, Term, hw

from grader.runs.history.stuck import Stuck, stuck_students

if TYPE_CHECKING:
    from grader.results.verdicts import ExerciseResult

ALL, HALF, NONE, OTHER = hw(True, True), hw(True, False), hw(False, False), hw(False, True)


def handed_in(term: Term, *results: ExerciseResult) -> tuple[Stuck, ...]:
    """Have Ana hand in something else each time, and Ben the same; return who is stuck."""
    for number, result in enumerate(results):
        term.works["ana"] = f"work {number}"
        term.graded({"ana": result, "ben": NONE})
    return stuck_students(term.runs)


def test_three_hand_ins_that_fail_the_same_test_are_stuck(term: Term) -> None:
    """The test is named that most of them failed; Ben, who did not try again, is not stuck."""
    found = handed_in(term, ALL, HALF, NONE, HALF)

    assert found == (Stuck("ana", EXERCISE, "Part b is right.", 3),)


@pytest.mark.parametrize(
    "results",
    [(HALF, HALF), (NONE, HALF, ALL), (HALF, OTHER, HALF), (HALF, HALF, HALF, OTHER)],
    ids=["two", "right in the end", "another test", "right now"],
)
def test_who_comes_on_is_not_stuck(term: Term, results: tuple[ExerciseResult, ...]) -> None:
    """Two hand-ins are few, and a test that passes in between is none that keeps anyone."""
    assert handed_in(term, *results) == ()


def test_the_same_work_counts_once_whatever_it_was_graded_with(term: Term) -> None:
    """Changed tests are no hand-ins."""
    handed_in(term, NONE, HALF)
    for number in range(3):
        term.changed(tests=f"tests of run {number}")
        term.graded({"ana": NONE if number % 2 else HALF, "ben": NONE})

    assert len(term.runs.numbers()) > 3
    assert stuck_students(term.runs) == ()


def test_without_a_run_there_is_nobody(term: Term) -> None:
    """A store of results alone tells of no hand-ins."""
    assert stuck_students(term.runs) == ()
