"""Points that a fault of the grader kept from being judged: nobody reads them as earned."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from read_page import Page
from report_samples import exercise_result, grading_run, outcome, student_result
from the_lab import LAB, exercise_named

from grader.commands.shown.progress import student_line
from grader.reports import write_reports
from grader.reports.classes.summary import summary_lines
from grader.reports.marks import score_of, unjudged
from grader.results.verdicts import StudentResult, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results.verdicts import ExerciseResult

FULL = re.compile(r"(?<!to )100 ?%|all passed|[Aa]ll right|graded is right")
BAR = '<span class="bar" aria-hidden="true"><span style="width: 100%'


def faulty() -> ExerciseResult:
    """Return an exercise with 7 of 7 points, and 3 that were not judged."""
    passed = outcome(score=7.0, max_score=7.0)
    return exercise_result(passed, outcome(Verdict.GRADER_FAULT, max_score=3.0))


def ana() -> StudentResult:
    """Return a student who has one such exercise."""
    return student_result("ana", faulty())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the reports of the student, and the terminal's lines beside them."""
    output = tmp_path_factory.mktemp("reports")
    run = grading_run(ana())
    written = write_reports(run, output, anonymous=True)
    lines = [*summary_lines(written, run, output), student_line(ana(), LAB)]
    (output / "terminal.txt").write_text("\n".join(lines), encoding="utf-8")
    return output


def words_of(page: Path) -> str:
    """Return what a page says."""
    return Page(page.read_text(encoding="utf-8")).words


def test_the_students_page_says_what_was_not_judged(folder: Path) -> None:
    """In its title, on top, and with the exercise."""
    page = folder / "students" / "ana.html"
    words = words_of(page)

    assert words.count("7 of 7 points judged; 3 points not judged") == 2
    assert "7 of 7 judged, 3 not" in words
    assert "Everything that could be judged is right. The rest is not judged yet." in words


def test_the_class_says_it_wherever_the_score_stands(folder: Path) -> None:
    """On the class page, on its lists, and in the terminal."""
    lists = [words_of(page) for page in folder.glob("class/*.html")]
    terminal = (folder / "terminal.txt").read_text(encoding="utf-8")

    assert all(
        "7 of 7 judged, 3 not" in words for words in [words_of(folder / "index.html"), *lists]
    )
    assert "7 of 7 judged, 3 not judged" in terminal
    assert "not all of their points were judged" in terminal
    assert lists


def test_nothing_reads_as_full_marks(folder: Path) -> None:
    """No bar is full, no statistic counts it, and no line says that all passed."""
    pages = [page.read_text(encoding="utf-8") for page in folder.rglob("*.html")]
    said = [*(Page(html).words for html in pages), (folder / "terminal.txt").read_text("utf-8")]

    assert [found for words in said for found in FULL.findall(words)] == []
    assert not any(BAR in page.read_text("utf-8") for page in folder.glob("[sc]*/*.html"))
    assert "mean score" not in words_of(folder / "index.html")


def test_the_numbers_for_programs_stay_and_a_note_says_it(folder: Path) -> None:
    """A fault counts in neither score nor maximum."""
    (student,) = json.loads((folder / "results.json").read_text(encoding="utf-8"))["students"]

    assert (student["score"], student["max_score"]) == (7, 7)
    assert "ex06_manual_update: 3 points not judged" in student["notes"][-1]


def test_an_exercise_that_was_not_judged_at_all_has_its_points() -> None:
    """Where no test could be run, it is the exercise's own points that are left."""
    fault = outcome(Verdict.GRADER_FAULT, name="grading", max_score=0.0)
    lost = exercise_result(fault, exercise="ex04_autograd")
    score = score_of(student_result("ana", lost, exercise_result(outcome())), LAB)

    assert unjudged(lost, LAB) == exercise_named("ex04").points
    assert score.words == "2 of 2 points judged; 10 points not judged"
    assert score.share != "100%"
    assert unjudged(exercise_result(outcome(), outcome(Verdict.WRONG)), LAB) == 0
