"""Tests of `grader watch` in a real terminal, and in none."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
SOLUTION = (ROOT / "solutions" / "ex01_losses.py").read_text(encoding="utf-8")
ONE_HOT = "\n\ndef one_hot(labels, num_classes):\n"
LAST_LINE = (SOLUTION + ONE_HOT).count("\n") + 1
WRONG = SOLUTION + ONE_HOT + "    return torch.eye(num_classes, dtype=torch.int64)[labels]\n"
DIMMED = re.compile(r"\x1b\[2m  \x1b\[1mYour rows are right")
COLOUR = re.compile(r"\x1b\[[0-9;]*[34][0-7]m")


def unpacked(release_zip: Path, folder: Path) -> Path:
    """Unpack what students get."""
    with zipfile.ZipFile(release_zip) as archive:
        archive.extractall(folder)
    return folder / "nn-training-lab"


@pytest.fixture(scope="module")
def folder(release_zip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a student's folder."""
    return unpacked(release_zip, tmp_path_factory.mktemp("student"))


@pytest.fixture(scope="module")
def watch(folder: Path) -> Iterator[Terminal]:
    """Watch it in a terminal of 80x24; one for all tests, each of which saves its own edition."""
    with Terminal(folder, ["watch", "--limit", "1"]) as terminal:
        terminal.wait_for("0 of 11 done", "9 checks passed")
        yield terminal


@pytest.fixture
def file(folder: Path) -> Path:
    """Return the module of the first exercise."""
    return folder / "exercises" / "ex01_losses.py"


def test_the_whole_arc_from_untouched_to_done(
    watch: Terminal, file: Path, release_zip: Path
) -> None:
    """Not started, wrong, more of the hint, right, on to the next, and back by a reset."""
    with zipfile.ZipFile(release_zip) as archive:
        file.write_bytes(archive.read(f"nn-training-lab/exercises/{file.name}"))
    edit = f"Next: edit {file.relative_to(file.parents[1])}:"
    screen = watch.wait_for("○ not started", "ex01_losses  How wrong is the network?", edit, "quit")
    assert len(screen.rstrip("\n").splitlines()) == 24
    watch.press("h")
    watch.wait_for("Hint 1: One number for the whole batch", "Hint 2: ")

    file.write_text(WRONG, encoding="utf-8")
    watch.wait_for("✗ wrong", "The dtype should be", "Hint: ", "◉01")
    watch.press("h")
    watch.wait_for("Hint 1: ", "Hint 2: ")
    watch.press("h", "h")
    watch.wait_for("Hint 3: ", "That was the last hint.")

    file.write_text(SOLUTION, encoding="utf-8")
    watch.wait_for("✓01", "1 of 11 done", " checks passed.", "press n for the next")
    watch.wait_for("You can now measure how wrong a network is")
    watch.press("s")
    watch.wait_for("Your instructor has the solutions.")
    watch.press("n")
    watch.wait_for("ex02_heads  One forward pass", "○ not started")
    watch.press("l")
    watch.wait_for(
        "✓ done             60 min  ex01_losses", "○ not started      25 min  ex02_heads"
    )
    watch.press("p")
    watch.wait_for("ex01_losses  How wrong", " checks passed.")

    watch.press("r")
    watch.wait_for("Press r again")
    watch.press("r")
    watch.wait_for("Your version is saved as", "○01", "0 of 11 done", "○ not started")
    assert file.with_name(f"{file.name}.backup-1").read_text(encoding="utf-8") == SOLUTION


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    while True:\n        pass\n", ["◔ timed out", "more than 1 s and was stopped"]),
        ("    raise ValueError('mine')\n", ["! crashed", "raised ValueError: mine"]),
        ("    import os; os._exit(0)\n", ["! crashed", "exit code 0"]),
        (
            "    return (\n",
            ["? unreadable", "SyntaxError: '(' was never closed", "return (", "       ^"],
        ),
        ("    print('looked at', labels.sum())\n", ["✗ wrong", "printed: looked at tensor(4)"]),
    ],
    ids=["endless loop", "exception", "dead process", "syntax error", "print"],
)
def test_code_that_fails_is_told_and_the_watch_goes_on(
    watch: Terminal, file: Path, body: str, said: list[str]
) -> None:
    """The line to edit is in the last line, and the next save is checked like any other."""
    file.write_text(SOLUTION + ONE_HOT + body, encoding="utf-8")
    screen = watch.wait_for("◉01", *said, ", then save", without="Running your code")
    found = re.search(r"Next: edit exercises.ex01_losses\.py(?::(\d+))?, then save", screen)
    assert found
    assert "os._exit" in body or abs(int(found[1]) - LAST_LINE) <= 1

    file.write_text(SOLUTION, encoding="utf-8")
    watch.wait_for("✓01", " checks passed.", without="Running your code")


