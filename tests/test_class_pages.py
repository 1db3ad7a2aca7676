"""The pages about a class: what they say, and where their links lead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from made_up_class import cut_after, made_up_class
from read_page import Page
from report_samples import (
    HOSTILE_TEXT,
    exercise_result,
    grading_run,
    outcome,
    sample_run,
    student_result,
)
from the_lab import exercise_named

from grader.reports import write_reports
from grader.reports.classes import rolls
from grader.results.page_names import list_name, page_names
from grader.results.verdicts import SourceCode, StudentResult, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results.verdicts import ExerciseResult
    from grader.runs.grading_run import GradingRun

KNOWN = ("momentum-added", "gradients-add-up")  # two mistakes of the table
SECRETS = (
    "Zo\u00eb M\u00fcller",
    "s1234567",
    "zoe@example.org",
    "weight - 0.123 * gradient",
    "handed-in-name",
    "printed-by-the-code",
    "noted-by-the-grader",
    "message-of-a-test",
    "unknown-mistake",
    "unknown-exercise",
    "Sentence that no suite has",
    "version-of-something",
)


def class_page(run: GradingRun, folder: Path) -> Page:
    """Return the class page of a run."""
    write_reports(run, folder)
    return Page((folder / "index.html").read_text(encoding="utf-8"))


def made(*slugs: str) -> ExerciseResult:
    """Return an exercise in which some mistakes were made."""
    return exercise_result(*(outcome(Verdict.WRONG, mistake=slug) for slug in slugs))


def scored(student: str, points: float, of: float = 10) -> StudentResult:
    """Return a student with one test and some points for it."""
    return student_result(student, exercise_result(outcome(score=points, max_score=of)))


def hrefs(folder: Path, file: Path) -> set[str]:
    """Return the files that a page links to, by their path in the output folder."""
    page = Page(file.read_text(encoding="utf-8"))
    linked = [attrs["href"] or "" for tag, attrs in page.tags if tag == "a"]
    paths = [unquote(href.partition("#")[0]) for href in linked if not href.startswith("#")]
    return {(file.parent / path).resolve().relative_to(folder).as_posix() for path in paths}


@pytest.mark.parametrize("rows", [200, 5], ids=["on one page", "cut into pages"])
def test_links_lead_somewhere_and_everything_is_linked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    """From the class page, links lead to every list and every student, and to nothing else."""
    cut_after(rows, monkeypatch)
    size, exercises = 12, [exercise_named("ex04"), exercise_named("ex06")]
    write_reports(grading_run(*made_up_class(size, exercises)), tmp_path)
    seen: set[str] = set()
    left = {"index.html"}
    while left:
        page = left.pop()
        seen.add(page)
        if not page.startswith("students/"):
            left |= hrefs(tmp_path, tmp_path / page) - seen

    pages = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.html")}
    assert seen == pages
    assert (f"class/{list_name('by-name', 3)}" in pages) == (rows < size)


def test_links_to_odd_names_lead_to_their_pages(tmp_path: Path) -> None:
    """Whatever an id or a mistake is made of, its page is found."""
    write_reports(sample_run(), tmp_path)
    linked = hrefs(tmp_path, tmp_path / "index.html")

    assert {f"students/{name}" for name in page_names(sample_run().records).values()} <= linked
    assert all((tmp_path / path).is_file() for path in linked)


def test_mistakes_are_ranked_by_students(tmp_path: Path) -> None:
    """The mistake that most students made comes first, each student counted once."""
    run = grading_run(
        student_result("ana", made("rare", "rare", "rare", "common")),
        student_result("ben", made("common")),
    )

    words = class_page(run, tmp_path).words
    assert re.search(
        r"2 students: common common ex06_manual_update ana, ben 1 students: rare rare", words
    )


def test_a_known_mistake_is_told_in_a_sentence(tmp_path: Path) -> None:
    """What students read about a mistake stands beside its name."""
    page = class_page(grading_run(student_result("ana", made("gradients-add-up"))), tmp_path)

    assert re.search(r"The gradients add up: .+\. gradients-add-up", page.words)


def test_a_mistake_is_not_told_to_whoever_reads_the_class_page(tmp_path: Path) -> None:
    """Students read `your loop`; their teacher, and the class on the wall, did not write it."""
    page = class_page(grading_run(student_result("ana", made("first-batch-only"))), tmp_path)

    assert re.search(r"It looks as if the loop .+\. first-batch-only", page.words)


def test_all_who_made_a_mistake_are_listed(tmp_path: Path) -> None:
    """The class page names some, and says where all of them are."""
    students = [student_result(f"s{number}", made("common")) for number in range(20)]
    page = class_page(grading_run(*students), tmp_path)
    listed = Page((tmp_path / "class" / "mistake-common.html").read_text(encoding="utf-8"))

    assert "and 12 more" in page.words
    assert all(student.student in listed.words for student in students)


def test_figures_tell_how_far_scores_are_apart(tmp_path: Path) -> None:
    """Quartiles as spreadsheets compute them, and the standard deviation of the whole class."""
    students = [scored(f"s{points}", points) for points in (2, 4, 6, 8, 10)]
    words = class_page(grading_run(*students), tmp_path).words

    assert "the middle half (quartiles) 4 to 8 of 10" in words
    assert "standard deviation 2.83" in words
    assert "quartiles" not in class_page(grading_run(*students[:3]), tmp_path).words


def test_grader_fault_comes_first_and_moves_no_mean(tmp_path: Path) -> None:
    """A student with a grader fault is listed first of all, and left out of the figures."""
    fault = outcome(Verdict.GRADER_FAULT, message="the suite broke", title="Broken test.")
    run = grading_run(
        student_result("ana", exercise_result(outcome())),
        student_result("ben", exercise_result(fault)),
    )

    words = class_page(run, tmp_path).words
    assert words.index("the suite broke") < words.index("mean score")
    assert "mean score 2 of 2" in words
    assert "leave out 1 student with a grader fault" in words


def test_only_those_who_tried_a_test_count_in_it(tmp_path: Path) -> None:
    """Who did not begin has not failed, and a public check is no test of the class."""
    titled: dict[str, Any] = {"title": "Tried.", "name": "test_tried"}
    check = outcome(Verdict.WRONG, title="Public.", public=True, max_score=0.0)
    run = grading_run(
        student_result("ana", exercise_result(outcome(**titled), check)),
        student_result("ben", exercise_result(outcome(Verdict.WRONG, **titled))),
        student_result("cy", exercise_result(outcome(Verdict.NOT_STARTED, **titled))),
    )

    words = class_page(run, tmp_path).words
    assert "Tried. 1 of 2" in words
    assert "Public." not in words


@pytest.mark.parametrize(
    ("verdict", "note"),
    [
        (Verdict.PASSED, "all who tried pass"),
        (Verdict.WRONG, "no student passes"),
        (Verdict.NOT_STARTED, "no student tried it"),
    ],
)
def test_a_test_with_one_end_is_marked(tmp_path: Path, verdict: Verdict, note: str) -> None:
    """A test that nobody or everybody passes is seen at once."""
    words = class_page(
        grading_run(student_result("ana", exercise_result(outcome(verdict)))), tmp_path
    ).words

    assert f"Something is right. {note}" in words


def test_who_handed_in_nothing_and_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Those whom a teacher has to write to stand together, before the mistakes."""
    missing = exercise_result(outcome(Verdict.MISSING), source=None)
    run = grading_run(
        student_result("ana", missing),
        student_result("ben", exercise_result(outcome(Verdict.UNREADABLE))),
        student_result("cy", exercise_result(outcome(Verdict.MISSING))),
    )

    words = class_page(run, tmp_path).words
    assert "1 handed in nothing ana 1 submitted unreadable files ben" in words


