"""What `course.toml` says of files, and what is said of what can't be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from several_course import FILES, course_in
from typer.testing import CliRunner

from grader.cli import app
from grader.courses import load_course
from grader.doctor.checks import State
from grader.doctor.machine import required
from grader.errors import InfrastructureError, UsageError
from grader.judge.local import run_locally
from grader.release.contents import contents

if TYPE_CHECKING:
    from pathlib import Path

TABLE = FILES["course.toml"]
NAMES = ("minigrad/__init__.py", "minigrad/engine.py", "minigrad/nn.py", "weights.bin")


def test_an_exercise_has_the_files_that_its_patterns_name(tmp_path: Path) -> None:
    """Of a pattern those that the course has, what is named in full whether it is there or not."""
    units, grad = course_in(tmp_path).exercises
    (tmp_path / "weights.bin").unlink()

    assert grad.file_names == NAMES
    assert (grad.entry, grad.uses, units.entry) == ("minigrad", (units,), "")
    assert list(units.given) == ["helpers.py"]
    assert list(grad.all_given) == ["helpers.py"]


@pytest.mark.parametrize("folder", ["solutions", "exercises"])
def test_its_files_may_lie_in_a_folder(tmp_path: Path, folder: str) -> None:
    """Where the solutions are, or what is made of them."""
    _, grad = course_in(tmp_path).exercises
    (tmp_path / folder).mkdir()
    (tmp_path / "minigrad").rename(tmp_path / folder / "minigrad")

    assert grad.file_names == NAMES


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("minigrad/*.py", "../*.py", "line 11: 'files' must be a list of files such as"),
        ("minigrad/*.py", "/etc/*.py", "line 11: 'files' must be a list of files such as"),
        ("minigrad/*.py", "a/../b.py", "line 11: 'files' must be a list of files such as"),
        ("minigrad/*.py", "*/nn.py", "line 11: 'files' must be a list of files such as"),
        ("minigrad/*.py", "*.py", "line 11: 'files' must be a list of files such as"),
        ("minigrad/*.py", "minigrad/**", "line 11: 'files' must be a list of files such as"),
        ("minigrad/*.py", "minigrad/[a-z].py", "line 11: 'files' must be a list of files"),
        ("weights.bin", "work.ipynb", "line 11: 'work.ipynb' is a notebook, and those are"),
        ("weights.bin", "json.py", "line 11: 'json.py' has the name of a module that is there"),
        ("weights.bin", "torch/nn.py", "line 11: 'torch/nn.py' has the name of a module"),
        ("weights.bin", "Minigrad/*.py", "line 11: 'Minigrad/*.py' belongs to the exercise 'grad'"),
        ("weights.bin", "units.py", "belongs to the exercise 'units' already"),
        (
            'entry = "minigrad"',
            'entry = "other"',
            "line 12: none of its files is the module 'other'",
        ),
        ('entry = "minigrad"\n', "", "line 11: none of its files is the module 'grad': say in"),
        ('entry = "minigrad"', 'entry = "a b"', "line 12: 'entry' must be the name of a module"),
        ('"Units"', '"Units"\nentry = "x"', "line 7: an `entry` is one of several `files`"),
        (
            'uses = ["units"]',
            'uses = ["grad"]',
            "line 13: 'grad' is no module of an exercise",
        ),
        ('uses = ["units"]', 'uses = ["nought"]', "line 13: 'nought' is no module of an"),
        ('"Units"', '"Units"\ncells = ["a"]', "line 14: 'units' is no module of an exercise"),
        (
            'entry = "minigrad"',
            'cells = ["a"]\nentry = "minigrad"',
            "line 12: an exercise has either",
        ),
    ],
)
def test_what_can_not_be_meant_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """No name leads out of the course, and no two exercises share a file."""
    assert old in TABLE
    (tmp_path / "course.toml").write_text(TABLE.replace(old, new, 1))
    with pytest.raises(UsageError, match=r"course\.toml, line \d+: ") as refused:
        load_course(tmp_path)

    assert said in str(refused.value)


def test_a_given_module_of_pythons_own_name_is_a_fault_of_the_course(tmp_path: Path) -> None:
    """It would be found in the place of what everything else imports."""
    units, _ = course_in(tmp_path).exercises
    (tmp_path / "given" / "units" / "json.py").touch()

    with pytest.raises(InfrastructureError, match=r"json\.py has the name of a module that is"):
        run_locally(units, tmp_path / "units.py")


def test_packages_that_are_required_and_are_not_there_are_told(tmp_path: Path) -> None:
    """By the doctor, and before anybody is graded."""
    course_in(tmp_path)
    (tmp_path / "course.toml").write_text('requires = ["numpy", "nowhere_at_all"]\n' + TABLE)
    course = load_course(tmp_path)
    where = ["--course", f"{tmp_path}", "--output", f"{tmp_path}/reports"]
    run = CliRunner().invoke(app, ["grade", f"{tmp_path}", *where])

    assert course.lacking == ("nowhere_at_all",)
    assert [each.state for each in required(course)] == [State.OK, State.FAIL]
    assert isinstance(run.exception, UsageError)
    assert "the course requires nowhere_at_all, which can't be imported" in str(run.exception)
    assert not (tmp_path / "reports").exists()


def test_students_get_stubs_of_all_files_and_what_comes_with_them(tmp_path: Path) -> None:
    """To work with, and where a check finds them as they were; nothing of a solution."""
    files = contents(course_in(tmp_path), almost=True)

    assert {name for name in files if name.startswith("exercises/")} == {
        *("exercises/units.py", "exercises/units.ipynb", "exercises/helpers.py"),
        *(f"exercises/{name}" for name in NAMES[:3]),
        "exercises/data/table.csv",
    }
    assert files["grader/lab/given/units/helpers.py"] == files["exercises/helpers.py"]
    assert files["grader/lab/data/table.csv"] == files["exercises/data/table.csv"]
    assert b"double(double(x))" not in b"".join(files.values())
