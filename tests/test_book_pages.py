"""The page of a book: what it says, where its links lead, and that it serves its readers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from book_samples import book, hand_in, scored
from browser import assert_good_page
from read_page import Page
from report_samples import HOSTILE_TEXT
from results_samples import entry, exercise, outcome

from grader.book.pages import lists, page

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

FIRST, LATER = "ex01_losses", "ex03_log_softmax"
HOSTILE_NAME = HOSTILE_TEXT.replace("\x00", "").replace("\ud800", "").replace("\ufffe", "")


def term(folder: Path, students: int = 4) -> Path:
    """Write a book of three hand-ins with all that a page may show; return where it is.

    Names are hostile, and in scripts that run from right to left; somebody is gone, fell, handed in
    nothing, waits, has a fault of the grader; some have pages.
    """
    wrong = exercise(outcome("wrong", mistake="absolute-errors"))
    again = exercise(outcome("wrong", mistake="absolute-errors"), exercise=LATER)
    waiting = [{"name": "q1", "max_score": 5, "score": None}]
    fault = exercise(outcome("grader_fault", score=0.0, max_score=0.0), outcome(), exercise=LATER)
    others = [f"s{number}" for number in range(students)]
    hand_in(
        folder / "week1",
        entry("ana", wrong, name="Ana Li"),
        entry("bo", exercise(manual=waiting), name="محمد الأمين", section="Monday"),
        entry("cy", name=HOSTILE_NAME),
        entry("di", unclaimed=["losses_final.py"]),
        *(scored(each, 5 + n % 5) for n, each in enumerate(others)),
    )
    hand_in(
        folder / "week2",
        entry("ana", again),
        entry("bo", fault),
        entry("cy", exercise(outcome("missing"), exercise=LATER)),
        entry("di", exercise(outcome("missing"), exercise=LATER), unclaimed=["losses_final.py"]),
        *(scored(each, n % 9, 10, LATER) for n, each in enumerate(others)),
    )
    for name, student in (("week1", "ana"), ("week2", "ana"), ("week2", "s1")):
        (folder / name / "students").mkdir(exist_ok=True)
        (folder / name / "students" / f"{student}.html").touch()
    (folder / "week2/index.html").touch()
    hand_in(folder / "week3 ?#", entry("new", name="Ana Li"), scored("s1", 1))
    (folder / "book.toml").write_text("drop_lowest = 1\n", encoding="utf-8")
    book(folder)
    return folder / "book"


def linked(folder: Path, file: Path) -> set[Path]:
    """Return the files that a page links to."""
    tags = Page(file.read_text(encoding="utf-8")).tags
    hrefs = [attrs["href"] or "" for tag, attrs in tags if tag == "a"]
    return {
        (file.parent / unquote(href)).resolve() for href in hrefs if not href.startswith("#")
    } - {folder}


@pytest.mark.parametrize("rows", [200, 3], ids=["on one page", "cut into pages"])
def test_links_lead_to_every_list_and_to_the_pages_that_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    """To a student's page in each hand-in, and to a hand-in's class page."""
    for module in (lists, page):
        monkeypatch.setattr(module, "ROWS", rows)
    folder = term(tmp_path.resolve())
    seen: set[Path] = set()
    left = {folder / "index.html"}
    while left:
        file = left.pop()
        seen.add(file)
        if file.is_relative_to(folder):
            left |= linked(folder, file) - seen

    outside = {each for each in tmp_path.rglob("*.html") if not each.is_relative_to(folder)}
    assert seen == {*outside, *folder.rglob("*.html")}
    assert (folder / "class/by-name~2.html").exists() == (rows == 3)


def test_lists_of_an_earlier_book_are_removed(tmp_path: Path) -> None:
    """Pages of a list that is no longer there would be wrong."""
    folder = term(tmp_path)
    before = {each.name for each in folder.glob("class/*")}
    (tmp_path / "book.toml").write_text("drop_lowest = 0\n", encoding="utf-8")
    for name in ("week2", "week3 ?#"):
        (tmp_path / name / "results.json").rename(tmp_path / f"{name}.json")
    book(tmp_path)

    assert "mistake-absolute-errors.html" in before
    assert not (folder / "class/mistake-absolute-errors.html").exists()


def test_the_page_says_what_is_in_the_book(tmp_path: Path) -> None:
    """In order: what to check, the figures, whom to look at, hand-ins, mistakes, students."""
    words = Page((term(tmp_path) / "index.html").read_text(encoding="utf-8")).words

    assert "9 students in 3 hand-ins" in words
    assert "again by 1 of 1 who made it week1, ex01_losses → week2, ex03_log_softmax (1)" in words
    assert "are not in week3 ?#" in words
    assert "The lowest hand-in is dropped for each student, by percentage." in words
    assert "not final: the grader failed" in words
    assert "handed in nothing" in words


def test_names_and_titles_can_do_no_harm(tmp_path: Path) -> None:
    """They are text, on every page."""
    folder = term(tmp_path)
    pages = [each.read_text(encoding="utf-8") for each in folder.rglob("*.html")]

    assert any("&lt;script&gt;alert(1)" in each for each in pages)
    assert not [each for each in pages if "<script" in each or "<img" in each or "\x1b" in each]
    assert not any(Page(each).unclosed for each in pages)


def test_the_pages_are_good(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On any screen, with any contrast, by keyboard, on paper: the table, and a page of a list."""
    monkeypatch.setattr(lists, "ROWS", 3)
    folder = term(tmp_path)

    assert_good_page(browser, folder / "index.html")
    assert_good_page(browser, folder / "class/by-total~2.html")
