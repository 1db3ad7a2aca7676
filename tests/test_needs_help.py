"""Who may need help, and why: what the class page says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from read_page import Page
from report_samples import exercise_result, grading_run, outcome, student_result

from grader.reports import write_reports
from grader.results.decided import Kind, Lateness, Ruling
from grader.results.students import ROSTER
from grader.results.verdicts import Verdict
from grader.runs.history.stuck import Stuck

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results.verdicts import ExerciseResult, StudentResult

PASSED, WRONG = Verdict.PASSED, Verdict.WRONG
EX06 = "ex06_manual_update"


def of_points(student: str, points: float, *others: ExerciseResult, **about: Any) -> StudentResult:
    """Return a student with some of 10 points in one exercise, and what there is in others."""
    test = outcome(PASSED if points == 10 else WRONG, score=points, max_score=10)
    return student_result(student, exercise_result(test), *others, **about)


def left(exercise: str, verdict: Verdict = Verdict.NOT_STARTED) -> ExerciseResult:
    """Return an exercise of no points in which nothing is started."""
    return exercise_result(outcome(verdict, max_score=1), exercise=exercise)


def help_for(folder: Path, *students: StudentResult, **changes: Any) -> str:
    """Return what the class page says under `Who may need help`."""
    write_reports(grading_run(*students, **changes), folder)
    words = Page((folder / "index.html").read_text(encoding="utf-8")).words
    return words.rpartition("Who may need help ")[2].partition(" Exercises ")[0]


def test_who_is_far_below_the_class_is_named_with_the_reason(tmp_path: Path) -> None:
    """Below half of the median; of two, the lower score comes first, and the page is linked."""
    points = (9, 8, 8, 9, 10, 7, 3, 2, 4)
    said = help_for(tmp_path, *(of_points(f"s{n}", each) for n, each in enumerate(points)))

    why = "of the points, while half of those with work have 80 % or more."
    assert said.startswith(f"Behind or stuck: 2 students s7 20 % {why} s6 30 % {why}")
    assert "s8" not in said.partition("Tests to look at")[0]


@pytest.mark.parametrize("points", [(10, 9, 1), (1, 1, 1, 1, 2, 2, 2, 2, 0)], ids=["few", "hard"])
def test_a_class_that_says_nothing_of_a_student_is_not_compared(
    tmp_path: Path, points: tuple[int, ...]
) -> None:
    """In three students there is no middle; where most have little, the hand-in is hard."""
    said = help_for(tmp_path, *(of_points(f"s{n}", each) for n, each in enumerate(points)))

    assert "of the points" not in said


def test_who_has_not_started_most_exercises_is_named(tmp_path: Path) -> None:
    """Unless the class as a whole is only at the beginning."""
    begun = exercise_result(outcome(), exercise="ex04_autograd")
    behind = of_points("ana", 10, left("ex04_autograd"))
    others = [of_points(name, 10, begun) for name in ("ben", "cy")]
    lonely = of_points("ben", 10, left("ex04_autograd"))

    said = help_for(tmp_path, behind, *others)
    assert said.startswith("Behind or stuck: 1 student ana 1 of 2 exercises are not started.")
    assert "not started." not in help_for(tmp_path, behind, lonely, others[1])


def test_who_handed_in_nothing_or_nothing_started_is_named_once(tmp_path: Path) -> None:
    """By the roster or by the download, and no reason is repeated below."""
    missing = left("ex06_manual_update", Verdict.MISSING)
    listed = student_result("ana", replace(missing, source=None), reader=ROSTER)
    empty = student_result("ben", replace(missing, source=None))
    stub = student_result("cy", left("ex06_manual_update"), left("ex04_autograd"))

    assert help_for(tmp_path, listed, empty, stub, of_points("dan", 10)) == (
        "1 on the roster, handed in nothing ana 1 handed in nothing ben "
        "1 handed in files with nothing started cy"
    )


def test_a_file_without_the_functions_is_not_called_unstarted(tmp_path: Path) -> None:
    """They may be there under other names."""
    renamed = student_result("ana", left("ex06_manual_update", Verdict.MISSING))

    assert "nothing started" not in help_for(tmp_path, renamed, of_points("dan", 10))


def test_who_is_stuck_at_a_test_is_named(tmp_path: Path) -> None:
    """With the exercise and the test's sentence, in a class of one as well."""
    stuck = Stuck("ana", "ex06_manual_update", "Part b is right.", 3)
    said = help_for(tmp_path, of_points("ana", 2), stuck=(stuck,))

    assert "ana The last 3 hand-ins fail the same test in ex06_manual_update: Part b" in said


