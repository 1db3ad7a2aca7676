"""What the class page asks its instructor to look at."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace as replaced
from read_page import Page
from report_samples import exercise_result, grading_run, outcome, student_result
from the_lab import LAB
from tiny_course import write_course
from typer.testing import CliRunner

from grader.cli import app
from grader.courses import find_course
from grader.reports import write_reports
from grader.reports.attention import shared_answers
from grader.results.decided import Kind, Ruling
from grader.results.message import Message
from grader.results.verdicts import SourceCode, Verdict

if TYPE_CHECKING:
    from grader.results.verdicts import StudentResult

PASSED, WRONG = Verdict.PASSED, Verdict.WRONG
ONE, OTHER = "00000000000000aa", "ffffffffffffffff"
SHARED = "Wrong answers that several students share"


def class_page(folder: Path, *students: StudentResult) -> Page:
    """Return the class page of some students."""
    write_reports(grading_run(*students), folder)
    return Page((folder / "index.html").read_text(encoding="utf-8"))


def tried(number: int, *verdicts: Verdict) -> StudentResult:
    """Return a student with one test of each verdict."""
    tests = (
        outcome(verdict, name=f"test_{place}", title=f"Test {place} of it.")
        for place, verdict in enumerate(verdicts)
    )
    return student_result(f"s{number:02}", exercise_result(*tests))


@pytest.mark.parametrize(
    ("verdicts", "why"),
    [
        ([WRONG] * 6, "none of 6 who tried pass"),
        ([PASSED] * 5 + [Verdict.GRADER_FAULT], "1 grader fault"),
        ([PASSED] * 7 + [Verdict.TIMED_OUT] * 3, "3 of 10 timed out"),
        ([PASSED] * 6, "1 test that all who tried pass"),
    ],
)
def test_tests_to_look_at_stand_on_top(tmp_path: Path, verdicts: list[Verdict], why: str) -> None:
    """Each with its reason, and a link to its row in the exercise."""
    page = class_page(tmp_path, *(tried(n, each) for n, each in enumerate(verdicts)))

    assert "Tests to look at first" in page.words
    assert f"{why}" in page.words.partition("Tests to look at first")[2].partition("Exercises")[0]
    row = "test-ex06_manual_update-1"
    assert ("a", {"href": f"#{row}"}) in page.tags
    assert ("tr", {"id": row}) in page.tags


def test_a_test_that_only_the_weak_pass_is_looked_at(tmp_path: Path) -> None:
    """Of 20 students the ten who pass everything else fail it."""
    strong, weak = (WRONG, PASSED, PASSED, PASSED), (PASSED, WRONG, WRONG, WRONG)
    page = class_page(tmp_path, *(tried(n, *(strong if n % 2 else weak)) for n in range(20)))

    assert "Test 0 of it. ex06_manual_update negative discrimination (\u22121.00)" in page.words


def test_where_nothing_is_to_be_seen_there_is_no_list(tmp_path: Path) -> None:
    """Four students are too few to say that a test is too hard or too easy."""
    page = class_page(tmp_path, *(tried(n, WRONG, PASSED) for n in range(4)))

    assert "Tests to look at" not in page.words


def unnamed(student: str, *known_by: str, code: str = "", group: str = "") -> StudentResult:
    """Return a student with a wrong answer of each fingerprint; the test asks for `step`."""
    tests = (
        outcome(
            WRONG,
            name=f"test_{place}",
            title=f"Test {place} of it.",
            fingerprint=each,
            message=Message("returned what is not right.", "`step(weights)`"),
        )
        for place, each in enumerate(known_by)
    )
    text = code or f"import torch\n\n\ndef step(weights):\n    return weights + {len(student)}\n"
    result = exercise_result(*tests, code=SourceCode(text=text))
    return student_result(student, result, group=group)


def shared_part(page: Page) -> str:
    """Return what the page says of answers that students share."""
    return page.words.partition(f"{SHARED} These answers")[2].partition("Exercises")[0]


def test_wrong_answers_that_several_share_are_ranked(tmp_path: Path) -> None:
    """The most shared first, with who gave it and what names it."""
    both = [unnamed(f"s{number}", OTHER, ONE) for number in range(4)]
    page = class_page(tmp_path, *both, unnamed("only", "", ONE), unnamed("alone", "c" * 16))

    said = shared_part(page)
    assert "5 students: the same wrong answer in Test 1 of it. ex06_manual_update" in said
    first, second = said.index(f"grader learn {ONE}"), said.index(f"grader learn {OTHER}")
    assert first < second
    assert "c" * 16 not in said
    assert (tmp_path / "class" / "answer-1.html").is_file()
    assert ("a", {"href": "#test-ex06_manual_update-2"}) in page.tags


def test_two_of_them_are_shown_side_by_side(tmp_path: Path) -> None:
    """What the test asks for, and of those who wrote it differently."""
    page = class_page(tmp_path, *(unnamed(each, ONE) for each in ("ab", "cd", "efg", "hijk")))

    said = shared_part(page)
    assert "Two students' code ab def step(weights): return weights + 2 efg def step" in said
    assert "import torch" not in said
    assert "hijk def" not in said
    assert "Equal answers do not mean equal code." in said


def test_what_the_same_students_share_twice_stands_once(tmp_path: Path) -> None:
    """With the other tests beside it."""
    page = class_page(tmp_path, *(unnamed(each, ONE, OTHER) for each in ("a", "b", "c")))

    said = shared_part(page)
    assert said.count("the same wrong answer in") == 1
    assert "Test 0 of it. ex06_manual_update Also in: Test 1 of it." in said
    assert "One student's code a def step" in said


def test_the_cases_of_one_test_are_told_once(tmp_path: Path) -> None:
    """They have one sentence."""
    tests = [
        outcome(WRONG, name=f"test_it[{case}]", title="It is right.", fingerprint=ONE)
        for case in (1, 2)
    ]
    students = [student_result(each, exercise_result(*tests)) for each in ("a", "b", "c")]
    said = shared_part(class_page(tmp_path, *students))

    assert said.count("It is right.") == 1
    assert "grader learn" in said
    assert "code" not in said.partition("grader learn")[2]


def test_a_team_counts_once(tmp_path: Path) -> None:
    """It handed in once; and two are no mistake of a class."""
    team = [unnamed(each, ONE, group="Team 1") for each in ("a", "b", "c")]

    assert SHARED not in class_page(tmp_path / "two", *team, unnamed("d", ONE)).words
    three = class_page(tmp_path / "three", *team, unnamed("d", ONE), unnamed("e", ONE))
    assert "5 students: the same" in shared_part(three)


def test_an_answer_for_which_a_person_gave_points_is_not_called_wrong(tmp_path: Path) -> None:
    """The test may be what is wrong; the answers to the other test stay."""
    given = Ruling(kind=Kind.POINTS, exercise="ex06_manual_update", test="test_0", change=2.0)
    students = [replaced(unnamed(each, ONE, OTHER), rulings=(given,)) for each in ("a", "b", "c")]
    said = shared_part(class_page(tmp_path, *students))

    assert OTHER in said
    assert ONE not in said


def test_the_command_that_names_an_answer_works_from_where_it_is_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says where reports and course are, where it would look elsewhere, and only there."""
    course = write_course(tmp_path / "a course")
    double = exercise_result(outcome(WRONG, fingerprint=ONE), exercise="double")
    students = [student_result(each, double) for each in ("a", "b", "c")]
    run = grading_run(*students, course=find_course(course))
    commands: list[str] = []
    for place, output in ((tmp_path, "some where"), (course, "reports")):
        monkeypatch.chdir(place)
        write_reports(run, Path(output))
        html = Path(output, "index.html").read_text(encoding="utf-8")
        commands += map(unescape, re.findall("<code>(grader learn [^<]*)</code>", html))
    elsewhere, here = commands

    assert here == f"grader learn {ONE}"
    monkeypatch.chdir(tmp_path.parent)
    program, command, fingerprint, *options = shlex.split(elsewhere)
    assert (program, command, fingerprint) == ("grader", "learn", ONE)
    listed = CliRunner().invoke(app, ["learn", *options])
    assert f"{ONE}  3 students: double" in listed.output
    assert f"--output '{tmp_path}/some where' --course '{course}'`" in listed.output