def test_an_exercise_that_is_written_in_part_is_unfinished_on_all_pages(tmp_path: Path) -> None:
    """One function that is not written makes nobody's work one that was not started."""
    in_part = exercise_result(outcome(Verdict.PASSED), outcome(Verdict.NOT_STARTED))
    misspelt = exercise_result(outcome(Verdict.PASSED), outcome(Verdict.MISSING))
    run = grading_run(
        student_result("ana", in_part),
        student_result("ben", misspelt),
        student_result("cy", exercise_result(outcome(Verdict.NOT_STARTED))),
    )
    words = class_page(run, tmp_path).words
    (list_of_them,) = tmp_path.glob("class/*-unfinished.html")
    listed = Page(list_of_them.read_text(encoding="utf-8")).words
    page = Page((tmp_path / "students" / "ana.html").read_text(encoding="utf-8")).words

    assert "2 \N{CIRCLE WITH LEFT HALF BLACK} unfinished" in words
    assert "1 \N{WHITE CIRCLE} not started" in words
    assert "missing" not in words
    assert ("ana" in listed, "ben" in listed, "cy" in listed) == (True, True, False)
    assert page.count("\N{CIRCLE WITH LEFT HALF BLACK} unfinished") == 2


def test_a_large_class_is_cut_into_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No page has more than 200 rows, or here five; both orders are complete."""
    assert rolls.ROWS == 200
    cut_after(5, monkeypatch)
    write_reports(grading_run(*(scored(f"s{n:02}", n % 11) for n in range(12))), tmp_path)

    for order in ("by-name", "by-score"):
        sheets = [tmp_path / "class" / list_name(order, number) for number in (1, 2, 3)]
        rows = [
            re.findall(r"students/(s\d+).html\" dir", each.read_text("utf-8")) for each in sheets
        ]
        assert [len(each) for each in rows] == [5, 5, 2]
        assert len({student for each in rows for student in each}) == 12
    assert 'class="roll"' not in (tmp_path / "index.html").read_text("utf-8")


def test_the_lowest_score_comes_first(tmp_path: Path) -> None:
    """The list by score begins with who needs help most."""
    write_reports(grading_run(scored("ana", 9), scored("ben", 2), scored("cy", 5)), tmp_path)
    page = Page((tmp_path / "class" / "by-score.html").read_text(encoding="utf-8"))

    assert re.search(r"ben.*cy.*ana", page.words)


def test_a_column_of_the_spread_leads_to_its_students(tmp_path: Path) -> None:
    """Full marks belong to the last tenth."""
    write_reports(grading_run(scored("ana", 10), scored("ben", 9), scored("cy", 5)), tmp_path)
    page = Page((tmp_path / "class" / "score-90.html").read_text(encoding="utf-8"))

    assert "90 to 100 % of the points 2 students" in page.words
    assert "cy" not in page.words


def test_stopped_run_says_how_to_go_on(tmp_path: Path) -> None:
    """A report of a part of the class says which part it is and what completes it."""
    ana = student_result("ana", exercise_result(outcome()))
    page = class_page(grading_run(ana, ungraded=("ben", "<cy>")), tmp_path)

    how_to = "Stopped before the end: 1 of 3 are graded; run the same command again to go on."
    assert how_to in page.words
    assert "ben, <cy>" in page.words


def test_run_that_was_stopped_at_once_has_a_class_page(tmp_path: Path) -> None:
    """A run without a single result is a page and no division by zero."""
    page = class_page(grading_run(ungraded=("ana",)), tmp_path)

    assert "0 of 1 are graded" in page.words
    assert "mean score" not in page.words


def planted() -> GradingRun:
    """Return a run in which each secret stands where a submission or a student can put it."""
    name, number, mail, code, file, printed, note, message, slug, exercise, title, version = SECRETS
    test = outcome(Verdict.WRONG, title=title, message=message, mistake=slug)
    known = outcome(Verdict.WRONG, message=message, mistake=KNOWN[0], name=name)
    whole: dict[str, Any] = {"source": file, "notes": (note, code), "code": SourceCode(text=code)}
    return grading_run(
        student_result(name, exercise_result(test, known, printed=printed, **whole)),
        student_result(number, exercise_result(known, exercise=exercise, **whole)),
        student_result(mail, exercise_result(outcome(Verdict.GRADER_FAULT, message=message))),
        student_result(HOSTILE_TEXT, exercise_result(test), notes=(note,)),
        device=version,
        versions={version: version},
        ungraded=(name,),
    )


def test_the_anonymous_page_tells_nothing_of_anybody(tmp_path: Path) -> None:
    """None of the names, ids, code and messages is in any byte; numbers and known mistakes are."""
    write_reports(planted(), tmp_path, anonymous=True)
    content = (tmp_path / "anonymous.html").read_bytes()

    for secret in (*SECRETS, "alert(1)", "students/", "class/"):
        assert secret.encode() not in content
    assert KNOWN[0].encode() in content
    assert b"<b>4</b>" in content


def test_the_anonymous_page_links_to_nothing(tmp_path: Path) -> None:
    """Not even the name of a file leads from it to somebody."""
    write_reports(grading_run(*made_up_class(12)), tmp_path, anonymous=True)
    page = Page((tmp_path / "anonymous.html").read_text(encoding="utf-8"))

    assert [attrs for tag, attrs in page.tags if tag == "a"] == []
    assert "gradient_of_mean_square: the right gradient" in page.words
