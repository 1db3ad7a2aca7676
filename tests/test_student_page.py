"""The student's page: what it says first, how it takes a message apart, what it folds."""

from __future__ import annotations

import base64

import pytest
from msgspec.structs import replace
from report_samples import exercise_result, grading_run, outcome, student_result
from the_lab import LAB

from grader.courses.declared.table import read_table
from grader.courses.mistakes import known_mistakes
from grader.reports.code.markup import harmless
from grader.reports.code.notebook_view import notebook_view
from grader.reports.code.room import Room
from grader.reports.student.messages import Paragraph, message_view
from grader.reports.student.next_step import next_step
from grader.reports.student.student_page import student_page
from grader.results.message import Message, Value
from grader.results.saved_notebook import CellKind, NotebookCell, Output, OutputKind
from grader.results.verdicts import SourceCode, TestResult, Verdict

TINY_PNG = "".join(
    (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
        "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    )
)
PIXELS = base64.b64decode(TINY_PNG)
WIDTH = slice(16, 20)  # the bytes of a PNG that say how wide it is
HUGE_PNG = base64.b64encode(
    PIXELS[: WIDTH.start] + (100_000).to_bytes(4) + PIXELS[WIDTH.stop :]
).decode()


def wrong(points: float, mistake: str | None = None, **changes: object) -> TestResult:
    """Return a failed test that is worth some points."""
    return outcome(Verdict.WRONG, max_score=points, mistake=mistake, **changes)


def test_the_mistake_that_costs_most_comes_first() -> None:
    """Points are added up over the tests that a mistake fails; what passed does not count."""
    first = exercise_result(wrong(3), outcome(), exercise="ex01_losses")
    second = exercise_result(
        wrong(2, "step-uphill"), wrong(2, "step-uphill"), wrong(3, "lr-missing")
    )
    step = next_step(student_result("ana", first, second), LAB)

    assert step is not None
    assert (step.anchor, step.gain) == ("ex06_manual_update", "4 points")
    assert step.hint is not None


def test_a_test_that_gave_part_of_its_points_says_so() -> None:
    """It is wrong, the page says how many it gave, and only the rest is still to be had."""
    part = wrong(4, score=2.0, message="`f()`: 62% are recognised.\nIt reaches step 2 of 3.")
    result = student_result("ana", exercise_result(outcome(), part))
    (section,) = student_page(result, grading_run(result)).exercises
    (line,) = section.tests.open
    step = next_step(result, LAB)

    assert (line.points, line.mark.words) == ("2 of 4", "wrong")
    assert [each.text for each in line.message.paragraphs] == part.message.text.split("\n")
    assert (result.score, result.max_score) == (4.0, 6.0)
    assert step is not None
    assert step.gain == "2 points"


def test_what_was_tried_comes_before_what_was_not() -> None:
    """A stub costs more and needs no advice; with nothing but stubs, the first one is next."""
    stubs = [outcome(Verdict.NOT_STARTED, max_score=9.0) for _ in range(2)]
    stub = exercise_result(*stubs, exercise="ex01_losses")
    tried = next_step(student_result("ana", stub, exercise_result(wrong(1))), LAB)
    untouched = next_step(student_result("ana", stub, stub), LAB)

    assert tried is not None
    assert untouched is not None
    assert (tried.anchor, untouched.anchor) == ("ex06_manual_update", "ex01_losses")
    assert (tried.gain, untouched.gain) == ("1 point", "18 points")


@pytest.mark.parametrize(
    ("verdict", "whole", "part"),
    [
        (Verdict.NOT_STARTED, "Start here.", "A part of this is not written yet."),
        (Verdict.MISSING, "No file for it was found", "A function is missing in the file."),
    ],
)
def test_an_exercise_that_is_written_in_part_is_not_to_be_started(
    verdict: Verdict, whole: str, part: str
) -> None:
    """Its file is there, and most of it may be right."""
    absent, passed = outcome(verdict), outcome(Verdict.PASSED)
    nothing = next_step(student_result("ana", exercise_result(absent, absent)), LAB)
    some = next_step(student_result("ana", exercise_result(absent, passed)), LAB)

    assert nothing is not None
    assert some is not None
    assert whole in nothing.what
    assert some.what == part


def test_what_is_not_started_has_its_hints_once_folded_away() -> None:
    """With the first test of a function, in its section and in what to do next."""
    one = outcome(Verdict.NOT_STARTED, name="a", raised="build_model", max_score=1.0)
    other = outcome(Verdict.NOT_STARTED, name="b", raised="batch_loss", max_score=1.0)
    twice = [one, replace(one, name="c"), other, replace(one, name="d", raised="unknown")]
    result = student_result("ana", exercise_result(*twice, exercise="ex03_log_softmax"))
    (section,) = student_page(result, grading_run(result)).exercises
    lines, step = section.tests.folded, next_step(result, LAB)
    starts = read_table(LAB.folder).starts["ex03_log_softmax"]

    assert [line.hint.text if line.hint else "" for line in lines] == [
        starts["build_model"][0],
        "",
        starts["batch_loss"][0],
        "",
    ]
    assert step is not None
    assert step.hint is not None
    assert step.hint.following is not None
    assert step.hint.following.text == starts["build_model"][1]


def test_a_mistake_that_has_a_name_comes_before_what_follows_from_it() -> None:
    """Nameless tests cost more, in the same exercise and in another."""
    first = exercise_result(wrong(1, "step-uphill"), outcome(Verdict.CRASHED, max_score=5.0))
    second = exercise_result(wrong(9), exercise="ex01_losses")
    step = next_step(student_result("ana", second, first), LAB)

    assert step is not None
    assert (step.anchor, step.gain) == ("ex06_manual_update", "1 point")
    assert step.what == known_mistakes(LAB)["step-uphill"].sentence


def test_a_mistake_that_a_public_check_names_is_what_comes_next() -> None:
    """The hidden tests that have no name for what they see are about the same exercise."""
    check = wrong(0, "step-uphill", public=True)
    unnamed, stub = exercise_result(check, wrong(2)), outcome(Verdict.NOT_STARTED, max_score=3.0)
    step = next_step(student_result("ana", unnamed), LAB)
    other = next_step(student_result("ana", exercise_result(check, stub)), LAB)

    assert step is not None
    assert other is not None
    assert (step.what, step.gain) == (known_mistakes(LAB)["step-uphill"].sentence, "2 points")
    assert other.hint is None


def test_a_misspelt_function_is_told_as_what_was_tried() -> None:
    """It counts as missing, and is there under a name that the message says."""
    said = Message("The file has no `build_model`; did you mean your `bulid_model`?")
    missing = outcome(Verdict.MISSING, max_score=1.0, mistake="name-misspelt", message=said)
    absent = exercise_result(outcome(Verdict.MISSING, max_score=9.0), exercise="ex01_losses")
    step = next_step(student_result("ana", absent, exercise_result(missing)), LAB)

    assert step is not None
    assert (step.anchor, step.said) == ("ex06_manual_update", said.text)


@pytest.mark.parametrize("verdict", [Verdict.PASSED, Verdict.GRADER_FAULT])
def test_where_nothing_is_to_be_mended_nothing_comes_next(verdict: Verdict) -> None:
    """Full points, and faults that are not the student's, ask for nothing."""
    assert next_step(student_result("ana", exercise_result(outcome(verdict))), LAB) is None


def test_numbers_are_shown_from_the_first_that_differs_on() -> None:
    """A public check's numbers stand side by side, few of them, the wrong ones marked."""
    came, expected = (Value("(8,) float32", tuple(f"1234567{last}")) for last in (9, 8))
    said = message_view(Message("gave 8", "`f(x)`", came=came, expected=expected), "", {})

    assert said.paragraphs == (Paragraph("`f(x)` gave 8", False, ""),)
    assert said.comparison is not None
    places = {each.place: each.css for each in said.comparison.numbers}
    assert places == {"2": "", "3": "", "4": "", "5": "", "6": "", "7": "differs"}


def test_a_messages_parts_are_told_apart() -> None:
    """Sentences are prose, code and tables keep their spaces, places in the code are links."""
    raised = Message("raised E.", "It", "ex.py:3", "x = 1", "name  shape\ndW    (2, 3)")
    said = message_view(raised, "", {"ex.py:3": "#l"})

    assert said.paragraphs == (
        Paragraph("It raised E.", False, ""),
        Paragraph("ex.py:3", False, "#l"),
        Paragraph("    x = 1\nname  shape\ndW    (2, 3)", True, ""),
    )


def test_what_is_all_right_or_not_begun_is_folded() -> None:
    """A passed exercise is one line; of an untouched one, the message that all tests share."""
    stubs = [outcome(Verdict.NOT_STARTED, message=f"ex.py:{line} raises") for line in (1, 2)]
    check = outcome(Verdict.NOT_STARTED, public=True)
    result = student_result("ana", exercise_result(outcome()), exercise_result(*stubs, check))
    passed, untouched = student_page(result, grading_run(result)).exercises

    assert (passed.folded, untouched.folded) == (True, False)
    assert untouched.tests.open == ()
    assert untouched.tests.summary == "2 tests and 1 check that this concerns"


def test_marked_lines_of_a_notebook_are_found_by_cell() -> None:
    """A message's `cell 2, line 1` leads to the line that is marked there."""
    cells = [
        NotebookCell(kind=CellKind.CODE, text="x = 1\ny = 2", first_line=1),
        NotebookCell(kind=CellKind.MARKDOWN, text="text"),
        NotebookCell(kind=CellKind.CODE, text="x.nothing", first_line=5),
    ]
    code = SourceCode(text="", marked_lines=(6,), cells=tuple(cells))
    test = wrong(1, message=Message("It raised.", where="ex.ipynb, cell 2, line 1"))
    exercise = exercise_result(test, source="ex.ipynb", code=code)
    (section,) = student_page(student_result("ana", exercise), grading_run()).exercises

    href = section.tests.open[0].message.paragraphs[1].href
    marked = [each for cell in section.cells for each in cell.stretches if each.anchor]
    assert [each.html.striptags() for each in marked] == ["1x.nothing"]
    assert href == f"#{marked[0].anchor}"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<style>body{display:none}</style>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><a href='javascript:x'>",
        "<iframe src='https://example.org'></iframe><base href='https://example.org'>",
        "<a href='javascript:alert(1)'>",
        "<form action='https://example.org'><button formaction=x>",
        "<math><mi xlink:href='data:x'>",
        "<meta http-equiv=refresh content='0;url=https://example.org'>",
        "<p id=x class=y style='position:fixed' onclick=z>",
        "<h1 id=top>",
    ],
)
def test_html_of_a_notebook_loses_all_that_acts(hostile: str) -> None:
    """No attribute is left, and no tag that does more than set text."""
    clean = harmless(hostile)

    assert "=" not in clean.replace('class="heading"', "")
    assert "alert" not in clean
    assert not [tag for tag in ("script", "style", "img", "svg", "<a", "meta") if tag in clean]


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (TINY_PNG, True),
        ("<svg onload=alert(1)>", False),
        ("R0lGODlhAQABAAAAACw=", False),
        (HUGE_PNG, False),
    ],
    ids=["png", "text", "gif", "huge"],
)
def test_only_a_png_of_a_size_that_fits_is_shown(content: str, shown: bool) -> None:
    """An image is recognised by its bytes, never by what the notebook calls it."""
    output = Output(kind=OutputKind.PNG, content=content)
    code = SourceCode(
        text="", cells=(NotebookCell(kind=CellKind.CODE, text="", outputs=(output,)),)
    )
    (view,) = notebook_view(code, {}, Room())[0].outputs

    assert bool(view.image) == shown
    assert bool(view.note) != shown
