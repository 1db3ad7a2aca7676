"""The pages of a real grading run, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import assert_good_page
from made_up_class import cut_after, made_up_class
from report_samples import grading_run, sample_run
from the_lab import exercise_named

from grader.reports import write_reports

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


def test_the_class_page_is_good(browser: Browser, graded_demo: tuple[Path, str]) -> None:
    """The demo's class page serves readers on any screen, with any contrast, by keyboard."""
    output, _ = graded_demo

    assert_good_page(browser, output / "index.html")


@pytest.fixture(scope="module")
def large_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the reports of a class that fills more than one page, and has all that can go wrong.

    It was stopped. There are faults of the grader, files that can't be read or are not recognised,
    hostile texts and names in scripts that run from right to left. Wrong answers are shared.
    """
    folder = tmp_path_factory.mktemp("large")
    students = [*sample_run().students, *made_up_class(35, [exercise_named("ex04")])]
    left = tuple(f"Student who is left {number}" for number in range(30))
    with pytest.MonkeyPatch.context() as patch:
        cut_after(30, patch)
        write_reports(grading_run(*students, ungraded=left), folder, anonymous=True)
    assert 'class="shared-answers"' in (folder / "index.html").read_text(encoding="utf-8")
    return folder


PAGES = (
    "index.html",
    "anonymous.html",
    "class/by-score~2.html",
    "class/mistake-half-of-x.html",
    "class/not-handed-in.html",
)


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_a_large_class_are_good(browser: Browser, large_class: Path, name: str) -> None:
    """So are the pages into which a large class is cut, and the one to show in class."""
    assert_good_page(browser, large_class / name)


FAULTS = {
    "console": ("<a href='#x' onclick=''>Link</a>", "inline event handler"),
    "request": ("<img alt='' src='other.png'>", "other.png"),
    "contrast": ("<p style='color: #999'>Pale.</p>", "color-contrast"),
    "too wide": ("<p style='width: 1000px'>Wide.</p>", "hidden at a width of 360"),
    "no keyboard": ("<a href='#x' tabindex='-1'>Link</a>", "tabindex"),
    "focus not seen": ("<a href='#x' style='outline: none'>Link</a>", "outline"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_with_a_fault_is_not_good(browser: Browser, tmp_path: Path, fault: str) -> None:
    """The check finds each fault that it looks for."""
    html, words = FAULTS[fault]
    file = tmp_path / "page.html"
    policy = "<meta http-equiv='Content-Security-Policy' content=\"script-src 'none'\">"
    text = f"<!doctype html><html lang='en'><head>{policy}<title>Page</title></head><body>{html}"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(AssertionError, match=words):
        assert_good_page(browser, file)
