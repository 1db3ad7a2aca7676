"""What the terminal says of one student while a class is graded."""

from __future__ import annotations

import pytest
from report_samples import exercise_result, outcome, student_result
from the_lab import EXERCISES, LAB

from grader.commands.shown.progress import student_line
from grader.results.verdicts import Verdict


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (2, "ex10_prediction missing, lab_training missing"),
        (7, "7 not handed in"),
    ],
)
def test_many_exercises_that_were_not_handed_in_are_counted(missing: int, words: str) -> None:
    """After those that were and are not right; few are named."""
    handed_in = len(EXERCISES) - missing
    verdicts = [Verdict.PASSED] * (handed_in - 1) + [Verdict.WRONG] + [Verdict.MISSING] * missing
    results = [
        exercise_result(
            outcome(verdict),
            exercise=exercise.name,
            source=None if verdict is Verdict.MISSING else f"{exercise.name}.py",
        )
        for verdict, exercise in zip(verdicts, EXERCISES, strict=True)
    ]
    line = student_line(student_result("ana", *results), LAB)

    assert line.endswith(f"{EXERCISES[handed_in - 1].name} wrong, {words}")


@pytest.mark.parametrize("verdict", [Verdict.NOT_STARTED, Verdict.MISSING])
def test_an_exercise_that_is_written_in_part_is_unfinished(verdict: Verdict) -> None:
    """Whoever left one function out has started, and has handed a file in."""
    results = [
        exercise_result(outcome(Verdict.PASSED), outcome(verdict), exercise=each.name)
        for each in EXERCISES[:3]
    ]
    line = student_line(student_result("ana", *results), LAB)

    assert line.count(" unfinished") == 3
    assert "not handed in" not in line