def test_an_answer_that_was_seen_before_is_told(tmp_path: Path) -> None:
    """By the mistake that lists it: to the instructor, and to no student."""
    words = 'sentence = "The step is not right."\nhints = ["a", "b"]'
    table = f'[a-known-step]\n{words}\nfingerprints = ["{OTHER}", "{ONE}"]\n'
    (tmp_path / "mistakes.toml").write_text(table, encoding="utf-8")
    students = [unnamed(each, ONE) for each in ("a", "b", "c")]
    others = [unnamed(each, "b" * 16) for each in ("d", "e", "f", "g")]
    run = grading_run(*students, *others, course=replace(LAB, folder=tmp_path))
    write_reports(run, tmp_path / "out")
    said = shared_part(Page((tmp_path / "out" / "index.html").read_text(encoding="utf-8")))

    first, second = said.split("3 students: the same wrong answer in")
    seen = "Seen before: mistakes.toml lists this answer at a-known-step. The step is not right."
    assert seen in second
    assert "Seen before" not in first
    for page in (tmp_path / "out" / "students").glob("*.html"):
        assert "a-known-step" not in page.read_text(encoding="utf-8")


def test_what_may_follow_from_a_known_mistake_comes_last(tmp_path: Path) -> None:
    """All who gave the answer have made it, in the same exercise."""
    named = outcome(WRONG, name="test_named", mistake="gradients-accumulate")
    known = [
        student_result(each, exercise_result(named, *unnamed(each, ONE).exercises[0].tests))
        for each in ("a", "b", "c", "d")
    ]
    others = [unnamed(each, OTHER) for each in ("e", "f", "g")]
    said = shared_part(class_page(tmp_path, *known, *others))

    words = "known mistake that all of these students made in this exercise: gradients-accumulate"
    folded = "1 more answer, perhaps from a known mistake"
    first, second = said.split(f"{folded} 4 students: the same wrong answer in")
    assert OTHER in first
    assert "def step" not in second
    assert words in second
    assert words not in first
    another = shared_part(class_page(tmp_path, *known, unnamed("e", ONE)))
    assert words not in another
    assert f"{folded} 4 students" in shared_part(class_page(tmp_path, *known))


