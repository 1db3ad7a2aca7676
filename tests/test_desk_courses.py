"""The student's desk in a course of another kind: no numbers, several files, its own folder."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk_course import TITLE, course_in, many_exercises
from rich.console import Console
from terminal import Terminal

from grader.desk.files import exercises_to_watch
from grader.desk.records import Checked, Place
from grader.desk.watch.screen import View, compose
from grader.desk.watch.session import Session
from grader.errors import UsageError
from grader.results.verdicts import TestResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.courses import Course, Exercise

    Grader = Callable[..., tuple[object, str, str]]

NOT_WRITTEN = re.compile(r"raise NotImplementedError.*")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return the course, as its author has it."""
    return course_in(tmp_path_factory.mktemp("course"))


@pytest.fixture
def course(made: Course, tmp_path: Path) -> Path:
    """Return a copy of its folder, to be changed."""
    return shutil.copytree(made.folder, tmp_path / "the course")


@pytest.fixture
def here(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a student's folder elsewhere."""
    folder = shutil.copytree(course / "exercises", tmp_path / "work")
    monkeypatch.chdir(folder)
    return folder


def nobody_asks(exercise: Exercise, file: Path, *, first: bool) -> None:
    """Do nothing: there is no file."""
    raise AssertionError(exercise, file, first)


def write(file: Path, answer: str) -> None:
    """Write an answer into a stub."""
    source = file.read_text(encoding="utf-8")
    assert NOT_WRITTEN.search(source)
    file.write_text(NOT_WRITTEN.sub(f"return {answer}", source), encoding="utf-8")


def test_a_course_that_is_named_is_named_in_what_to_run_next(
    grader: Grader, course: Path, here: Path
) -> None:
    """Else the same words, typed again, would be about another course."""
    write(here / "numpy_loss.py", "sum(x) / len(x)")
    status, output, _ = grader("check", "numpy_loss", "--course", course)
    again = grader("check", "numpy_s", "--course", course)[1]

    assert status == 0
    assert "numpy_loss  A loss in NumPy" in output
    assert "1 of 1 checks passed.\n" in output  # nothing is said of hidden tests: it has none
    run = f'`grader check numpy_step --course "{course.resolve()}"`'
    assert f"Next: go on with numpy_step.py, then run {run}" in output
    assert f"Next: edit numpy_step.py:7, then run {run.replace('numpy_step', 'numpy_s')}" in again


def test_a_course_is_found_upwards(
    grader: Grader, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the folder of its stubs, or from its own, in which its solutions are no student's."""
    for place in (course, course / "exercises"):
        monkeypatch.chdir(place)
        status, output, _ = grader("check")
        assert status == 1
        assert output.startswith("numpy_loss  A loss in NumPy\n  \N{WHITE CIRCLE} not started")
        assert "`grader check numpy_loss` again" in output


def test_the_list_fits_what_the_course_says(grader: Grader, course: Path, here: Path) -> None:
    """Minutes stand where a card has them."""
    write(here / "tokenizer.py", "list(zip(x, x[1:]))")
    shutil.rmtree(here / "minigrad")
    status, output, _ = grader("list", "--course", course)

    assert status == 0
    assert output.splitlines() == [
        "  \N{WHITE CIRCLE} not started  15 min  numpy_loss  A loss in NumPy",
        "  \N{WHITE CIRCLE} not started          numpy_step  A step in NumPy",
        "  \N{EN DASH} no file              engine      A small engine",
        "  \N{CHECK MARK} done                 tokenizer   Byte pairs",
    ]


def test_several_files_are_one_exercise(grader: Grader, course: Path, here: Path) -> None:
    """Whichever is named, the line to edit is in the file that it stands in; all are reset."""
    loss, tape = here / "numpy_loss.py", here / "minigrad" / "tape.py"
    first = grader("check", "minigrad/__init__.py", "--course", course)[1]
    write(tape, "2 * mean(x)")
    second = grader("check", "engine", "--course", course)[1]
    write(loss, "sum(x) / len(x)")

    assert "Next: edit minigrad/tape.py:9, then" in first
    assert "mean is not written yet" in second
    assert grader("check", "engine", "--course", course)[0] == 0
    mine = tape.read_bytes()
    said = grader("reset", "engine", "--course", course)[1]
    assert said.startswith("All files of engine are the original ones again. Your version is ")
    assert tape.read_bytes() == (course / "exercises" / "minigrad" / "tape.py").read_bytes()
    assert tape.with_name("tape.py.backup-1").read_bytes() == mine
    assert sorted(each.name for each in tape.parent.glob("*.backup-*")) == ["tape.py.backup-1"]


def test_checks_that_are_broken_are_named_and_the_others_go_on(
    grader: Grader, course: Path, here: Path
) -> None:
    """Missing, no Python, or without a test; nobody is told to mend their file for it."""
    (course / "checks" / "numpy_loss.py").unlink()
    (course / "checks" / "numpy_step.py").write_text("def test_it(\n", encoding="utf-8")
    (course / "checks" / "engine.py").write_text("x = 1\n", encoding="utf-8")
    write(here / "tokenizer.py", "list(zip(x, x[1:]))")
    names = ["numpy_loss", "numpy_step", "engine", "tokenizer"]
    status, output, errors = grader("check", *names, "--course", course)

    assert (status, errors) == (1, "")
    assert output.count("grader fault") == output.count("tell your instructor") == 3
    for name in names[:3]:
        assert f"The checks of {name} are broken, so your file was not checked." in output
        assert f"{Path('checks', name)}.py: " in output
    assert "edit " not in output
    assert "\N{CHECK MARK} passed        pairs: of 1 and 3" in output

    write(here / "numpy_step.py", "x[-1]")
    assert "\N{BLACK FLAG} check broken         numpy_step" in grader("list", "--course", course)[1]
    status, output, _ = grader("check", "--course", course)
    assert status == 1
    assert output.count("tell your instructor") == 3


@pytest.mark.parametrize(
    "command", [["check"], ["list"], ["watch"], ["reset", "tokenizer"]], ids=lambda each: each[0]
)
def test_a_typo_in_a_course_is_one_line(
    grader: Grader, course: Path, here: Path, command: list[str]
) -> None:
    """File, line and what was meant; exit status 2, and nothing is touched."""
    file = course / "course.toml"
    file.write_text(file.read_text("utf-8").replace("uses =", "use ="), encoding="utf-8")
    before = {each: each.read_bytes() for each in here.glob("*.*")}
    status, output, errors = grader(*command, "--course", course)

    assert (status, output) == (2, "")
    said = f"{file.resolve()}, line 17: 'use' is not known here; did you mean 'uses'?"
    assert errors == f"grader: {said}\n"
    assert {each: each.read_bytes() for each in here.glob("*.*")} == before


def test_a_solution_is_nobodys_file(
    grader: Grader, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who works in the course's own folder does not lose it to a reset; it can be checked."""
    monkeypatch.chdir(course)
    solution = (course / "tokenizer.py").read_bytes()
    assert grader("check", "tokenizer.py")[0] == 0
    assert grader("reset", "tokenizer.py")[0] == 2

    shutil.rmtree(course / "exercises")
    assert "but the course's solutions; `grader stubs` makes" in grader("check")[2]
    assert grader("reset", "tokenizer")[0] == 0
    assert (course / "tokenizer.py").read_bytes() == solution
    assert NOT_WRITTEN.search((course / "exercises" / "tokenizer.py").read_text("utf-8"))


def test_where_nobody_kept_the_stubs_work_is_no_stub(
    grader: Grader, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A course without solutions in whose own folder a student works, at the top or in stubs."""
    for solution in course.glob("*.py"):
        solution.unlink()
    work = course / "exercises" / "tokenizer.py"
    write(work, "list(zip(x, x[1:]))")
    mine = work.read_bytes()
    monkeypatch.chdir(course)
    status, output, _ = grader("check", "tokenizer")
    reset = grader("reset", "tokenizer")

    assert status == 0
    assert reset[0] == 2
    assert "is the course's only copy of what was given out" in reset[2]
    assert work.read_bytes() == mine
    assert "You changed" not in output
    shutil.move(work, course)
    work.with_suffix(".ipynb").unlink()
    assert grader("check", "tokenizer")[:2] == (0, output)


def test_a_data_file_that_only_lies_here_is_told(grader: Grader, course: Path, here: Path) -> None:
    """What the course gives out under `data` is there, and so is what its exercise asks for."""
    (course / "data").mkdir()
    (course / "data" / "rain.txt").write_text("1", encoding="utf-8")
    shutil.copytree(course / "data", here / "data")
    for name in ("numbers.csv", "data/mine.txt"):
        (here / name).write_text("1", encoding="utf-8")
    write(here / "tokenizer.py", "list(zip(x, x[1:]))")
    names = ["numbers.csv", "data/rain.txt", "data/mine.txt", "data", "tokenizer.py", "no.csv"]
    with (here / "tokenizer.py").open("a", encoding="utf-8") as file:
        file.write(f"\n\nNAMES = {names}\n")
    output = grader("check", "tokenizer", "--course", course)[1]

    notes = [line for line in output.splitlines() if line.startswith("  Note: ")]
    assert [note.split()[4] for note in notes] == ["data/mine.txt.", "numbers.csv."]
    assert all(note.endswith("graded: only tokenizer.py is handed in.") for note in notes)


@pytest.mark.parametrize("size", [(80, 24), (60, 24), (100, 14)], ids=str)
@pytest.mark.parametrize(
    "names",
    [["sole"], ["numpy_loss", "numpy_step", "engine"], [f"part{chr(97 + n)}_x" for n in range(26)]],
)
def test_a_screen_shows_the_current_exercise_among_any_number(
    tmp_path: Path, names: list[str], size: tuple[int, int]
) -> None:
    """As many lines as the terminal has, none too long; the count is whole under a long title."""
    course = many_exercises(tmp_path, names)
    session = Session(course, nobody_asks)
    console = Console(file=io.StringIO(), width=size[0], height=size[1])
    for exercise in course.exercises:
        session.look_at(exercise)
        lines = [line.plain for line in compose(session, View(), console)]
        sign = course.sign(exercise)
        assert len(lines) == size[1]
        assert max(map(len, lines)) <= size[0]
        assert size[1] < 20 or lines[0].endswith(f"0 of {len(names)} done")
        assert any(f"\N{EN DASH}{sign}" in line.split() for line in lines[:4])


def test_a_watch_of_some_exercises_shows_no_others(tmp_path: Path) -> None:
    """A save of another one is none of its business, and there is no next one to go to."""
    course = many_exercises(tmp_path, ["numpy_loss", "numpy_step", "engine"])
    session = Session(course, nobody_asks, course.exercises[1:2])
    session.begin()
    taken = session.saved(course.exercises[0])
    session.go(1)
    lines = [line.plain for line in compose(session, View(), Console(width=80, height=24))]

    assert not taken
    assert session.current == course.exercises[1]
    assert session.states().keys() == {"numpy_step"}
    assert lines[0].endswith("0 of 1 done")
    assert "engine" not in "\n".join(lines)
    assert lines[-1].split() == ["h", "hint", "l", "list", "r", "reset", "q", "quit"]


def test_what_is_watched_is_named_as_what_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a file too, if it is the one that counts; they come in the course's order."""
    course = many_exercises(tmp_path, ["hw1_loss", "hw2_step", "hw3_loop"])
    monkeypatch.chdir(tmp_path)
    for name in ("hw1_loss.py", "hw2_step.py", "hw2_step_copy.py"):
        Path(name).touch()

    assert exercises_to_watch(course, ["hw2_step.py", "1"]) == course.exercises[:2]
    with pytest.raises(UsageError, match=r"watch follows hw2_step\.py, and not hw2_step_copy\.py"):
        exercises_to_watch(course, ["hw2_step_copy.py"])
    with pytest.raises(UsageError, match="there is no exercise 'hw9'"):
        exercises_to_watch(course, ["hw9"])


@pytest.mark.parametrize(("height", "whole"), [(24, 5), (14, 2), (12, 0)])
def test_a_long_title_is_whole_where_there_are_rows_for_it(
    tmp_path: Path, height: int, whole: int
) -> None:
    """The first ones are; the end of each other is cut."""
    (course, title) = many_exercises(tmp_path, ["hw1_loss"]), "loss: " + "a long title " * 5 + "end"
    result = TestResult(
        name="t", title=title, public=True, verdict=Verdict.PASSED, score=0, max_score=0
    )
    session = Session(course, nobody_asks)
    session.current, session.files["hw1_loss"] = course.exercises[0], Path("hw1_loss.py")
    session.choices["hw1_loss"] = ""
    session.results["hw1_loss"] = Checked("hw1_loss", "hw1_loss.py", (result,) * 5, Place("here"))
    lines = [line.plain for line in compose(session, View(), Console(width=60, height=height))]

    assert sum("✓ passed" in line for line in lines) == 5
    assert sum(line.endswith(" end") for line in lines) == whole


def test_signs_tell_exercises_apart(made: Course) -> None:
    """A first word is enough where no other exercise has it."""
    signs = [made.sign(each) for each in made.exercises]

    assert signs == ["numpy_loss", "numpy_step", "engine", "tokenizer"]


def test_a_watch_is_told_its_course(course: Path, here: Path) -> None:
    """A save in a folder below is noticed, and what builds on it is checked again."""
    arguments = ["watch", "--course", str(course)]
    with Terminal(here, arguments, columns=60) as terminal:
        terminal.wait_for(TITLE, "0 of 4 done", "numpy_loss  A loss in NumPy", "○ not started")
        write(here / "minigrad" / "tape.py", "2 * mean(x)")
        terminal.wait_for("engine  A small engine", "NotImplementedError: mean", without="Checking")
        write(here / "numpy_loss.py", "sum(x) / len(x)")
        terminal.wait_for("✓numpy_loss", "✓engine", "2 of 4 done")
        write(here / "tokenizer.py", "list(zip(x, x[1:]))")
        terminal.wait_for("Next: that was the last exercise: hand in", "3 of 4 done")
        terminal.press("l")
        terminal.wait_for("✓ done         15 min  numpy_loss", "✓ done                 tokenizer")
