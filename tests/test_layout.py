"""Where in a download the students' folders are, and what is asked where that is not clear."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest
from the_lab import find_class

from grader.courses import resource
from grader.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from grader.submissions import ClassWork

PY = "ex03_log_softmax.py"
STUB = (resource("exercises") / PY).read_bytes()


def laid_out(root: Path, *paths: str, content: bytes = b"x = 1\n") -> Path:
    """Write a file of somebody's work at each path."""
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return root


def as_zip(folder: Path, name: str = "download.zip") -> Path:
    """Pack what is in a folder."""
    path = folder.parent / name
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return path


def students(work: ClassWork) -> list[str]:
    """Name the students that were found."""
    return [each.student for each in work.submissions]


@pytest.mark.parametrize("around", ["submissions", "hw3", "Download/class"])
def test_a_folder_around_a_class_is_looked_through(tmp_path: Path, around: str) -> None:
    """In a folder and in a zip; the notes say where the students were found."""
    names = ("kim", "lee", "park")
    folder = laid_out(tmp_path / "in", *(f"{around}/{name}/{PY}" for name in names))

    for place in (folder, as_zip(folder)):
        work = find_class(place)
        assert students(work) == [*names]
        assert work.doubt == ""
        assert f"found in {around.rpartition('/')[2]}: 3" in work.notes[0]


def test_a_folder_called_like_its_zip_is_not_worth_a_note(tmp_path: Path) -> None:
    """That is how most programs pack a folder."""
    folder = laid_out(tmp_path / "in", f"hw3/kim/{PY}", f"hw3/lee/{PY}")
    work = find_class(as_zip(folder, "hw3.zip"))

    assert (students(work), work.notes) == (["kim", "lee"], ())


def test_parts_of_one_work_are_no_students(tmp_path: Path) -> None:
    """Folders for weeks and versions hold one student's work, whose newest counts."""
    parts = ("week 1", "week 2", "final", "old", "v2")
    work = find_class(laid_out(tmp_path / "class", *(f"kim/{part}/{PY}" for part in parts)))

    assert (students(work), work.doubt) == (["kim"], "")


def test_stubs_beside_the_work_make_no_class(tmp_path: Path) -> None:
    """The lab as it was handed out has each exercise several times."""
    root = laid_out(tmp_path / "class", f"kim/my_lab/{PY}")
    laid_out(root, f"kim/a/{PY}", f"kim/b/{PY}", f"kim/c/{PY}", content=STUB)

    assert find_class(root).doubt == ""


def test_classes_in_place_of_students_are_asked_about(tmp_path: Path) -> None:
    """Two sections side by side: which one is it to be?"""
    names = ("ana", "ben", "cy")
    sections = [f"section {letter}/{name}/{PY}" for letter in "AB" for name in names]
    doubt = find_class(laid_out(tmp_path / "class", *sections)).doubt

    assert "section A/ with 3, section B/ with 3 folders that hold the same exercise" in doubt
    assert "pass one of these folders itself" in doubt


def test_one_class_in_three_packings_is_not_three_students(tmp_path: Path) -> None:
    """Whoever keeps what was downloaded beside what was unpacked is asked which it is."""
    names = ("ana", "ben", "cy")
    folder = laid_out(tmp_path / "class" / "unpacked", *(f"hw3/{name}/{PY}" for name in names))
    (tmp_path / "class" / "downloads").mkdir()
    as_zip(folder).rename(tmp_path / "class" / "downloads" / "hw3.zip")

    doubt = find_class(tmp_path / "class").doubt
    assert "downloads/ with 3, unpacked/ with 3 folders that hold the same exercise" in doubt


def test_three_copies_of_one_student_stop_nobodys_class(tmp_path: Path) -> None:
    """Whoever hands in a mess is graded, and so are the others."""
    root = laid_out(tmp_path / "class", *(f"mess/{each}/{PY}" for each in "xyz"))
    laid_out(root, *(f"{name}/{PY}" for name in ("ana", "ben")))
    work = find_class(root)

    assert (students(work), work.doubt) == (["ana", "ben", "mess"], "")


def test_virtual_environments_lose_nobody(tmp_path: Path) -> None:
    """Nothing in them is looked at, and nobody's work behind them is lost."""
    root = laid_out(tmp_path / "class", f"kim/zzz/{PY}", f"lee/{PY}")
    laid_out(root, "kim/venv/pyvenv.cfg", f"kim/venv/lib/{PY}", f"kim/node_modules/x/{PY}")
    kim, _ = find_class(root).submissions

    assert [file.name for file in kim.found] == [f"zzz/{PY}"]


def test_archives_that_are_not_read_keep_their_students(tmp_path: Path) -> None:
    """Nobody is missing because of how the work was packed."""
    work = find_class(laid_out(tmp_path / "class", f"kim/{PY}", "lee.rar", "park.7z"))

    assert students(work) == ["kim", "lee", "park"]
    assert [file.name for file in work.submissions[1].found] == ["lee.rar"]


@pytest.mark.parametrize("names", [[], ["a.rar", "b.rar"], ["notes.txt"]])
def test_where_nothing_is_found_the_line_says_what_is_there(
    tmp_path: Path, names: list[str]
) -> None:
    """An instructor sees at once what was passed."""
    (tmp_path / "class").mkdir()
    laid_out(tmp_path / "class", *names)
    with pytest.raises(UsageError, match=names[0] if names else "it is empty"):
        find_class(tmp_path / "class")
