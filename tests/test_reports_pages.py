"""The pages: what they say, and that nothing a submission holds can act in them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from made_up_class import cut_after
from read_page import Page, page_of
from report_samples import (
    HOSTILE_TEXT,
    exercise_result,
    grading_run,
    outcome,
    sample_run,
    student_result,
)
from the_lab import LAB

from grader.courses import resource
from grader.courses.mistakes import Mistake, known_mistakes
from grader.reports import write_reports
from grader.reports.script import list_script, script_source
from grader.results.page_names import page_names
from grader.results.verdicts import SourceCode, Verdict
from grader.text.wording import number, printable

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results.verdicts import ExerciseResult


def student_html(folder: Path, *exercises: ExerciseResult, student: str = "ana") -> str:
    """Return the page of a student with these exercises."""
    write_reports(grading_run(student_result(student, *exercises)), folder)
    return page_of(folder, student).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sample_pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return every page of the sample run, by its path in the output folder."""
    folder = tmp_path_factory.mktemp("reports")
    write_reports(sample_run(), folder)
    pages = folder.rglob("*.html")
    return {page.relative_to(folder).as_posix(): page.read_text("utf-8") for page in pages}


def test_pages_load_nothing_and_run_nothing(sample_pages: dict[str, str]) -> None:
    """No page has an event handler, an image or an address outside of itself; lists have a script.

    It is ours, and no other may run beside what a submission holds; students' pages have none.
    """
    for name, html in sample_pages.items():
        scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
        lists = name == "index.html" or name.startswith("class/")
        assert scripts == [str(list_script())] * lists
        assert html.count("<script") == lists
        for tag, attrs in Page(html).tags:
            assert tag not in {"img", "iframe", "object", "form", "base"}
            assert not [name for name in attrs if name.startswith("on") or name == "src"]
            assert re.match(
                r"#|data:,|(\.\./)?students/[\w~%.-]+|(class/)?[\w~%.-]+\.html|\.\./index\.html",
                attrs.get("href") or "#",
            )


def test_pages_forbid_what_they_do_not_need(sample_pages: dict[str, str]) -> None:
    """Each page states a content security policy before anything else can load."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    for html in sample_pages.values():
        metas = [attrs for tag, attrs in Page(html).tags if tag in {"meta", "link", "style"}]
        active = [attrs for attrs in metas if {"charset", "name"}.isdisjoint(attrs)]
        assert active[0]["http-equiv"] == "Content-Security-Policy"
        assert (active[0]["content"] or "").startswith(policy)
        allowed = f"; script-src {script_source()}"
        assert (allowed in (active[0]["content"] or "")) == ("<script>" in html)
        assert "script" not in (active[0]["content"] or "").replace(allowed, "")


def test_names_end_no_data_that_a_search_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a name is made of, it is in the data of a large class as the page shows it."""
    cut_after(5, monkeypatch)
    write_reports(sample_run(), tmp_path)
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    data = re.findall(r'<script type="application/json" id="class-index">(.*?)</script>', html)

    assert len(data) == 1
    assert not set("<>&\u2028") & set(data[0])
    rows = json.loads(data[0])["students"]
    assert len(rows) == len(sample_run().records)
    assert printable(HOSTILE_TEXT) in {row[1] for row in rows}


def test_pages_are_well_formed(sample_pages: dict[str, str]) -> None:
    """Every tag is closed in its order, whatever text stands between."""
    for html in sample_pages.values():
        assert Page(html).unclosed == []
        assert html.startswith("<!doctype html>")


