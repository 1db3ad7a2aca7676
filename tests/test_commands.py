"""What all commands have in common: help that can be read, a version, names that can be guessed."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
from the_lab import exercise_named, exercises_named, find_submissions
from typer.testing import CliRunner

from grader.cli import app
from grader.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = [each.callback.__name__ for each in app.registered_commands if each.callback]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_no_line_of_the_help_is_cut_on_a_narrow_terminal(command: str) -> None:
    """Eighty columns show every word."""
    runner = CliRunner(env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})
    done = runner.invoke(app, [*command.split(), "--help"], prog_name="grader")
    lines = [line for line in done.output.splitlines() if not line.startswith("Usage")]

    assert done.exit_code == 0
    assert not [line for line in lines if line.endswith(("…", "..."))]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_version_is_that_of_the_installed_package(command: str) -> None:
    """One line, for a report of a fault, whichever command is asked."""
    done = CliRunner().invoke(app, [*command.split(), "--version"])

    assert done.output == f"nn-training-lab {metadata.version('nn-training-lab')}\n"


@pytest.mark.parametrize(
    "name", ["6", "06", "ex6", "ex06", "EX06", " Ex06_Manual_Update ", "ex06_manual_update"]
)
def test_an_exercise_is_known_by_number_beginning_and_name(name: str) -> None:
    """In upper and lower case."""
    assert exercise_named(name).name == "ex06_manual_update"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ex06_manual_updates", "did you mean ex06_manual_update?"),
        ("backprob", "did you mean ex05_backprop?"),
        ("ex66", "there is no exercise 'ex66'; there are ex01_losses, ex02_heads"),
        ("ex99", "there is no exercise 'ex99'; there are ex01_losses"),
        ("100", "there is no exercise '100'; there are ex01_losses"),
        ("", "there is no exercise ''; there are ex01_losses"),
        ("ex", "'ex' may be ex01_losses, ex02_heads"),
        ("0", "there is no exercise '0'"),
        ("ex01_losses.py", "did you mean ex01_losses?"),
    ],
)
def test_an_unknown_exercise_is_answered_with_what_may_be_meant(name: str, words: str) -> None:
    """One line, whichever command was asked."""
    with pytest.raises(UsageError, match=r"exercise|may be") as refused:
        exercise_named(name)

    assert words in str(refused.value)


def test_several_exercises_may_stand_in_one_option() -> None:
    """In the order of the lab, each once."""
    names = [exercise.name[:4] for exercise in exercises_named(["ex06,3", "03", "lab"])]

    assert names == ["ex03", "ex06", "lab_"]


@pytest.mark.parametrize("command", ["check", "reset"])
def test_students_commands_answer_alike(command: str) -> None:
    """The same words as `grade --exercise`."""
    done = CliRunner().invoke(app, [command, "backprob"])

    assert "did you mean ex05_backprop?" in str(done.exception)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ex03_log_softmax.py", "is a single Python file: pass the folder with one folder per"),
        ("lab.ipynb", "is a single notebook: pass the folder with one folder per student"),
        ("class.tar.gz", "can't be read as a tar file"),
        ("class.7z", "is an archive of a kind that is not read: unpack it"),
        ("class.RAR", "is an archive of a kind that is not read: unpack it"),
        ("class.zip", "can't be read as a zip file"),
    ],
)
def test_a_file_that_is_no_class_is_told_what_it_is(tmp_path: Path, name: str, words: str) -> None:
    """And what to pass in its place."""
    (tmp_path / name).write_text("x = 1\n")

    with pytest.raises(UsageError, match="one folder per student") as refused:
        find_submissions(tmp_path / name)

    assert words in str(refused.value)


CTRL_C = """
import runpy, sys
loading = sys.argv.pop()
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == loading:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
runpy.run_module("grader", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("loading", ["typer", "grader.cli", "torch"])
def test_ctrl_c_while_a_command_starts_is_no_traceback(tmp_path: Path, loading: str) -> None:
    """Whatever is loaded just then."""
    (tmp_path / "ex04_autograd.py").write_text("x = 1\n")
    command = [sys.executable, "-c", CTRL_C, "check", "ex04", loading]
    run = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=180
    )

    assert (run.returncode, run.stdout, run.stderr) == (130, "", "")


@pytest.mark.parametrize(("arguments", "said"), [(["ex99"], "no exercise 'ex99'"), ([], "here")])
def test_what_is_not_there_is_said_before_torch_is_loaded(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    """A name that is spelled wrong, or a folder without exercises, is told within a second."""
    command = [sys.executable, "-c", CTRL_C, "check", *arguments, "torch"]
    run = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=180
    )

    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr
