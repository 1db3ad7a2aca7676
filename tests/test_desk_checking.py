"""Tests of `grader check`, as a student runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.cli import main
from grader.courses import Exercise, carried_course
from grader.courses.declared.table import read_table
from grader.courses.mistakes import known_mistakes
from grader.desk.files import files_to_check
from grader.desk.given_out import pristine
from grader.desk.history import FILE_NAME
from grader.desk.resetting import reset_exercise
from grader.errors import UsageError
from grader.judge.plugin import run_suites

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.judge.plugin import SuiteRunner

    Command = Callable[..., tuple[object, str, str]]

LAB = carried_course()
ROOT = Path(__file__).resolve().parents[1]
SOLUTION, STUB = ROOT / "solutions" / "ex04_autograd.py", ROOT / "exercises" / "ex04_autograd.py"
FIRST_RAISE = '    raise NotImplementedError("gradient_of_mean_square is not written yet")'
WRONG_LINE = "\n\ndef gradient_of_mean_square(x):\n    return 2 * x\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def check(grader: Command) -> Command:
    """Return what runs the command: exit status, output, errors."""
    return partial(grader, "check")


def test_a_solution_passes(check: Command, here: Path) -> None:
    """Exit status 0, a line for each check, the hidden tests, and where to go on."""
    shutil.copy(SOLUTION, here)
    status, output, errors = check("ex04")
    first, *checks, empty, tally, able, following = output.rstrip().splitlines()

    assert (status, errors, empty) == (0, "", "")
    assert first == "ex04_autograd  Letting PyTorch differentiate"
    assert len(checks) >= 2
    assert all(line.startswith("  \N{CHECK MARK} passed  ") for line in checks)
    assert tally.startswith(f"  {len(checks)} of {len(checks)} checks passed. (Your points come ")
    assert f" {LAB.exercise_named('ex04').hidden_tests} more tests, run after" in tally
    assert able == f"  {LAB.exercise_named('ex04').learned}"
    assert following.startswith("  Next: go on with ex05_backprop, then run `")


def test_a_stub_is_not_started(check: Command, here: Path) -> None:
    """Exit status 1; the first check is told in full, and the line to write at comes last."""
    shutil.copy(STUB, here)
    status, output, errors = check("ex04_autograd.py")
    line = 1 + STUB.read_text(encoding="utf-8").splitlines().index(FIRST_RAISE)

    assert (status, errors) == (1, "")
    assert output.count(" not started  ") >= 2
    assert output.count("is not written yet (") == 1
    assert output.rstrip().splitlines()[-1] == (
        f"  Next: edit ex04_autograd.py:{line}, then run `grader check ex04_autograd.py` again"
    )


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_blank_page_has_hints(check: Command, here: Path, step: int) -> None:
    """As far as was asked for, and the command for the next one, of the function that is open."""
    written = SOLUTION.read_text(encoding="utf-8").partition("\n\ndef parameter_gradients")[0]
    stub = STUB.read_text(encoding="utf-8").partition("\n\ndef parameter_gradients")
    (here / STUB.name).write_text(f"{written}{stub[1]}{stub[2]}", encoding="utf-8")
    status, output, _ = check("ex04", "--hint", str(step))
    hints = read_table(LAB.folder).starts["ex04_autograd"]["parameter_gradients"]

    assert status == 1
    assert [hint in output for hint in hints] == [number < step for number in range(3)]
    assert (f"  Another hint: `grader check ex04 --hint {step + 1}`\n" in output) == (step < 3)


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_wrong_answer_is_explained(check: Command, here: Path, step: int) -> None:
    """Both values, the mistake, its hint as far as was asked for, and the function to edit."""
    file = here / SOLUTION.name
    source = SOLUTION.read_text(encoding="utf-8") + WRONG_LINE
    file.write_text(source, encoding="utf-8")
    status, output, _ = check("ex04", "--hint", str(step))
    known = known_mistakes(carried_course())["sum-not-mean"]
    line = source[: source.rindex("return ")].count("\n") + 1

    assert status == 1
    assert "yours: " in output
    assert "right: " in output
    assert f"  {known.sentence}" in output
    assert [hint in output for hint in known.hints] == [number < step for number in range(3)]
    assert f"  Next: edit ex04_autograd.py:{line}, then run" in output


def test_what_was_left_out_when_the_file_was_loaded_is_said(
    check: Command, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file beside it and a question to the keyboard would be missed when it is graded, too."""
    (here / "my_layers.py").write_text("def block(): ...\n", encoding="utf-8")
    more = "from my_layers import block\nepochs = input('Epochs? ')\n"
    source = SOLUTION.read_text(encoding="utf-8") + more
    (here / SOLUTION.name).write_text(source, encoding="utf-8")
    monkeypatch.setattr(sys, "path", ["", *sys.path])  # as `python -m grader` has it
    status, output, _ = check("ex04")
    notes = [line for line in output.splitlines() if line.startswith("  Note: ex04_autograd.py:")]

    assert status == 0
    assert "`from my_layers import block` was skipped: my_layers.py lies beside it" in notes[0]
    assert "your file asks for input() when it is loaded" in notes[1]
    assert len(notes) == 2