def test_the_same_answer_of_others_elsewhere_is_told(tmp_path: Path) -> None:
    """Two tests, or two exercises, may ask the same."""
    students = [unnamed(each, ONE) for each in ("a", "b", "c")]
    others = [unnamed(each, "", ONE) for each in ("d", "e", "f", "g")]
    said = shared_part(class_page(tmp_path, *students, *others))

    assert "The same answer elsewhere: 4 students in ex06_manual_update: Test 1 of it." in said
    assert "The same answer elsewhere: 3 students in ex06_manual_update: Test 0 of it." in said


def test_hostile_code_is_text_on_the_class_page(tmp_path: Path) -> None:
    """Escaped and cut, and where there is none the answer stands without."""
    code = f"def step(weights):\n    '<script>alert(1)</script>'\n    \u202e\x1b[31m{'x' * 9_999}"
    page = class_page(tmp_path, *(unnamed(each, ONE, code=code) for each in ("a", "b", "c")))
    text = (tmp_path / "index.html").read_text(encoding="utf-8")

    assert "<script>alert(1)" not in text
    assert "alert(1)" in shared_part(page)
    assert "x" * 300 not in text
    assert not {"\u202e", "\x1b"} & set(text)


def test_many_answers_are_folded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page shows code of the most shared ones, lists others, and counts the rest."""
    monkeypatch.setattr(shared_answers, "SHOWN", 2)
    monkeypatch.setattr(shared_answers, "LISTED", 5)
    known = [f"{number:016x}" for number in range(7)]
    students = [unnamed(each, *known) for each in "abc"]
    # each test has another student more, so that no two have the same ones
    more = [unnamed(f"d{place}", *[""] * place, each) for place, each in enumerate(known)]
    said = shared_part(class_page(tmp_path, *students, *more))

    assert said.count("the same wrong answer in") == 5
    assert "5 more answers" in said
    assert "2 more are not listed here." in said
    assert said.count("Two students' code") == 2
