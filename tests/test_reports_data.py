"""`results.json` and `grades.csv`: what other programs rely on."""

from __future__ import annotations

import csv
import json
import math
from typing import TYPE_CHECKING, Any

import pytest
from report_samples import (
    HOSTILE_TEXT,
    exercise_result,
    grading_run,
    outcome,
    sample_run,
    student_result,
)
from the_lab import LAB

from grader.courses.mistakes import known_mistakes
from grader.reports import write_reports
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from grader.runs.grading_run import GradingRun


NOT_KNOWN = ("", "", "", "")  # of a student of whom only the id is known


def read_json(run: GradingRun, folder: Path) -> dict[str, Any]:
    """Return the `results.json` of a run; a NaN or an Infinity in it fails the test."""
    write_reports(run, folder)
    text = (folder / "results.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text, parse_constant=pytest.fail)
    return content


def read_csv(run: GradingRun, folder: Path) -> list[list[str]]:
    """Return the rows of the `grades.csv` of a run."""
    write_reports(run, folder)
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_results_have_the_keys_of_the_contract_in_its_order(tmp_path: Path) -> None:
    """Every level of the file has the keys of the contract, in its order, and no others."""
    content = read_json(sample_run(), tmp_path)

    student = content["students"][0]
    exercise = student["exercises"][0]
    assert list(content) == ["schema", "device", "title", "graded_at", "students"]
    assert content["schema"] == 2
    assert " ".join(student) == (
        "student name email section late submitted_at page unclaimed score max_score notes "
        "exercises login group handed_in_as"
    )
    assert " ".join(exercise) == "exercise verdict score max_score source seconds tests"
    assert " ".join(exercise["tests"][0]) == (
        "name title public verdict score max_score message mistake hint"
    )


def test_results_carry_what_a_test_found(tmp_path: Path) -> None:
    """A test's verdict, points, message and mistake, with what the table says of it now."""
    test = outcome(Verdict.WRONG, score=0.5, message="a\n  b", mistake="sum-not-mean")
    known = known_mistakes(LAB)["sum-not-mean"]
    content = read_json(grading_run(student_result("ana", exercise_result(test))), tmp_path)

    assert content["students"][0]["exercises"][0]["tests"][0] == {
        "name": "test_something",
        "title": "Something is right.",
        "public": False,
        "verdict": "wrong",
        "score": 0.5,
        "max_score": 2.0,
        "message": f"a\n  b\n{known.sentence}",
        "mistake": "sum-not-mean",
        "hint": "\n".join(known.hints),
    }


def test_results_say_who_a_student_is(tmp_path: Path) -> None:
    """All that the download told arrives as it was, and where the page is."""
    about: dict[str, Any] = {
        "name": "Jane Smith",
        "email": "jane@example.org",
        "section": "B",
        "late": True,
        "submitted_at": "2026-11-27T23:58:00+01:00",
        "login": "jsmith",
        "group": "Team 3",
        "handed_in_as": "smithjane_LATE_4400_1_ex01_losses.py",
    }
    jane = student_result("4400", exercise_result(), unclaimed=("notes.txt",), **about)
    ana = student_result("ana", exercise_result())
    first, second = read_json(grading_run(jane, ana), tmp_path)["students"]

    assert {name: first[name] for name in about} == about
    assert first["unclaimed"] == ["notes.txt"]
    assert first["page"] == "students/jane-smith-4400.html"
    assert (tmp_path / first["page"]).is_file()
    assert {second[name] for name in about} == {"", None}
    assert (second["unclaimed"], second["page"]) == ([], "students/ana.html")


def test_results_say_of_which_hand_in_and_of_when_they_are(tmp_path: Path) -> None:
    """The newest of all results, whatever zone each was computed in."""
    times = ("2026-11-28T00:30:00+01:00", "2026-11-27T23:45:00+00:00")
    exercises = [exercise_result(outcome(), graded_at=time) for time in times]
    run = grading_run(student_result("ana", *exercises), title="HW 3] \ud800")
    content = read_json(run, tmp_path)

    assert content["title"] == "HW 3] \\ud800"
    assert content["graded_at"] == times[1]


def test_absent_mistake_hint_and_source_are_null(tmp_path: Path) -> None:
    """What is not there is null and neither empty nor left out."""
    exercise = exercise_result(outcome(), source=None)
    content = read_json(grading_run(student_result("ana", exercise)), tmp_path)

    written = content["students"][0]["exercises"][0]
    assert written["source"] is None
    assert written["tests"][0]["mistake"] is None
    assert written["tests"][0]["hint"] is None


def test_student_notes_are_followed_by_those_of_the_exercises(tmp_path: Path) -> None:
    """An exercise's note stands among the student's, after the exercise's name."""
    exercise = exercise_result(outcome(), notes=("the .py was graded",))
    run = grading_run(student_result("ana", exercise, notes=("two folders",)))

    notes = read_json(run, tmp_path)["students"][0]["notes"]

    assert notes == ["two folders", "ex06_manual_update: the .py was graded"]


def test_numbers_that_are_not_finite_never_appear(tmp_path: Path) -> None:
    """NaN and infinity are written as 0, in the file for programs and in the table."""
    exercise = exercise_result(outcome(score=math.nan), seconds=math.inf)
    run = grading_run(student_result("ana", exercise))

    written = read_json(run, tmp_path)["students"][0]["exercises"][0]

    assert (written["score"], written["seconds"]) == (0, 0)
    assert read_csv(run, tmp_path)[1] == ["ana", *NOT_KNOWN, "0", "2", "0"]


def test_any_text_survives_as_utf8(tmp_path: Path) -> None:
    """Hostile text arrives unchanged, but for what UTF-8 can't hold."""
    content = read_json(grading_run(student_result(HOSTILE_TEXT, exercise_result())), tmp_path)

    assert HOSTILE_TEXT.replace("\ud800", "\\ud800") == content["students"][0]["student"]


def test_grades_have_a_column_for_each_exercise(tmp_path: Path) -> None:
    """The head names the exercises; scores are plain numbers."""
    first = exercise_result(outcome(), exercise="ex04_autograd")
    second = exercise_result(outcome(score=0.1 + 0.2), exercise="ex06_manual_update")
    rows = read_csv(grading_run(student_result("ana", first, second)), tmp_path)

    assert rows[0][5:] == ["score", "max_score", "ex04_autograd", "ex06_manual_update"]
    assert rows[1] == ["ana", *NOT_KNOWN, "2.3", "4", "2", "0.3"]


def test_grades_begin_with_who_it_is(tmp_path: Path) -> None:
    """Id, name, e-mail, section, and whether it came late, where that is known."""
    students = [
        student_result("1", name="Jane Smith", email="j@example.org", section="B", late=True),
        student_result("2", late=False),
        student_result("3"),
    ]
    rows = read_csv(grading_run(*students), tmp_path)

    assert rows[0] == ["student", "name", "email", "section", "late", "score", "max_score"]
    assert rows[1][:5] == ["1", "Jane Smith", "j@example.org", "B", "yes"]
    assert [row[4] for row in rows[2:]] == ["no", ""]


BEFORE = ["", " ", "\t", "\r", "\u200b", "a;", "a; ", "a,", "a\t", "a\n", "\uff1b", "a|"]
SIGNS = ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\u2212", "\ufe66"]


def test_no_student_id_is_a_spreadsheet_formula(tmp_path: Path) -> None:
    """An apostrophe stands before a formula, wherever some spreadsheet may begin a cell."""
    pairs = [(before, sign) for before in BEFORE for sign in SIGNS]
    students = [student_result(f"{before}{sign}1-1", exercise_result()) for before, sign in pairs]
    rows = read_csv(grading_run(*students), tmp_path)

    assert [f"{before}'{sign}1-1" for before, sign in pairs] == [row[0] for row in rows[1:]]


def test_no_text_of_a_student_is_a_spreadsheet_formula(tmp_path: Path) -> None:
    """Names, addresses and sections come from students and downloads, too."""
    about = dict.fromkeys(("name", "email", "section"), "=1+1")
    rows = read_csv(grading_run(student_result("=1+1", **about)), tmp_path)

    assert rows[1][:4] == ["'=1+1"] * 4


@pytest.mark.parametrize("student", ["student-01", "M\u00fcller, A.", "a b-c", "x;y", "a@b.org"])
def test_an_ordinary_id_stays_as_it_is(tmp_path: Path, student: str) -> None:
    """Programs find their students by it."""
    rows = read_csv(grading_run(student_result(student, exercise_result())), tmp_path)

    assert student == rows[1][0]


def test_ids_with_quotes_commas_and_newlines_stay_one_cell(tmp_path: Path) -> None:
    """Whatever an id holds, it is read back from its one cell."""
    student = 'a,"b"\nc;\rd'
    rows = read_csv(grading_run(student_result(student, exercise_result())), tmp_path)

    assert [student, *NOT_KNOWN, "0", "0", "0"] == rows[1]
