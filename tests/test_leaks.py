"""The leak checker: what a page may not show, and what it may."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from read_page import Page
from report_samples import exercise_result, grading_run, outcome, sample_run, student_result
from the_lab import LAB, exercise_named

from grader.courses import resource
from grader.leaks import _unescaped, find_leak
from grader.reports import write_reports
from grader.reports.pages import Pages
from grader.results.pictures import ProbabilityShares
from grader.results.verdicts import SourceCode, StudentResult, TestResult, Verdict

if TYPE_CHECKING:
    from pathlib import Path

SUITE_LINE = 'given = expect(answer["output"]).tensor(shape=(7, 10))'
SOLUTION_LINE = "return running_loss / len(loader)"
PICTURE = ProbabilityShares(((0.5, 0.5),))


def one(test: TestResult, code: str = "") -> StudentResult:
    """Return a student with one test and some code."""
    return student_result("ana", exercise_result(test, code=SourceCode(text=code)))


def leak_of(result: StudentResult) -> str:
    """Return what is found on the page of a student."""
    leak = find_leak(Pages().student(result, grading_run(result)), result, LAB)
    return leak.what if leak else ""


def failed(message: str, **changes: object) -> TestResult:
    """Return a hidden test that says something."""
    return outcome(Verdict.WRONG, message=message, **changes)


def test_the_lines_of_these_tests_are_where_they_are_said_to_be() -> None:
    """What follows is about a real suite and a real solution."""
    suite = exercise_named("lab_training").hidden_suite.read_text()
    solution = (resource("solutions") / "ex08_training_loop.py").read_text()

    assert SUITE_LINE in suite
    assert SOLUTION_LINE in solution


@pytest.mark.parametrize("shown", ["{}", "x = 1\n    {}\n", "it says `{}` there"])
def test_a_line_of_a_hidden_suite_is_found(shown: str) -> None:
    """It is found between other words, indented, and set as code, and its place is named."""
    assert leak_of(one(failed(shown.format(SUITE_LINE)))).endswith("of hidden/lab_training.py")


def test_a_line_of_a_solution_is_found_where_it_is_not_the_students() -> None:
    """A right solution may be spelled like ours; one that was not handed in may not be shown."""
    message = failed(f"like this: {SOLUTION_LINE}")

    assert leak_of(one(message)).endswith("of solutions/ex08_training_loop.py")
    assert leak_of(one(message, code=f"def f(x):\n\t{SOLUTION_LINE}")) == ""


def test_a_line_is_found_among_the_colours_of_a_listing() -> None:
    """A listing that shows a solution in the place of the student's file is found out."""
    listed = one(outcome(), code=f"def f(x):\n    {SOLUTION_LINE}\n")
    page = Pages().student(listed, grading_run(listed))

    assert SOLUTION_LINE not in page
    assert find_leak(page, one(outcome(), code="def f(x): ..."), LAB) is not None


@pytest.mark.parametrize("secret", ["tensor([[0.1, 2.0]])", "[3, 0, 3, 1, 0]", "it was 0.31271"])
def test_numbers_of_a_hidden_test_are_found(secret: str) -> None:
    """Only a public check may show data and expected values."""
    public = failed(secret, public=True)

    assert leak_of(one(failed(secret))).startswith("values of the hidden test")
    assert leak_of(one(public)) == ""


def test_a_picture_of_a_hidden_test_is_found() -> None:
    """Pictures show numbers, so a hidden test has none."""
    assert "hidden test" in leak_of(one(failed("no", pictures=(PICTURE,))))
    assert leak_of(one(failed("no", public=True, pictures=(PICTURE,)))) == ""


def test_a_page_with_a_leak_is_not_written(tmp_path: Path) -> None:
    """A page that says so stands in its place, and is tried again by the next run."""
    ana = one(failed(SUITE_LINE))
    for _ in range(2):
        (withheld,) = write_reports(grading_run(ana), tmp_path).withheld
        page = (tmp_path / "students" / "ana.html").read_text()

        assert withheld.student == "ana"
        assert "withheld because of a fault of the grader" in page
        assert "shape=(7" not in page


def test_the_class_page_names_whose_page_is_withheld(tmp_path: Path) -> None:
    """It stands among the faults of the grader, and goes when the leak is gone."""
    write_reports(grading_run(one(failed(SUITE_LINE))), tmp_path)
    words = Page((tmp_path / "index.html").read_text(encoding="utf-8")).words

    assert "Faults of the grader" in words
    assert re.search(r"Pages withheld They would have shown line \d+ of hidden/\S+ ana", words)

    write_reports(grading_run(one(failed("no"))), tmp_path)
    assert "withheld" not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_pages_of_every_kind_pass(tmp_path: Path) -> None:
    """The sample class has no leak."""
    assert write_reports(sample_run(), tmp_path).withheld == ()


def test_whatever_is_on_a_page_is_searched() -> None:
    """A line of ours is found in what was printed, and in notes on the student and on the work."""
    result = exercise_result(outcome())
    printed = student_result("ana", replace(result, printed=f"0.31271\n{SUITE_LINE}\n"))
    noted = student_result("ana", replace(result, notes=(SUITE_LINE,)))
    told = student_result("ana", result, notes=(SUITE_LINE,))

    assert [bool(leak_of(each)) for each in (printed, noted, told)] == [True] * 3
    assert leak_of(student_result("ana", replace(result, printed="0.31271"))) == ""


def test_numbers_in_a_note_are_found() -> None:
    """Notes come from the judge without data; a name of a file in one may have digits."""
    result = exercise_result(outcome())
    noted = replace(result, notes=("cell 3: ValueError: [0.5, 0.25, 3, 1, 0]",))
    named = replace(result, notes=("work-20261125153000.zip was opened",))

    assert leak_of(student_result("ana", noted)).startswith("values in a note")
    assert leak_of(student_result("ana", named)) == ""


@pytest.mark.parametrize(
    "text",
    [
        "a &lt; b &amp;&amp; c",
        "&amp;lt;",
        "&quot;&#34;&#39;",
        "&nbsp;&amp;nbsp;",
        "a & b",
        "&amp;#39;",
    ],
)
def test_a_page_is_searched_as_a_reader_sees_it(text: str) -> None:
    """Each entity is read once, our own as well as others."""
    assert _unescaped(text) == html.unescape(text)
