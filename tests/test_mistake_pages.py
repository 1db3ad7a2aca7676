"""A mistake's page, for its instructor: what it is, the hints, an example, and who made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from made_up_class import cut_after
from msgspec.structs import replace
from read_page import Page, page_of
from report_samples import exercise_result, grading_run, outcome, student_result
from tiny_course import write_course

from grader.courses import find_course
from grader.reports import editions, write_reports
from grader.results.decided import Kind, Ruling
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results.verdicts import StudentResult

SLUG = "gradients-add-up"


def made_by(student: str, slug: str = SLUG, exercise: str = "ex06_manual_update") -> StudentResult:
    """Return a student who made a mistake."""
    test = outcome(Verdict.WRONG, name="test_made", mistake=slug)
    return student_result(student, exercise_result(test, exercise=exercise))


def mistake_page(folder: Path, slug: str = SLUG, sheet: str = "") -> str:
    """Return what the page of a mistake says."""
    return Page((folder / "class" / f"mistake-{slug}{sheet}.html").read_text("utf-8")).words


def test_a_mistake_is_explained_above_who_made_it(tmp_path: Path) -> None:
    """Where most made it comes first, and the example is of there."""
    others = [made_by(name, exercise="ex08_training_loop") for name in ("ben", "cy")]
    write_reports(grading_run(made_by("ana"), *others), tmp_path)

    said = mistake_page(tmp_path)
    assert "The gradients add up" in said
    assert "2 students in ex08_training_loop: The whole loop 1 student in ex06_manual" in said
    assert "Hints that students open one after another" in said
    example = said.partition("An example The course's own, in ex08_training_loop")[2]
    assert "\N{MINUS SIGN} optimizer.zero_grad()" in example
    assert said.rindex("Who made it") < said.rindex("ben")


def test_the_class_page_leads_there_and_no_student_does(tmp_path: Path) -> None:
    """What a student reads is on the student's own page, without the solution."""
    write_reports(grading_run(made_by("ana")), tmp_path)
    index = Page((tmp_path / "index.html").read_text(encoding="utf-8"))

    assert ("a", {"href": f"class/mistake-{SLUG}.html"}) in index.tags
    html = page_of(tmp_path, "ana").read_text(encoding="utf-8")
    assert not [attrs for tag, attrs in Page(html).tags if "class/" in (attrs.get("href") or "")]


def test_only_the_first_page_of_a_list_explains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others go on with the list."""
    cut_after(5, monkeypatch)
    write_reports(grading_run(*(made_by(f"s{number}") for number in range(7))), tmp_path)

    assert "An example" in mistake_page(tmp_path)
    assert "An example" not in mistake_page(tmp_path, sheet="~2")


WORK = """\
[three-times]
sentence = "It is three times the number."
hints = ["One.", "Two.", "Three."]

[[three-times.wrong]]
exercise = "double"
test = "test_double_of_7"
"""


def test_an_example_is_as_the_course_has_it_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The class has the same results; one of its wrong works is another, and then the solution."""
    folder, output = write_course(tmp_path / "course"), tmp_path / "out"
    (folder / "mistakes.toml").write_text(WORK)
    work = folder / "wrong" / "double" / "three-times.py"
    work.parent.mkdir(parents=True)
    run = grading_run(made_by("ana", "three-times", "double"), course=find_course(folder))
    said = []
    for answer in ("3 * x", "x + x + x", "x + x + x"):
        work.write_text(f"def double(x):\n    return {answer}\n")
        write_reports(run, output)
        said.append(mistake_page(output, "three-times"))
    written = (output / "class" / "mistake-three-times.html").stat().st_ino
    monkeypatch.setattr(editions, "_words_of", editions._words_of.__wrapped__)
    solution = folder / "double.py"
    solution.write_text(solution.read_text().replace("2 * x", "x * 2"))
    write_reports(run, output)

    assert "+ return 3 * x" in said[0]
    assert "+ return x + x + x" in said[1]
    assert said[2] == said[1]
    assert "\N{MINUS SIGN} return x * 2" in mistake_page(output, "three-times")
    assert written != (output / "class" / "mistake-three-times.html").stat().st_ino


@pytest.mark.parametrize(
    "ruling",
    [
        Ruling(kind=Kind.EXCUSED),
        Ruling(kind=Kind.EXCUSED, exercise="ex06_manual_update"),
        Ruling(kind=Kind.POINTS, exercise="ex06_manual_update", change=1.0),
        Ruling(kind=Kind.POINTS, exercise="ex06_manual_update", test="test_made", change=0.5),
    ],
    ids=["excused from all", "excused here", "points here", "points for the test"],
)
def test_who_is_excused_or_has_points_by_decision_is_not_charged(
    tmp_path: Path, ruling: Ruling
) -> None:
    """The page names them apart, and no count has them; where no other student is, nothing is."""
    ana = replace(made_by("ana"), rulings=(ruling,))
    write_reports(grading_run(ana, made_by("ben")), tmp_path / "two")
    write_reports(grading_run(ana), tmp_path / "one")
    index = Page((tmp_path / "two" / "index.html").read_text("utf-8")).words

    said = mistake_page(tmp_path / "two")
    assert "1 student in ex06_manual_update" in said
    apart, _, listed = said.partition("excused here or have points by decision: ana")[2].partition(
        "Student"
    )
    assert "ben" not in apart
    assert "ben" in listed
    assert "ana" not in listed
    assert "ana" not in index.partition("Mistakes, by how many")[2].partition("Exercises")[0]
    assert not (tmp_path / "one" / "class" / f"mistake-{SLUG}.html").exists()


@pytest.mark.parametrize(
    "ruling",
    [
        Ruling(kind=Kind.POINTS, exercise="ex06_manual_update", change=-1.0),
        Ruling(kind=Kind.POINTS, exercise="ex06_manual_update", test="another", change=1.0),
        Ruling(kind=Kind.EXCUSED, exercise="ex08_training_loop"),
        Ruling(kind=Kind.COMMENT, exercise="ex06_manual_update", text="Well tried."),
    ],
)
def test_another_decision_leaves_a_mistake_what_it_is(tmp_path: Path, ruling: Ruling) -> None:
    """Of another test or exercise, for fewer points, or a comment."""
    ana = replace(made_by("ana"), rulings=(ruling,))
    write_reports(grading_run(ana), tmp_path)

    said = mistake_page(tmp_path)
    assert "by decision" not in said
    assert "ana" in said.partition("Who made it")[2]


def test_without_words_and_example_there_is_the_list(tmp_path: Path) -> None:
    """Of a mistake that the course does not know, and in a course whose solution is gone."""
    course = find_course(write_course(tmp_path / "course"))
    for file in (tmp_path / "course").rglob("solutions/*"):
        file.unlink()
    write_reports(grading_run(made_by("ana", exercise="double"), course=course), tmp_path / "of")
    write_reports(grading_run(made_by("ana", "unheard-of")), tmp_path / "lab")

    for said in (mistake_page(tmp_path / "of"), mistake_page(tmp_path / "lab", "unheard-of")):
        assert "1 student in " in said
        assert "An example" not in said
        assert "Who made it" in said