def test_a_test_for_which_a_person_gave_the_points_makes_nobody_stuck(tmp_path: Path) -> None:
    """The test may be what is wrong; neither does one of an exercise that does not count."""
    title = "Something is right."
    given = Ruling(kind=Kind.POINTS, exercise=EX06, test="test_something", title=title, change=8)
    excused = Ruling(kind=Kind.EXCUSED, exercise=EX06)
    left_out = exercise_result(outcome(WRONG), weight=0.0)
    other = exercise_result(outcome(), exercise="ex04_autograd")
    students = (
        replace(of_points("ana", 10), rulings=(given,)),
        replace(student_result("ben", left_out, other), rulings=(excused,)),
        replace(of_points("cy", 2), rulings=(replace(given, change=-1.0),)),
    )
    stuck = tuple(Stuck(name, EX06, title, 3) for name in ("ana", "ben", "cy"))

    said = help_for(tmp_path, *students, stuck=stuck)
    assert said.startswith("Behind or stuck: 1 student cy The last 3 hand-ins fail the same test")


def test_who_is_late_is_not_behind_by_that(tmp_path: Path) -> None:
    """What lateness costs is no lack of understanding, and the others' is left out as well."""
    late = Lateness(due="2026-11-27T12:00:00+01:00", late=True, days=3, deduction=8.0)
    strong = [of_points(f"s{n}", 10) for n in range(8)]
    ana = replace(of_points("ana", 10), score=2.0, lateness=late)
    ben = replace(of_points("ben", 9), score=1.0, lateness=late)

    assert "of the points" not in help_for(tmp_path, *strong, ana, ben)
    said = help_for(tmp_path, *strong, ana, of_points("cy", 1))
    assert said.startswith("Behind or stuck: 1 student cy 10 % of the points before late deduct")


def test_nobody_is_behind_in_what_does_not_count(tmp_path: Path) -> None:
    """Excused from one exercise while the other is dropped for all: there are no points."""
    left_out = student_result("ana", exercise_result(outcome(WRONG), weight=0.0))
    nothing = replace(left_out, score=0.0, max_score=0.0)
    strong = [of_points(f"s{n}", 10) for n in range(9)]

    assert "ana" not in help_for(tmp_path, *strong, nothing).partition("Tests to look")[0]


def test_work_in_what_does_not_count_is_work(tmp_path: Path) -> None:
    """It is not said that nothing is started."""
    begun = exercise_result(outcome(), exercise="ex04_autograd", weight=0.0)
    student = student_result("ana", left(EX06), left("ex05_backprop"), begun)
    others = [of_points(f"s{n}", 10) for n in range(3)]

    said = help_for(tmp_path, *others, student)
    assert said.startswith("Behind or stuck: 1 student ana 2 of 2 exercises are not started.")
    assert "nothing started" not in said


def test_half_of_the_class_have_what_is_said(tmp_path: Path) -> None:
    """A share is rounded down: 86.67 % are not 87 % or more."""
    half = exercise_result(outcome(WRONG, score=2.6, max_score=3))
    strong = [student_result(f"s{n}", half) for n in range(9)]

    assert "half of those with work have 86 %" in help_for(tmp_path, *strong, of_points("z", 1))


def test_a_list_of_many_who_need_help_is_folded(tmp_path: Path) -> None:
    """Twelve are read at once, and an excused one is not among them."""
    strong = [of_points(f"s{n:02}", 10) for n in range(20)]
    weak = [of_points(f"w{n:02}", 1) for n in range(13)]
    write_reports(grading_run(*strong, *weak), tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")

    assert "<details><summary>Behind or stuck: 13 students</summary>" in page
