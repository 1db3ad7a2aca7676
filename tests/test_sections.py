"""The sections of a class side by side on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from read_page import Page
from report_samples import exercise_result, grading_run, outcome, student_result

from grader.reports import write_reports
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results.verdicts import StudentResult


def scored(student: str, points: float, section: str) -> StudentResult:
    """Return a student of a section with some of 10 points."""
    test = outcome(score=points, max_score=10)
    return student_result(student, exercise_result(test), section=section)


def test_sections_stand_side_by_side(tmp_path: Path) -> None:
    """With mean, quartiles from four students on, who has not started, and each exercise's mean."""
    morning = [scored(f"a{points}", points, "Morning") for points in (2, 4, 6, 8, 10)]
    evening = [scored(f"b{points}", points, "Evening") for points in (5, 6)]
    stub = exercise_result(outcome(Verdict.NOT_STARTED, max_score=10))
    idle = student_result("idle", stub, section="Evening")
    fault = outcome(Verdict.GRADER_FAULT, max_score=10)
    faulty = replace(scored("faulty", 0, "Evening"), exercises=(exercise_result(fault),))
    write_reports(grading_run(*morning, *evening, idle, faulty), tmp_path)

    words = Page((tmp_path / "index.html").read_text(encoding="utf-8")).words
    head = "Section Students Mean of 10 Middle half quartiles Not started ex06 mean of 10"
    evenings, mornings = "Section Evening 4 3.67 1 3.67", "Section Morning 5 6 4 to 8 0 6"
    assert f"Sections side by side {head} {evenings} {mornings} Students" in words


def test_a_class_without_sections_has_no_such_table(tmp_path: Path) -> None:
    """Most downloads tell of none."""
    write_reports(grading_run(scored("ana", 10, "")), tmp_path)

    assert "side by side" not in (tmp_path / "index.html").read_text(encoding="utf-8")
