"""Tests of `grader.judge.grading`: what one exercise of a submission has to do with another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from the_lab import LAB, exercise_named

from grader.courses import Exercise, resource
from grader.judge.grading import grade_submission
from grader.judge.plugin import run_suites
from grader.leaks import find_leak
from grader.results.students import StudentRecord
from grader.results.verdicts import StudentResult, Verdict
from grader.submissions import File, HandIn

if TYPE_CHECKING:
    from grader.judge.plugin import SuiteRunner
    from grader.results.verdicts import ExerciseResult
    from grader.sandbox.sandbox import Sandbox

FIRST, SECOND = exercise_named("ex01_losses"), exercise_named("ex04_autograd")

# left by the first exercise for the second: in the process, beside it, on its disk
LEAVES = """
import os, signal, sys, torch
from grader.guest import submission
submission.Guest.asked = []
handle = submission.Guest.handle
def remembers(self, request):
    submission.Guest.asked.append(request)
    return handle(self, request)
submission.Guest.handle = remembers
torch.autograd.grad = torch.no_grad = lambda *args: None
sys.modules["ex04_autograd"] = sys
os.environ["LEFT"] = "left"
open("left", "w").close()
if os.fork() == 0:
    os.setsid()
    signal.pause()
"""
FINDS = """
import os, sys, torch
from grader.guest import submission
found = {
    "questions": hasattr(submission.Guest, "asked"),
    "functions": torch.no_grad.__name__ != "no_grad",
    "modules": "ex01_losses" in sys.modules,
    "environment": "LEFT" in os.environ,
    "files": os.listdir("."),
    "processes": len([name for name in os.listdir("/proc") if name.isdigit()]) - 2,
}
if any(found.values()):
    raise RuntimeError(f"found {found}")
"""


def grade(sandbox: Sandbox, work: dict[Exercise, HandIn]) -> list[ExerciseResult]:
    """Grade a submission."""
    results: list[ExerciseResult] = []

    def serve(runner: SuiteRunner) -> None:
        results.extend(grade_submission(sandbox, runner, work, "cpu"))

    run_suites([exercise.hidden_suite for exercise in work], serve)
    return results


def graded(sandbox: Sandbox) -> list[ExerciseResult]:
    """Grade a submission whose first exercise leaves what the second looks for."""
    work = {}
    for exercise, more in ((FIRST, LEAVES), (SECOND, FINDS)):
        name = f"{exercise.name}.py"
        text = (resource("solutions") / name).read_text(encoding="utf-8") + more
        work[exercise] = HandIn((File(name, text.encode()),))
    return grade(sandbox, work)


def test_nothing_of_one_exercise_is_seen_from_another(sandbox: Sandbox) -> None:
    """Neither its process nor what it has left on the disk."""
    first, second = graded(sandbox)

    assert [test.message.text for test in second.tests if test.message.text] == []
    assert (second.score, second.max_score) == (SECOND.points, SECOND.points)
    assert first.score == FIRST.points


def test_a_folder_that_is_called_like_a_row_of_numbers_is_no_data(sandbox: Sandbox) -> None:
    """A page that shows data is withheld, so a name in a note must not look like them."""
    note = "weeks [1, 2, 3, 4, 5, 6]/ex01_losses.py was graded."
    (result,) = grade(sandbox, {FIRST: HandIn(notes=(note,))})

    assert result.notes == ("weeks […]/ex01_losses.py was graded.",)
    assert (
        find_leak(
            "",
            StudentResult(
                record=StudentRecord(id="ana"), score=0, max_score=10, exercises=(result,)
            ),
            LAB,
        )
        is None
    )


def test_an_exercise_without_its_suite_is_a_fault_of_ours_alone(sandbox: Sandbox) -> None:
    """Its file is named, and the others are graded."""
    missing = Exercise("ex98_missing", "It has no suite", FIRST.folder)
    solution = (resource("solutions") / "ex01_losses.py").read_bytes()
    results: list[ExerciseResult] = []

    def serve(runner: SuiteRunner) -> None:
        work = {missing: HandIn(), FIRST: HandIn((File("ex01_losses.py", solution),))}
        results.extend(grade_submission(sandbox, runner, work, "cpu"))

    run_suites([missing.public_checks, missing.hidden_suite, FIRST.hidden_suite], serve)

    fault, graded = results
    assert fault.verdict is Verdict.GRADER_FAULT
    assert f"{missing.public_checks}: there is no such file" in fault.tests[0].message.text
    assert graded.score == FIRST.points


def test_an_entry_that_switches_off_what_is_not_there_is_a_fault_of_ours_alone(
    sandbox: Sandbox,
) -> None:
    """The function is named, and nobody's work is judged without what was meant."""
    mistyped = replace(FIRST, switched_off=("F.one_hott",))
    results: list[ExerciseResult] = []

    def serve(runner: SuiteRunner) -> None:
        results.extend(grade_submission(sandbox, runner, {mistyped: HandIn()}, "cpu"))

    run_suites([FIRST.public_checks, FIRST.hidden_suite], serve)

    assert results[0].verdict is Verdict.GRADER_FAULT
    assert "ex01_losses switches off 'F.one_hott'" in results[0].tests[0].message.text
