"""What COURSES.md tells authors to type and to write is taken by the program as it stands."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from doc_pages import blocks_of, commands_in
from typer.main import get_command
from typer.testing import CliRunner

from grader.cli import app
from grader.courses import load_course
from grader.proving.cases import Kind
from grader.proving.running import prove_here

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from click import Group

BLOCKS = blocks_of("COURSES.md")
COMMANDS = commands_in("COURSES.md")
QUICK = {"new", "stubs", "release"}  # the others need a class, or are run below
CHECK = '''"""Public checks."""

import torch

from grader.suite import expect


def test_two_scores(student):
    """softmax: two equal scores."""
    expect(student.softmax(torch.zeros(1, 2))).equals(torch.full((1, 2), 0.5))
'''


def block(language: str, begin: str) -> str:
    """Return the only block of the page that begins so."""
    (found,) = (text for kind, text in BLOCKS if kind == language and text.startswith(begin))
    return found


def test_the_commands_do_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quick ones are run in their order; of the others, every word is one that they take."""
    monkeypatch.chdir(tmp_path)
    group: Group = get_command(app)  # type: ignore[assignment] # it has commands
    for line in COMMANDS:
        _, name, *arguments = shlex.split(line)
        if name in QUICK:
            done = CliRunner().invoke(app, [name, *arguments])
            assert done.exit_code == 0, (line, done.output)
        else:
            command = group.commands[name]
            command.make_context(name, arguments)

    assert {shlex.split(line)[1] for line in COMMANDS} == {*QUICK, "prove", "grade", "export"}
    assert (tmp_path / "mycourse" / "exercises" / "softmax.py").is_file()
    assert (tmp_path / "lab.zip").is_file()


def test_the_worked_example_is_proved(tmp_path: Path) -> None:
    """Its blocks make a course: each wrong work is named, and what it accepts is there."""
    files = {
        "course.toml": block("toml", "version"),
        "softmax.py": f'"""Softmax."""\n\nimport torch\n\n\n{block("python", "def softmax")}',
        "hidden/softmax.py": "import torch\n\n" + block("python", "from grader.suite"),
        "checks/softmax.py": CHECK,
        "mistakes.toml": block("toml", "[softmax-over-batch]"),
        "accepted.toml": block("toml", "[[softmax]]\noperator"),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    course = load_course(tmp_path)

    proof = prove_here(course, course.exercises[0])

    findings = [each.words for each in proof.findings]
    assert [each for each in findings if not each.startswith("no test sees this")] == []
    assert proof.of_kind(Kind.WRONG).keys() == {"softmax-over-batch"}
