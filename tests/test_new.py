"""What `grader new` writes: a course, an exercise, a mistake; it is graded right at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from grader.authoring import write_stubs
from grader.authoring.differing import edit_between, overlay_between
from grader.authoring.scaffolding import new_course, new_exercise, new_mistake
from grader.cli import app
from grader.courses import load_course
from grader.errors import UsageError
from grader.judge.local import run_locally
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Make a course with two exercises."""
    folder = tmp_path / "mycourse"
    new_course(folder)
    new_exercise(load_course(folder), "hw2_heads", "Heads")
    return load_course(folder)


def test_what_is_made_is_graded_right(course: Course) -> None:
    """The solution has all points, the stub none, and the mistake its name."""
    first, second = course.exercises
    stubs = replace(course, stubs=course.folder / "exercises")
    write_stubs(stubs)
    wrong = course.folder.parent / f"{second.name}.py"
    text = course.solution_of(second).read_text("utf-8")
    wrong.write_text(text.replace(".mean()", ".sum()"), "utf-8")

    right = run_locally(first, course.solution_of(first), hidden=True)
    untouched = run_locally(second, stubs.stubs / f"{second.name}.py", hidden=True)
    named = run_locally(second, wrong, hidden=True)

    assert [(each.verdict, each.score) for each in right] == [(Verdict.PASSED, n) for n in (2, 1)]
    assert {each.verdict for each in untouched} == {Verdict.NOT_STARTED}
    assert {each.verdict for each in named} == {Verdict.WRONG}
    assert named[0].mistake == "sum-not-mean"
    assert [each.title for each in course.exercises] == ["Mean error", "Heads"]


@pytest.mark.parametrize("name", ["hw2_heads", "HW2_heads", "my exercise", "../x", "2nd"])
def test_a_name_that_can_not_be_one_changes_nothing(course: Course, name: str) -> None:
    """The course is what it was, to the byte."""
    before = {file: file.read_bytes() for file in course.folder.rglob("*") if file.is_file()}

    with pytest.raises(UsageError, match=r"^(there is an exercise|'name' must be)"):
        new_exercise(course, name)

    after = {file: file.read_bytes() for file in course.folder.rglob("*") if file.is_file()}
    assert after == before


def test_a_file_in_the_way_is_kept(course: Course) -> None:
    """Nothing is written then."""
    own = course.folder / "hidden" / "hw3.py"
    own.write_text("# mine\n")

    with pytest.raises(UsageError, match=r"hw3\.py is there already; nothing was written"):
        new_exercise(course, "hw3")

    assert own.read_text() == "# mine\n"
    assert not (course.folder / "hw3.py").exists()
    assert load_course(course.folder) == course


def test_a_folder_with_something_in_it_is_no_new_course(course: Course, tmp_path: Path) -> None:
    """Nobody's files get mixed up with ours."""
    (tmp_path / "notes.txt").write_text("x")

    with pytest.raises(UsageError, match="is a course already"):
        new_course(course.folder)
    with pytest.raises(UsageError, match="is not empty"):
        new_course(tmp_path)


def test_a_mistake_in_one_line_is_an_edit(course: Course, tmp_path: Path) -> None:
    """It matches the solution once, and makes what was handed in of it."""
    exercise = course.exercises[0]
    solution = course.solution_of(exercise).read_text("utf-8")
    handed_in = tmp_path / "handed_in.py"
    lines = [line for line in solution.splitlines() if "SOLUTION" not in line]
    handed_in.write_text("\n".join(lines).replace(" ** 2", " ** 3"), "utf-8")

    made = new_mistake(course, exercise, "cubes-not-squares", handed_in)

    table = (course.folder / "mistakes.toml").read_text("utf-8")
    assert "** 3).mean()" in table
    assert made.files == [course.folder / "mistakes.toml"]
    assert made.line.startswith('"cubes-not-squares":')


def test_a_mistake_without_a_file_is_laid_out(course: Course) -> None:
    """The author changes the solution's own text, in a file of its own."""
    made = new_mistake(course, course.exercises[0], "nothing-squared")

    assert made.is_to_be_changed
    assert made.files[0] == course.folder / "wrong" / "mean_error" / "nothing-squared.py"
    assert "SOLUTION" not in made.files[0].read_text("utf-8")