def test_the_same_mistake_three_times_in_a_row_shows_more(check: Command, here: Path) -> None:
    """Only a file that changed in between counts, and what was seen is kept in no other place."""
    hints = known_mistakes(carried_course())["sum-not-mean"].hints
    shown = []
    for edition in ("a", "a", "b", "c"):
        source = f"{SOLUTION.read_text(encoding='utf-8')}{WRONG_LINE}# {edition}"
        (here / SOLUTION.name).write_text(source, encoding="utf-8")
        output = check("ex04")[1]
        shown.append(sum(hint in output for hint in hints))

    assert shown == [1, 1, 1, 2]
    assert (here / FILE_NAME).is_file()


def test_a_file_that_does_not_parse_is_told_with_its_line(check: Command, here: Path) -> None:
    """No traceback; every check is unreadable."""
    (here / SOLUTION.name).write_text("x = 1\ndef f(x:\n", encoding="utf-8")
    status, output, errors = check("ex04")

    assert (status, errors) == (1, "")
    assert "ex04_autograd.py:2: SyntaxError: '(' was never closed" in output
    assert "\n      def f(x:\n           ^\n  Hint: Python stopped reading at the ^." in output
    assert output.count("? unreadable") == output.count("can't be read, so no check was run") == 1
    assert "Traceback" not in output


def test_a_notebook_is_checked_like_a_module(check: Command, here: Path) -> None:
    """Its code cells together are the solution."""
    cell = {"cell_type": "code", "source": SOLUTION.read_text(encoding="utf-8")}
    notebook = json.dumps({"cells": [cell]})
    (here / "ex04_autograd.ipynb").write_text(notebook, encoding="utf-8")
    status, output, _ = check("ex04_autograd.ipynb")

    assert status == 0
    assert "checks passed" in output


