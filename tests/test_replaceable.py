"""Files that commands are told to write: nobody's own file is lost by a name typed wrong."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tiny_course import write_course
from typer.testing import CliRunner

from grader.cli import app
from grader.errors import GraderError
from grader.files.replaceable import is_own_page, require_own
from grader.files.zipping import is_own_zip, write_zip
from grader.reports.changes.changes_file import is_own_table, write_changes
from grader.runs.history.comparing import RunDiff
from grader.runs.history.kept_runs import RunRecord
from grader.runs.kept_class import Circumstances

if TYPE_CHECKING:
    from collections.abc import Callable

RUN = RunRecord(number=1, at="", circumstances=Circumstances((), "cpu", "none"))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a course."""
    return write_course(tmp_path_factory.mktemp("here") / "course")


@pytest.mark.parametrize("at", ["hw1.zip", "list.csv", "a folder", "no folder/x"])
@pytest.mark.parametrize(
    "command",
    [
        ("release", "{}"),
        ("bundle", "gradescope", "{}"),
        ("prove", "--page", "{}"),
        ("diff", "1", "2", "--csv", "{}"),
    ],
)
def test_what_somebody_else_wrote_stays(
    course: Path, tmp_path: Path, command: tuple[str, ...], at: str
) -> None:
    """The download of a class, its list, a folder; each is refused before anything is done."""
    with zipfile.ZipFile(tmp_path / "hw1.zip", "w") as download:
        download.writestr("ana/double.py", "def double(x): ...\n")
    (tmp_path / "list.csv").write_text("student,name\n4401,Ana\n")
    (tmp_path / "a folder").mkdir()
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    of_course = [] if command[0] == "diff" else ["--course", str(course)]
    done = CliRunner().invoke(app, [each.format(tmp_path / at) for each in command] + of_course)

    assert isinstance(done.exception, GraderError)
    assert str(tmp_path / at) in str(done.exception)
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def _zip(path: Path) -> None:
    write_zip(path, [("lab/README.md", b"# Lab"), ("lab/run", b"#!/bin/sh")])


def _table(path: Path) -> None:
    with path.open("wb") as file:
        write_changes(file, RunDiff(RUN, RUN))


def _page(path: Path) -> None:
    base = Path(__file__).parents[1] / "templates" / "base.html"
    path.write_text(base.read_text("utf-8"), encoding="utf-8")


@pytest.mark.parametrize(
    ("write", "is_own"), [(_zip, is_own_zip), (_table, is_own_table), (_page, is_own_page)]
)
def test_what_the_grader_wrote_is_replaced(
    tmp_path: Path, write: Callable[[Path], None], is_own: Callable[[Path], bool]
) -> None:
    """So is an empty file; another one is not."""
    place = tmp_path / "file"
    for content in (None, b""):
        if content is not None:
            place.write_bytes(content)
        require_own(place, is_own)
    write(place)
    require_own(place, is_own)

    place.write_text("mine")
    with pytest.raises(GraderError, match="the grader did not write it"):
        require_own(place, is_own)
