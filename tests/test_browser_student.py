"""Students' pages in a real browser: of a real run, and with every picture and hostile text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import UNFOLD, assert_good_page, opened
from msgspec.structs import replace
from read_page import page_of
from report_samples import HOSTILE_TEXT, exercise_result, grading_run, outcome, student_result
from test_student_page import TINY_PNG

from grader.reports import write_reports
from grader.results.message import Message, Value
from grader.results.pictures import (
    Confusion,
    Descent,
    Digit,
    DigitRow,
    Gradient,
    GradientBars,
    LossCurves,
    ProbabilityShares,
)
from grader.results.saved_notebook import CellKind, NotebookCell, Output, OutputKind
from grader.results.verdicts import SourceCode, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from grader.results.verdicts import ExerciseResult, StudentResult

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)><style>*{display:none}</style>"
MARKDOWN = f"# Title {MARKUP}\n\n[link](javascript:alert(3)) ![i](https://example.org/x.png)\n\n"
NAME = f"\u0645\u062d\u0645\u062f {HOSTILE_TEXT}"
PICTURES = (
    LossCurves((2.0, 9e9, None, 1.0), (2.0, 1.5, 1.2, 1.0), "batch"),
    LossCurves((2.0, 1.0), (), "part of the training", alike=False),
    Descent("x²", ((-1.0, 1.0), (0.0, 0.0), (1.0, 1.0)), ((1.0, 1.0), (9.0, 81.0)), ((1.0, 1.0),)),
    GradientBars((Gradient("dW", "(2,)", (1.0, None), (1.0, -2.0), right=False),) * 2),
    Confusion(((3, 0), (1, 2)), ((3, 1), (0, 2))),
    DigitRow((Digit(bytes(range(256)) * 3 + bytes(16), 3, (None,) + (0.1,) * 9),) * 3),
    ProbabilityShares(((0.5, None), (0.5, 0.1))),
)


def notebook() -> SourceCode:
    """Return a notebook with everything in it that could act."""
    kinds = {OutputKind.TEXT: f"\x1b[31m{MARKUP}\u202e", OutputKind.HTML: MARKUP + "<table><th>a"}
    kinds |= {OutputKind.PNG: TINY_PNG, OutputKind.ERROR: MARKUP, OutputKind.LEFT_OUT: "1 KB"}
    outputs = tuple(Output(kind=kind, content=content) for kind, content in kinds.items())
    cells = (
        NotebookCell(kind=CellKind.MARKDOWN, text=MARKDOWN),
        NotebookCell(kind=CellKind.CODE, text=f"x = '{MARKUP}'", outputs=outputs, first_line=1),
        NotebookCell(kind=CellKind.RAW, text=MARKUP),
    )
    return SourceCode(text=MARKUP, marked_lines=(2,), cells=cells, digest="0" * 64)


def hostile_exercise() -> ExerciseResult:
    """Return an exercise whose every text is hostile, with every picture."""
    place, code = "ex.ipynb, cell 1, line 1", f"{MARKUP}{'long.' * 99}"
    said = Message(f"{HOSTILE_TEXT} `{MARKUP}`", where=place, code=code)
    sides = Value(f"(2,) float32{MARKUP}", ("1", "nan")), Value("(2,) float32", ("1", "2"))
    compared = replace(said, came=sides[0], expected=sides[1])
    check = outcome(Verdict.WRONG, name="check", public=True, message=compared)
    failed = outcome(Verdict.WRONG, title=HOSTILE_TEXT, message=said)
    drawn = outcome(name="drawn", public=True, pictures=PICTURES)
    result = exercise_result(failed, check, drawn, source="ex.ipynb", code=notebook())
    return replace(result, notes=(HOSTILE_TEXT,), printed=HOSTILE_TEXT)


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of a student whose every text is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    result: StudentResult = student_result(NAME, hostile_exercise(), notes=(HOSTILE_TEXT,))
    assert write_reports(grading_run(result), folder).withheld == ()
    return page_of(folder, NAME)


def test_nothing_of_a_submission_acts(browser: Browser, hostile_page: Path) -> None:
    """No script runs, nothing is asked for, nothing is hidden; and the page is a good one."""
    assert_good_page(browser, hostile_page)


def test_what_a_submission_says_is_text(browser: Browser, hostile_page: Path) -> None:
    """The browser has made no element of it: neither of names, nor of outputs and exceptions."""
    with opened(browser, hostile_page) as page:
        page.evaluate(UNFOLD)
        made = page.evaluate("document.body.querySelectorAll('script, style, iframe, form').length")
        sources = page.evaluate("[...document.images].map(each => each.src.slice(0, 22))")
        links = page.evaluate("[...document.links].map(each => each.getAttribute('href')[0])")

        assert made == 0
        assert set(sources) == {"data:image/png;base64,"}
        assert set(links) == {"#"}
        assert "<script>alert(1)</script>" in page.inner_text("h1")


def test_each_picture_says_in_words_what_it_shows(browser: Browser, hostile_page: Path) -> None:
    """Whoever can't see a drawing hears its title and its numbers; no number is NaN."""
    with opened(browser, hostile_page) as page:
        page.evaluate(UNFOLD)
        drawings = page.get_by_role("img").filter(has=page.locator("desc"))
        words = page.evaluate("[...document.querySelectorAll('svg desc')].map(e => e.textContent)")

        assert drawings.count() == len(PICTURES) + 2
        assert all(words)
        assert "NaN" not in page.inner_text("main").replace("[1, nan]", "")


@pytest.mark.parametrize("student", ["student-11", "student-12"])
def test_students_pages_of_the_demo_are_good(
    browser: Browser, graded_demo: tuple[Path, str], student: str
) -> None:
    """Timed out, and notebooks: the pages serve readers on any screen."""
    assert_good_page(browser, graded_demo[0] / "students" / f"{student}.html")


def test_a_line_that_an_error_names_is_reached_from_its_message(
    browser: Browser, hostile_page: Path
) -> None:
    """The link in the message opens the folded code and leads to the line that is marked."""
    with opened(browser, hostile_page) as page:
        page.get_by_role("link", name="ex.ipynb, cell 1, line 1").first.click()

        assert page.locator(".marked").is_visible()