def test_pages_hold_no_control_characters(sample_pages: dict[str, str]) -> None:
    """Bells, terminal sequences, NULs and C1 controls are gone from every page."""
    for html in sample_pages.values():
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]|\[31m", html)


def test_hostile_text_is_shown_and_not_obeyed(sample_pages: dict[str, str]) -> None:
    """Tags and template code in a title, a message, a note or an id are read as text."""
    name = page_names(sample_run().records)[HOSTILE_TEXT]
    page = Page(sample_pages[f"students/{name}"])

    expected = "<script>alert(1)</script></style></title><img src=x onerror=alert(2)> {{ 7 * 7 }}"
    assert page.text.count(expected) >= 6


def test_student_page_names_no_other_student(sample_pages: dict[str, str]) -> None:
    """A page that is handed to a student holds nothing of the others and no link to them."""
    html = sample_pages["students/student-05.html"]

    assert "student-01" not in html
    assert "index.html" not in html


@pytest.mark.parametrize(
    ("value", "said"), [(15.0, "15"), (7.5, "7.5"), (10 / 3, "3.33"), (0.0, "0"), (100.0, "100")]
)
def test_scores_have_no_needless_digits(value: float, said: str) -> None:
    """A score is said with the digits that it needs, two decimals at most."""
    assert said == number(value)


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.GRADER_FAULT])
def test_each_verdict_has_words_and_a_sign(tmp_path: Path, verdict: Verdict) -> None:
    """A verdict can be read without its colour."""
    page = Page(student_html(tmp_path, exercise_result(outcome(verdict))))

    assert re.search(rf"\S {verdict.words} ", page.words)
    assert "sign" in {css for _, a in page.tags for css in (a.get("class") or "").split()}


def test_message_keeps_its_lines(tmp_path: Path) -> None:
    """Line breaks, and indentation within a piece of code, are in the page as they were."""
    test = outcome(Verdict.WRONG, message="gave:\n    if 1 < 2:\n      pass\nThen this.")
    page = Page(student_html(tmp_path, exercise_result(test)))

    assert "gave:\nif 1 < 2:\n  pass\nThen this." in re.sub(r"\n+", "\n", page.text)


def test_recognised_mistake_is_named(tmp_path: Path) -> None:
    """The slug of the mistake stands with the test."""
    test = outcome(Verdict.WRONG, message="no", mistake="sum-not-mean")

    assert "sum-not-mean" in Page(student_html(tmp_path, exercise_result(test))).words