def test_of_two_changed_files_the_module_counts_and_both_commands_say_so(
    check: Command, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in the grade; a notebook that was named is checked, and the sentence stands first."""
    shutil.copy(SOLUTION, here)
    notebook = here / "ex04_autograd.ipynb"
    notebook.write_text(json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}]}))
    said = "You changed ex04_autograd.py and ex04_autograd.ipynb: only ex04_autograd.py is checked"
    status, output, _ = check("ex04")
    named = check(notebook.name)
    monkeypatch.setattr(sys, "argv", ["grader", "list"])
    with pytest.raises(SystemExit):
        main()

    assert status == 0
    assert output.splitlines()[1].startswith(f"  {said}")
    assert named[0] == 1
    assert named[1].splitlines()[1].startswith(f"  {said}")
    assert capsys.readouterr().out.startswith(said)

    shutil.copy(STUB, here)
    assert check("ex04")[0] == 1
    assert f"{STUB.name} is unchanged: {notebook.name} is the one" in check(STUB.name)[1]


def test_the_first_that_is_not_done_is_checked_where_none_is_named(
    check: Command, here: Path
) -> None:
    """What is done is found by running it, and named."""
    (here / "exercises").mkdir()
    shutil.copy(SOLUTION, here / "exercises")
    shutil.copy(ROOT / "exercises" / "ex05_backprop.py", here / "exercises")
    status, output, _ = check()

    assert status == 1
    assert output.startswith("Done: ex04.\n\nex05_backprop  ")

    (here / "exercises" / "ex05_backprop.py").unlink()
    assert check() == (0, "ex04 is done.\n", "")


def test_several_files_are_checked_one_after_the_other(check: Command, here: Path) -> None:
    """One that fails decides the status, and does not stop the others."""
    shutil.copy(ROOT / "exercises" / "ex03_log_softmax.py", here)
    shutil.copy(SOLUTION, here)
    status, output, _ = check("ex03", "ex04")

    assert status == 1
    assert "ex03_log_softmax  " in output
    assert "ex04_autograd  " in output


def test_the_number_of_hidden_tests_is_true() -> None:
    """Students are told it where the hidden suites are not."""
    counted = {}

    def serve(runner: SuiteRunner) -> None:
        tests_of = runner.suites.tests_of
        counted.update({each: len(tests_of(each, public=False)) for each in LAB.exercises})

    run_suites([exercise.hidden_suite for exercise in LAB.exercises], serve)

    assert counted == {exercise: exercise.hidden_tests for exercise in LAB.exercises}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "there is no exercise here"),
        (["ex99"], "there is no exercise 'ex99'; there are ex01_losses, "),
        (["ex04"], f"there is no file of ex04_autograd; expected {Path('exercises')}"),
        (["ex04_autograd.py"], "there is no file ex04_autograd.py"),
    ],
)
def test_nothing_to_check_is_one_line(check: Command, arguments: list[str], words: str) -> None:
    """Exit status 2, and what to do about it."""
    status, output, errors = check(*arguments)

    assert (status, output) == (2, "")
    assert errors.startswith(f"grader: {words}")
    assert errors.count("\n") == 1


def test_a_file_of_another_name_is_no_exercise(here: Path) -> None:
    """Its name says which checks it wants."""
    (here / "mine.py").write_text("x = 1", encoding="utf-8")

    with pytest.raises(UsageError, match="no exercise 'mine'"):
        files_to_check(LAB, ["mine.py"])


def test_a_file_can_be_anywhere(here: Path) -> None:
    """A path to it is enough."""
    (here / "deep").mkdir()
    file = Path("deep") / SOLUTION.name
    shutil.copy(SOLUTION, file)

    assert files_to_check(LAB, [str(file)]) == [(LAB.exercise_named("ex04"), file)]


def test_a_file_can_have_any_name_that_the_grade_knows(here: Path) -> None:
    """What is checked under a name is graded under it."""
    file = here / "Kim_ex4-autograd (1).py"
    shutil.copy(SOLUTION, file)

    assert files_to_check(LAB, [str(file)]) == [(LAB.exercise_named("ex04"), file)]


@pytest.mark.parametrize("exercise", LAB.exercises, ids=lambda exercise: exercise.name)
def test_an_exercise_is_found_by_its_beginning(here: Path, exercise: Exercise) -> None:
    """In the folder `exercises` before the one it stands in."""
    (here / "exercises").mkdir()
    name = exercise.file_names[0]
    inner, outer = Path("exercises", name), Path(name)
    outer.touch()
    assert files_to_check(LAB, [exercise.name[:4]]) == [(exercise, outer)]

    inner.touch()
    assert files_to_check(LAB, [exercise.name[:4]]) == [(exercise, inner)]


def test_a_stream_without_check_marks_gets_what_it_can_hold(here: Path) -> None:
    """A pipe on Windows is one. `check` works there, and leaves no folder that it ran code in."""
    shutil.copy(STUB, here)
    temporary = here / "temporary"
    temporary.mkdir()
    run = subprocess.run(
        [sys.executable, "-m", "grader", "check", "ex04"],
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "TMPDIR": str(temporary)},
        capture_output=True,
        check=False,
        timeout=300,
    )

    assert (run.returncode, run.stderr) == (1, b"")
    assert b"? not started" in run.stdout
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_reset_keeps_work_and_no_copy_of_what_was_given_out(here: Path, ends: bytes) -> None:
    """Whatever a line of an untouched file ends in; a second reset makes no second copy."""
    file, given = (
        here / "ex04_autograd.py",
        pristine(LAB, LAB.exercise_named("ex04"), "ex04_autograd.py"),
    )
    file.write_bytes(given.replace(b"\n", ends))
    assert (
        reset_exercise(LAB, LAB.exercise_named("ex04"), file)
        == f"{file} is the original file again."
    )
    assert list(here.iterdir()) == [file]

    file.write_bytes(given + b"# mine\n")
    for _ in range(2):
        reset_exercise(LAB, LAB.exercise_named("ex04"), file)
    backup = here / f"{file.name}.backup-1"
    assert sorted(here.iterdir()) == [file, backup]
    assert (file.read_bytes(), backup.read_bytes()) == (given, given + b"# mine\n")
