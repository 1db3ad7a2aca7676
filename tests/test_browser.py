"""The pages of a real grading run, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from browser import assert_good_page, opened
from made_up_class import cut_after, made_up_class
from report_samples import grading_run, sample_run, student_result
from the_lab import exercise_named

from grader.reports import write_reports

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page


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


def pages_found(page: Page, folder: Path) -> int:
    """Count the students that a search found; each leads to a page."""
    links = page.locator(".matches a").all()
    files = {folder / unquote(each.get_attribute("href") or "") for each in links}
    assert all(file.is_file() for file in files)
    assert len(files) == len(links)
    return len(files)


def test_everybody_is_found_from_the_class_page(browser: Browser, large_class: Path) -> None:
    """Whichever page of the list a student is on, with and without accents, and as text alone."""
    with opened(browser, large_class / "index.html") as page:
        search, found = page.get_by_label("Find a student"), page.locator(".matches li")
        search.fill("muller ZOE")
        assert found.all_inner_texts() == ["Zo\u00eb M\u00fcller-L\u00fcdenscheidt 38.83 of 46"]
        assert pages_found(page, large_class) == 1
        search.fill("student")  # who has no name, and whose id is a page's name with marks in it
        assert pages_found(page, large_class) > 5
        search.fill("s0")
        assert pages_found(page, large_class) == 35
        search.fill("<script>alert(1)")
        assert "<script>alert(1)</script>" in found.inner_text()
        search.fill("nobody at all")
        assert page.locator(".found").inner_text() == "No student matches."
        search.fill("")
        assert found.count() == 0


HOSTILE = (
    "</script><!--<script>\u2028",
    "\"'&amp;<b>\u202eright\u202c\x00",
    "\U0001f600" * 3,
    "W" * 10_000,
    "Straße Łukasz Ødegård O\u2019Brien",
)


def test_whatever_a_name_is_made_of_it_is_found_and_only_text(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a class on one page, and in one that fills several; by letters that no key is for."""
    mail = "</script>@example.org"
    students = [
        student_result(f"{place}</script>", name=name, email=mail, login=f"u{place}", section=name)
        for place, name in enumerate(HOSTILE)
    ]
    write_reports(grading_run(*students), tmp_path / "small")
    cut_after(2, monkeypatch)
    write_reports(grading_run(*students), tmp_path / "cut")

    for folder, found in (("small", ".roll tbody tr:visible"), ("cut", ".matches li")):
        with opened(browser, tmp_path / folder / "index.html") as page:
            search = page.get_by_label("Find a student")
            for wanted in ("</SCRIPT><!--", "\"'&amp;<B>", "\U0001f600", "w" * 50, "lukasz", "u3"):
                search.fill(wanted)
                assert page.locator(found).count() == 1, wanted
            search.fill("strasse odegard o'brien")
            assert page.locator(found).count() == 1
            search.fill(mail)
            assert page.locator(found).count() == len(students)
            search.fill("example.org")
            assert page.locator(".found").inner_text() == "No student matches."
            search.press("Escape")
            assert search.input_value() == ""
            assert page.locator(".found").inner_text() == ""
            search.fill("script")
            assert pages_found(page, tmp_path / folder) == (len(students) if folder == "cut" else 0)
            page.set_viewport_size({"width": 360, "height": 740})
            assert page.evaluate("document.documentElement.scrollWidth") == 360
    with opened(browser, next((tmp_path / "cut" / "class").glob("by-name*.html"))) as page:
        page.get_by_role("button", name="Student").click()


def test_a_list_is_searched_and_sorted_by_keyboard(browser: Browser, large_class: Path) -> None:
    """By each column, in both directions; what is sorted is said to who does not see it."""
    with opened(browser, large_class / "class" / "by-score~2.html") as page:
        names, head = page.locator(".roll tbody th a"), page.locator("th[data-sort=text]")
        before = names.all_inner_texts()
        head.get_by_role("button").focus()
        page.keyboard.press("Enter")
        up = names.all_inner_texts()
        page.keyboard.press("Space")
        down = names.all_inner_texts()
        assert before != up
        assert up == down[::-1]
        assert sorted(before) == sorted(up)
        assert head.get_attribute("aria-sort") == "descending"
        assert "Sorted by Student, descending." in page.get_by_role("status").all_inner_texts()
        page.get_by_role("button", name="Score").click()
        points = page.locator(".roll tbody td.score b").all_inner_texts()
        assert list(map(float, points)) == sorted(map(float, points))
        page.get_by_label("Find a student on this page").fill(before[0])
        shown = page.locator(".roll tbody tr:visible th a").all_inner_texts()
        assert before[0] in shown
        assert len(shown) < len(before)


def test_without_script_nothing_is_lost(browser: Browser, large_class: Path) -> None:
    """Every link is there, and nothing that would do nothing."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((large_class / "index.html").as_uri())
        assert page.locator(".sheets a").count() > 3
        assert page.locator("input:visible, button:visible, .finder:visible").count() == 0


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