def test_hint_unfolds_step_by_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step of a hint is folded inside the step before it."""
    known = Mistake("sum-not-mean", "It is the sum.", ("remind", "point at `lr`", "almost"))
    monkeypatch.setitem(known_mistakes(LAB), known.slug, known)
    test = outcome(Verdict.WRONG, mistake=known.slug)
    html = student_html(tmp_path, exercise_result(test))

    test_part = html[html.index('<ul class="tests">') :]
    steps = r"<details class=\"hint\">|remind|point at <code>lr</code>|almost"
    folded = re.findall(steps, test_part)
    fold = '<details class="hint">'
    assert folded == [fold, "remind", fold, "point at <code>lr</code>", fold, "almost"]
    assert "Next step, 3 of 3" in html


def test_public_checks_follow_the_graded_tests(tmp_path: Path) -> None:
    """Checks that students have too stand in a group of their own, without points."""
    check = outcome(title="It runs.", public=True, score=0.0, max_score=0.0)
    words = Page(student_html(tmp_path, exercise_result(check, outcome()))).words

    assert re.search(r"Something is right\..*Checks you can run yourself.*It runs\. passed", words)
    assert "0 of 0" not in words


def test_message_that_all_tests_share_is_shown_once(tmp_path: Path) -> None:
    """A file that could not be read is explained once and not with every test."""
    tests = [outcome(Verdict.UNREADABLE, message="line 3: never closed") for _ in range(4)]
    html = student_html(tmp_path, exercise_result(*tests))

    assert html[html.index("<nav") :].count("line 3: never closed") == 1


def test_grader_fault_is_shown_as_ours(tmp_path: Path) -> None:
    """A fault of the grader says that it costs nothing, and nothing of its insides."""
    test = outcome(Verdict.GRADER_FAULT, message="KeyError in suite", mistake="x-y")
    words = Page(student_html(tmp_path, exercise_result(test))).words

    assert "The grader failed here. This counts neither for nor against you." in words
    assert "not counted" in words
    assert "KeyError" not in words
    assert "wrong" not in words


def test_code_is_numbered_and_marked(tmp_path: Path) -> None:
    """Lines have the numbers that Python gives them; the line that an error names is marked."""
    code = SourceCode(text="\r\nx = 1\ry = '<b>'\r\nz\n", marked_lines=(3, 9))
    html = student_html(tmp_path, exercise_result(outcome(), code=code))

    code_alone = html[html.index("<code>") : html.index("</code>")]
    assert Page(code_alone).text == "1\n2x = 1\n3y = '<b>'\n4z\n"
    marked = re.findall(r'<span class="marked"[^>]*>(.*)\n</span>', code_alone)
    assert [Page(line).text for line in marked] == ["3y = '<b>'"]


def test_huge_code_is_cut(tmp_path: Path) -> None:
    """A listing stops at a length that a browser can show, and says so."""
    code = SourceCode(text="x = 1\n" * 30_000)
    html = student_html(tmp_path, exercise_result(outcome(), code=code))

    assert "The listing stops here; the file has 30,000 lines." in html
    assert html.count('class="no"') == 2_000


def test_reordering_characters_are_visible_in_code(tmp_path: Path) -> None:
    """Code that would read other than it runs shows where it was reordered."""
    code = SourceCode(text="x = 1  # \u202e reversed \u2066")
    html = student_html(tmp_path, exercise_result(outcome(), code=code))

    assert "# \ufffd reversed \ufffd" in html


def test_names_and_messages_are_not_turned_around(tmp_path: Path) -> None:
    """No text on a page reads other than it is written; marks that writing needs stay."""
    test = outcome(Verdict.WRONG, message="a \u202e b", title="c \u2067 d")
    html = student_html(tmp_path, exercise_result(test), student="\u202eana\u200f")

    assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)
    assert "\ufffdana\u200f" in html


def test_exercise_without_code_has_no_listing(tmp_path: Path) -> None:
    """Where nothing was handed in, nothing is listed."""
    exercise = exercise_result(outcome(Verdict.MISSING), source=None, code=None)
    page = Page(student_html(tmp_path, exercise))

    assert "no file found" in page.words
    assert page.having("code") == []


def test_run_without_sandbox_says_so_on_every_page(tmp_path: Path) -> None:
    """Whoever reads a score from an unprotected run is told that it was one."""
    run = grading_run(student_result("ana", exercise_result(outcome())), sandbox="none")
    write_reports(run, tmp_path)

    for page in tmp_path.rglob("*.html"):
        assert "This run was made without a sandbox" in page.read_text()


def test_footer_says_how_the_run_was_made(tmp_path: Path) -> None:
    """Device, sandbox and versions stand at the end."""
    words = Page(student_html(tmp_path, exercise_result(outcome()))).words

    assert "device cpu sandbox bubblewrap python 3.11.9 torch 2.11.0" in words


def colours(scheme: str) -> dict[str, str]:
    """Return the colours of the style sheet, by name: `light` ones, or with `dark` in place."""
    style = (resource("templates") / "style.css").read_text()
    light, dark = style.split("@media screen and (prefers-color-scheme: dark)", 1)
    sources = light if scheme == "light" else light + dark.partition("* {")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", sources))


def luminance(colour: str) -> float:
    """Return the relative luminance that WCAG 2 gives a colour."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_in_both_schemes(scheme: str) -> None:
    """Every colour of text reaches WCAG AA, 4.5 to 1, on every ground that it is put on."""
    named = colours(scheme)
    grounds = ["ground", "raised", "sunk"]
    pairs = [(text, ground) for text in ("ink", "quiet", "accent") for ground in grounds]
    for verdict in ("good", "bad", "halt", "idle", "fault"):
        pairs += [(verdict, "ground"), (verdict, "sunk"), (verdict, f"{verdict}-wash")]
    code = [name for name in named if name.startswith("code-")]
    pairs += [(name, ground) for name in code for ground in ("raised", "bad-wash")]
    pairs += [("ink", "fault-wash"), ("ink", "bad-wash"), ("accent", "fault-wash")]

    for text, ground in pairs:
        low, high = sorted((luminance(named[text]), luminance(named[ground])))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)


def test_what_the_file_printed_can_be_read(tmp_path: Path) -> None:
    """Output of the load is shown folded, without terminal sequences; a flood is cut."""
    some = student_html(tmp_path, exercise_result(outcome(), printed="\x1b[31mloss 2.30\x1b[0m\n"))
    much = student_html(tmp_path, exercise_result(outcome(), printed="x" * 60_000))

    assert "loss 2.30\n</pre>" in some
    assert "\x1b" not in some
    assert "the report shows the first 10,000 characters" in much