def test_a_mistake_is_made_again_where_the_command_was_killed(course: Course) -> None:
    """The file was there by then, and its entry was not."""
    table = course.folder / "mistakes.toml"
    before = table.read_text("utf-8")
    whole = new_mistake(course, course.exercises[0], "nothing-squared")
    after = table.read_text("utf-8")
    table.write_text(before, "utf-8")

    assert new_mistake(course, course.exercises[0], "nothing-squared") == whole
    assert table.read_text("utf-8") == after


def test_a_mistake_is_made_once(course: Course) -> None:
    """Two entries of one name would keep the course from being read."""
    new_mistake(course, course.exercises[0], "nothing-squared")
    before = (course.folder / "mistakes.toml").read_text("utf-8")

    with pytest.raises(UsageError, match=r"toml, line \d+: mean_error has 'nothing-squared' alr"):
        new_mistake(course, course.exercises[0], "nothing-squared")
    assert (course.folder / "mistakes.toml").read_text("utf-8") == before


@pytest.mark.parametrize("slug", ["one", "Two-Words", "-", "a--b", "../a-b"])
def test_a_mistake_has_small_words_with_hyphens(course: Course, slug: str) -> None:
    """As suites and results name it."""
    with pytest.raises(UsageError, match="small words with hyphens"):
        new_mistake(course, course.exercises[0], slug)


SOLUTION = (
    "import torch\n\n\ndef f(x):\n    y = x + 1\n    return y\n\n\ndef g(x):\n    return x + 1\n"
)


def test_an_edit_takes_in_what_makes_it_unique() -> None:
    """Two functions may hold the same line."""
    wrong = SOLUTION.replace("    return x + 1\n", "    return x + 2\n")

    old, new = edit_between(SOLUTION, wrong)

    assert SOLUTION.count(old) == 1
    assert SOLUTION.replace(old, new) == wrong


def test_much_is_an_overlay_of_what_differs() -> None:
    """A whole other function, with its import; the ones that are the same stay out of it."""
    body = "".join(f"    y{number} = x\n" for number in range(5))
    wrong = SOLUTION.replace("import torch", "import torch\nimport math")
    wrong = wrong.replace(
        "    y = x + 1\n    return y\n", f'    """Do it."""\n{body}    return y0\n'
    )

    assert edit_between(SOLUTION, wrong) == ()
    overlay = overlay_between(SOLUTION, wrong, "a-b: what differs.")
    assert "import math" in overlay
    assert "def f" in overlay
    assert "def g" not in overlay
    assert overlay_between(SOLUTION, SOLUTION, "") == ""


@pytest.mark.parametrize("wrong", ["def f(:\n", f"x = {'+'.join('1' * 2_000)}\n"])
def test_what_is_no_python_is_said(wrong: str) -> None:
    """A student's file may be anything, also nested too deeply to be compared."""
    with pytest.raises(UsageError, match="not Python"):
        overlay_between(SOLUTION, wrong, "")


def test_a_solution_that_is_not_utf_8_is_told_with_its_line(course: Course) -> None:
    """Editors save texts in other codes; whatever reads it, no traceback comes of it."""
    solution = course.solution_of(course.exercises[1])
    solution.write_bytes(b"# one\n# \xfc\n" + solution.read_bytes())

    with pytest.raises(UsageError, match=rf"{solution.name}, line 2: this is not UTF-8"):
        write_stubs(course)
    with pytest.raises(UsageError, match=rf"{solution.name}, line 2: this is not UTF-8"):
        new_mistake(course, course.exercises[1], "not-utf")


def test_what_is_made_is_proved(course: Course) -> None:
    """Its suite sees each mutant, or the course says why it need not."""
    command = ["prove", "mean_error", "--course", str(course.folder), "--jobs", "1"]

    done = CliRunner().invoke(app, command)

    assert (done.exit_code, "nothing found" in done.output) == (0, True), done.output
