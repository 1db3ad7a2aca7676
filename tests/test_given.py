"""Tests of what was given out: no work is lost behind it, and none of it is graded as work."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from the_lab import EXERCISES, LAB, find_submissions

if TYPE_CHECKING:
    from grader.submissions import HandIn, Submission

ROOT = Path(__file__).resolve().parents[1]
NAME = "ex03_log_softmax"
STUB = (ROOT / "exercises" / f"{NAME}.py").read_text(encoding="utf-8")
NOTEBOOK = (ROOT / "exercises" / f"{NAME}.ipynb").read_text(encoding="utf-8")
WORK = "def build_model():\n    return 1\n"


def handed_in(folder: Path, **files: str) -> HandIn:
    """Hand in files, the last one first; return what is read of them."""
    for place, (name, content) in enumerate(reversed(files.items())):
        file = folder / "alice" / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8", newline="")
        os.utime(file, (place * 1000, place * 1000))
    return submission(folder).read(NAME, LAB)


def submission(folder: Path) -> Submission:
    """Return the one submission of a class."""
    (found,) = find_submissions(folder)
    return found


def worked_notebook() -> str:
    """Return a notebook with one cell of work."""
    cell = {"cell_type": "code", "metadata": {}, "source": [WORK], "outputs": []}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def stub_that_ran() -> str:
    """Return the stub's notebook as Jupyter saves it once its cells have run."""
    notebook = json.loads(NOTEBOOK)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [{"output_type": "stream", "text": "x"}], "execution_count": 3}
            cell["source"] = "".join(cell["source"])
    return json.dumps(notebook)


@pytest.mark.parametrize(
    "stub", [STUB, STUB.replace("\n", "\r\n"), "\ufeff" + STUB.replace("\n\n", " \n\n")]
)
@pytest.mark.parametrize(
    "work", [f"{NAME} (1).py", f"my_work__week3__{NAME}.py", f"Copy of {NAME}.py"]
)
def test_work_comes_before_the_stub(tmp_path: Path, stub: str, work: str) -> None:
    """Though the stub has the better name and is newer; the note says which of them was taken."""
    hand_in = handed_in(tmp_path, **{f"{NAME}.py": stub, work: WORK})

    assert [file.content for file in hand_in.files] == [WORK.encode()]
    taken = work.replace("__", "/")
    why = "the other is the file as it was given out"
    both = f"{taken} and {NAME}.py were both handed in"
    assert hand_in.notes == (f"{both}; {taken} was graded: {why}.",)


def test_a_worked_notebook_comes_before_one_that_only_ran(tmp_path: Path) -> None:
    """Outputs, and how Jupyter writes a cell's lines, are no work."""
    hand_in = handed_in(
        tmp_path, **{f"{NAME}.ipynb": stub_that_ran(), f"{NAME}-Copy1.ipynb": worked_notebook()}
    )

    assert [file.name for file in hand_in.files] == [f"{NAME}-Copy1.ipynb"]


def test_a_stub_alone_is_handed_in(tmp_path: Path) -> None:
    """It is what `not started` is said of; one changed letter makes it work."""
    assert len(handed_in(tmp_path, **{f"{NAME}.py": STUB}).files) == 1
    changed = handed_in(tmp_path, **{f"{NAME}.py": STUB, f"{NAME}-1.py": STUB + "x"})
    assert [file.name for file in changed.files] == [f"{NAME}-1.py"]


def test_nothing_of_the_whole_folder_is_taken_for_work(release: Path, tmp_path: Path) -> None:
    """A student hands in all of it with one exercise done, unpacked or as a zip in a folder."""
    shutil.rmtree(release / "exercises")
    (release / "exercises").mkdir()
    (release / "exercises" / f"{NAME}.py").write_text(WORK, encoding="utf-8")
    shutil.copytree(release, tmp_path / "unpacked" / "alice" / "lab")
    (tmp_path / "packed" / "alice").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "packed" / "alice" / "all.zip", "w") as archive:
        for file in release.rglob("*"):
            archive.write(file, file.relative_to(release.parent))

    for class_folder in (tmp_path / "unpacked", tmp_path / "packed"):
        read = {each.name: submission(class_folder).read(each.name, LAB) for each in EXERCISES}
        assert [name for name, hand_in in read.items() if hand_in.files] == [NAME]
        assert not any(hand_in.notes or hand_in.problem for hand_in in read.values())


@pytest.mark.parametrize(
    "notebook", ["[" * 100_000, '{"cells": {"a": 1}}', "{}", '{"cells": [{}]}']
)
def test_what_is_no_notebook_is_no_stub(tmp_path: Path, notebook: str) -> None:
    """And raises nothing; whoever loads it says what is wrong with it."""
    hand_in = handed_in(tmp_path, **{f"{NAME}.ipynb": notebook, f"{NAME}-1.ipynb": NOTEBOOK})

    assert [file.name for file in hand_in.files] == [f"{NAME}.ipynb"]
