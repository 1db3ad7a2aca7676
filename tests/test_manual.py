"""Parts that a person grades: read from a file, shown, counted, never judged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from report_samples import student_result
from the_lab import LAB
from tiny_course import write_course
from typer.testing import CliRunner

from grader.cli import app
from grader.courses import Exercise
from grader.errors import UsageError
from grader.reports.data_files import _student
from grader.reports.marks import score_of
from grader.results.students import StudentRecord
from grader.results.verdicts import ExerciseResult, ManualPart, Verdict
from grader.runs.manual import MANUAL, ManualPoints, read_manual

if TYPE_CHECKING:
    from pathlib import Path

PARTS = {"q1": 5.0, "Why does the loss rise?": 2.0}
HEAD = "student,exercise,part,points,comment\n"
ANA = StudentRecord(id="4401", login="ana", email="ana@x.org", name="Ana")


def judged(verdict: Verdict = Verdict.PASSED, source: str | None = "losses.py") -> ExerciseResult:
    """Return what tests gave: 8 of 10 points."""
    return ExerciseResult(
        exercise="losses",
        verdict=verdict,
        score=8.0,
        max_score=10.0,
        source=source,
        seconds=0.1,
        tests=(),
    )


def read(folder: Path, rows: str) -> ManualPoints:
    """Read a file of points for the exercise `losses`."""
    (folder / MANUAL).write_text(HEAD + rows, encoding="utf-8")
    exercise = Exercise(name="losses", title="Losses", folder=folder, manual=PARTS)
    return read_manual(folder, [exercise, replace(exercise, name="heads", manual={})])


@pytest.mark.parametrize("name", ["4401", "ana", "ana@x.org"])
def test_points_of_a_person_are_added(tmp_path: Path, name: str) -> None:
    """To the score and to what can be had, and the comment is kept."""
    points = read(tmp_path, f'{name},losses,q1,"4,5",Nearly.\n')

    result = points.added(ANA, judged())

    assert (result.score, result.max_score, result.verdict) == (12.5, 15.0, Verdict.PASSED)
    first, second = result.manual
    assert first == ManualPart(name="q1", max_score=5.0, score=4.5, comment="Nearly.")
    assert second.score is None


def test_what_nobody_has_graded_counts_nowhere(tmp_path: Path) -> None:
    """Also where a row is prepared without points; of missing work there is nothing to grade."""
    points = read(tmp_path, "ana,losses,q1,,\n")

    waiting, missing = (
        points.added(ANA, judged(*about)) for about in ((), (Verdict.MISSING, None))
    )

    assert (waiting.score, waiting.max_score) == (8.0, 10.0)
    assert [part.score for part in waiting.manual] == [None, None]
    assert (missing.score, missing.max_score) == (8.0, 17.0)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ana,loses,q1,3", r"line 2: there is no exercise .* 'loses'; did you mean 'losses'\?"),
        ("ana,heads,q1,3", "line 2: there is no exercise with a part"),
        ("ana,losses,q2,3", "line 2: .* called 'q2'; there are q1, Why does"),
        ("ana,losses,q1,good", "line 2: the points are 'good', and that is no number"),
        ("ana,losses,q1,6", "line 2: q1 is worth 0 to 5 points, not 6"),
        ("ana,losses,q1,nan", "line 2: q1 is worth 0 to 5 points"),
        (",losses,q1,3", "line 2: there is no student"),
        ("ana,losses,q1,3\nana,losses,q1,4", "line 3: line 2 has points for the same part already"),
    ],
)
def test_a_row_that_can_not_be_right_is_told_with_its_line(
    tmp_path: Path, row: str, said: str
) -> None:
    """Nothing of the file counts before all of it can be read."""
    with pytest.raises(UsageError, match=said):
        read(tmp_path, f"{row}\n")


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    """With those that there must be."""
    (tmp_path / MANUAL).write_text("student,points\nana,3\n", encoding="utf-8")
    exercise = Exercise(name="losses", title="Losses", folder=tmp_path, manual=PARTS)

    with pytest.raises(UsageError, match="line 1: there is no column 'exercise'"):
        read_manual(tmp_path, [exercise])


def test_points_for_somebody_else_are_said(tmp_path: Path) -> None:
    """A misspelt name loses no points without anybody noticing."""
    points = read(tmp_path, "anna,losses,q1,3\nana,losses,q1,4\n")

    assert list(points.unknown([ANA])) == [
        "manual.csv has points for 1 student who is not in this class: anna."
    ]


def test_two_rows_about_one_student_under_two_names_are_refused(tmp_path: Path) -> None:
    """Nobody knows which of them counts, so that neither does silently."""
    points = read(tmp_path, "ana,losses,q1,3\nana@x.org,losses,q1,4\n")
    points.require_single([StudentRecord(id="ana"), StudentRecord(id="b", email="ana@x.org")])

    with pytest.raises(
        UsageError, match=r"Ana \(4401\) for q1 of losses twice, as ana and as ana@"
    ):
        points.require_single([ANA])


def test_a_run_of_another_exercise_reads_the_same_file(tmp_path: Path) -> None:
    """`--exercise` leaves what people gave for others alone."""
    course = write_course(tmp_path / "course")
    declared = (course / "course.toml").read_text()
    (course / "course.toml").write_text(
        declared.replace("limits", "manual = { q1 = 5 }\nlimits", 1)
    )
    (course / MANUAL).write_text(f"{HEAD}ana,double,q1,3,\n")
    (tmp_path / "hw" / "ana").mkdir(parents=True)
    (tmp_path / "hw" / "ana" / "triple.py").write_text("")
    options = ["--exercise", "triple", "--dry-run", "--output", str(tmp_path / "reports")]
    done = CliRunner().invoke(
        app, ["grade", str(tmp_path / "hw"), "--course", str(course), *options]
    )

    assert (done.exit_code, "handed in: triple 1" in done.output) == (0, True)


def test_results_and_pages_say_what_is_waiting(tmp_path: Path) -> None:
    """A program sees null, a reader the points that are not judged."""
    result = read(tmp_path, "ana,losses,q1,3,\n").added(ANA, judged())
    of_student = student_result("ana", result)

    entry = _student(of_student, LAB, "page.html")["exercises"][0]

    assert [part["score"] for part in entry["manual"]] == [3.0, None]
    assert score_of(of_student, LAB).unjudged == "2"