def test_a_file_saved_twice_in_a_row_shows_the_second(watch: Terminal, file: Path) -> None:
    """Also where an editor replaces the file, and where nothing new is in it."""
    file.write_text(SOLUTION, encoding="utf-8")
    watch.wait_for("✓01", without="Running your code")
    file.write_text(SOLUTION + ONE_HOT + "    while True:\n        pass\n", encoding="utf-8")
    watch.wait_for("Running your code")
    fresh = file.with_name("ex01.tmp")
    fresh.write_text(WRONG, encoding="utf-8")
    fresh.replace(file)
    watch.wait_for("✗ wrong", "The dtype should be", without="Running your code")

    file.write_text(WRONG, encoding="utf-8")
    watch.press("h")
    watch.wait_for("Hint 2: ", "✗ wrong", without="Running your code")


def test_of_two_changed_files_the_module_counts(watch: Terminal, file: Path) -> None:
    """As in the grade, whichever was saved last; the screen says so above all else."""
    notebook = file.with_suffix(".ipynb")
    given_out = notebook.read_bytes()
    file.write_text(SOLUTION, encoding="utf-8")
    watch.wait_for("✓01", " checks passed.", without="Running your code")
    notebook.write_bytes(given_out.replace(b"NotImplementedError", b"ValueError"))
    screen = watch.wait_for("You changed ex01_losses.py and ex01_losses.ipynb", "✓01")
    assert screen.index("You changed") < screen.index("✓ passed")

    notebook.write_bytes(given_out)
    watch.wait_for(" checks passed.", without="You changed")


def test_an_endless_loop_counts_its_seconds(watch: Terminal, file: Path) -> None:
    """Meanwhile what was found before is dimmed."""
    file.write_text(WRONG, encoding="utf-8")
    watch.wait_for("✗ wrong", without="Running your code")
    assert not DIMMED.search(watch.screen(colours=True))

    file.write_text(f"{WRONG}while True:\n    pass\n", encoding="utf-8")
    watch.wait_for("Running your code for 1 s")
    assert DIMMED.search(watch.screen(colours=True))

    watch.wait_for("◔ timed out", without="Running your code")


def test_a_deleted_file_is_said_and_comes_back(watch: Terminal, file: Path) -> None:
    """The notebook of the exercise takes its place; where that is gone too, the key r helps."""
    notebook = file.with_suffix(".ipynb")
    file.write_text(WRONG, encoding="utf-8")
    watch.wait_for("✗ wrong", "ex01_losses.py:")
    file.unlink()
    watch.wait_for("○ not started", "ex01_losses.ipynb, cell ")
    given_out = notebook.read_bytes()
    notebook.unlink()
    watch.wait_for("There is no file ex01_losses.py", "–01")

    notebook.write_bytes(given_out)
    file.write_text(SOLUTION, encoding="utf-8")
    watch.wait_for("✓01", " checks passed.")


def test_quitting_leaves_the_terminal_as_it_was(release: Path) -> None:
    """An editor's panel without colours has diagnosis and hint, and nothing is left behind."""
    (release / "exercises" / "ex01_losses.py").write_text(WRONG, encoding="utf-8")
    scratch = release.parent / "scratch"
    scratch.mkdir()
    around = {"NO_COLOR": "1", "TMPDIR": str(scratch)}
    with Terminal(release, ["watch", "ex01"], columns=60, rows=14, environment=around) as terminal:
        screen = terminal.wait_for("✗ wrong", "Hint: ", "Next: edit", "q quit")
        assert screen.splitlines()[0].strip() == "◉01"
        assert "n next" not in screen
        assert "Your rows are right, but they hold whole numbers" in screen
        assert "s solution" not in screen
        assert not COLOUR.search(terminal.screen(colours=True))
        assert max(map(len, screen.splitlines())) <= 60
        assert "One-hot rows are multiplied" in screen

        terminal.press("q")
        screen = terminal.wait_for("LEFT 0")
        assert "Next: edit" not in screen
    assert list(scratch.iterdir()) == []


def test_colours_are_shown_where_nobody_objects(watch: Terminal, file: Path) -> None:
    """What the test before asserts the absence of is there otherwise."""
    file.write_text(WRONG, encoding="utf-8")
    watch.wait_for("✗ wrong")

    assert COLOUR.search(watch.screen(colours=True))


def test_without_a_terminal_each_result_is_printed(release: Path) -> None:
    """Plain lines, one a check, for whoever pipes them somewhere."""
    file = release / "exercises" / "ex01_losses.py"
    with subprocess.Popen(
        [sys.executable, "-m", "grader", "watch"],
        cwd=release,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            first = read_report(process)
            file.write_text(WRONG, encoding="utf-8")
            second = read_report(process)
        finally:
            process.kill()

    assert first.count("○ not started") == 9
    assert second.count("✗ wrong") == 1
    assert second.count("✓ passed") == 8
    assert "\x1b" not in first + second


def read_report(process: subprocess.Popen[str]) -> str:
    """Read what is printed up to what to do next."""
    lines: list[str] = []
    for line in process.stdout or ():
        lines.append(line)
        if "Next: " in line:
            break
    return "".join(lines)
