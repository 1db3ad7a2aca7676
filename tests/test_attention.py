"""What the class page asks its instructor to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from read_page import Page
from report_samples import exercise_result, grading_run, outcome, student_result

from grader.reports import write_reports
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results.verdicts import StudentResult

PASSED, WRONG = Verdict.PASSED, Verdict.WRONG


def class_page(folder: Path, *students: StudentResult) -> Page:
    """Return the class page of some students."""
    write_reports(grading_run(*students), folder)
    return Page((folder / "index.html").read_text(encoding="utf-8"))


def tried(number: int, *verdicts: Verdict) -> StudentResult:
    """Return a student with one test of each verdict."""
    tests = (
        outcome(verdict, name=f"test_{place}", title=f"Test {place} of it.")
        for place, verdict in enumerate(verdicts)
    )
    return student_result(f"s{number:02}", exercise_result(*tests))


@pytest.mark.parametrize(
    ("verdicts", "why"),
    [
        ([WRONG] * 6, "none of 6 who tried pass"),
        ([PASSED] * 5 + [Verdict.GRADER_FAULT], "1 grader fault"),
        ([PASSED] * 7 + [Verdict.TIMED_OUT] * 3, "3 of 10 timed out"),
        ([PASSED] * 6, "1 test that all who tried pass"),
    ],
)
def test_tests_to_look_at_stand_on_top(tmp_path: Path, verdicts: list[Verdict], why: str) -> None:
    """Each with its reason, and a link to its row in the exercise."""
    page = class_page(tmp_path, *(tried(n, each) for n, each in enumerate(verdicts)))

    assert "Tests to look at first" in page.words
    assert f"{why}" in page.words.partition("Tests to look at first")[2].partition("Exercises")[0]
    row = "test-ex06_manual_update-1"
    assert ("a", {"href": f"#{row}"}) in page.tags
    assert ("tr", {"id": row}) in page.tags


def test_a_test_that_only_the_weak_pass_is_looked_at(tmp_path: Path) -> None:
    """Of 20 students the ten who pass everything else fail it."""
    strong, weak = (WRONG, PASSED, PASSED, PASSED), (PASSED, WRONG, WRONG, WRONG)
    page = class_page(tmp_path, *(tried(n, *(strong if n % 2 else weak)) for n in range(20)))

    assert "Test 0 of it. ex06_manual_update negative discrimination (\u22121.00)" in page.words


def test_where_nothing_is_to_be_seen_there_is_no_list(tmp_path: Path) -> None:
    """Four students are too few to say that a test is too hard or too easy."""
    page = class_page(tmp_path, *(tried(n, WRONG, PASSED) for n in range(4)))

    assert "Tests to look at" not in page.words
