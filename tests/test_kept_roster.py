"""The class's list is remembered as `--due` is; all is in the store, so nothing is graded."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from read_page import page_of
from test_regrading import grade, hand_in, keep_results, scores, store_results

from grader.files.output_folder import STORE
from grader.results.students import StudentRecord
from grader.results.verdicts import Verdict
from grader.submissions import Submission

if TYPE_CHECKING:
    from collections.abc import Mapping

ONLY = ("--exercise", "4")
DRY = ("--dry-run",)
PHONE = "+46 (0)8 5550123"
LIST = (
    "id,name,section,phone\n"
    f"ana,Ana Lima,Mon,{PHONE}\nben,Ben Okafor,Tue,{PHONE}\ncy,Cy Twombly,Mon,{PHONE}\n"
)
REMEMBERED = (
    "Names and sections are those of list.csv (3 students), as an earlier run read it on 20"
)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade a class of two with a list of three, which is gone afterwards."""
    folder = tmp_path_factory.mktemp("listed")
    work, output = hand_in(folder / "work", "ana", "ben"), folder / "reports"
    store_results(work, output, 5)
    for student in ("ana", "ben", "cy"):
        nothing = [Submission(StudentRecord(id=student))]
        keep_results(nothing, output, 0, Verdict.MISSING, source=None)
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    said = grade(work, output, *ONLY, "--roster", str(folder / "list.csv"))
    assert "earlier run" not in said
    (folder / "list.csv").unlink()
    return folder


@pytest.fixture
def folder(graded: Path, tmp_path: Path) -> Path:
    """Return a copy of that."""
    return Path(shutil.copytree(graded, tmp_path / "copy"))


def sections(output: Path) -> Mapping[str, tuple[str, str]]:
    """Return everybody's name and section."""
    with (output / "grades.csv").open(newline="", encoding="utf-8") as file:
        return {row["student"]: (row["name"], row["section"]) for row in csv.DictReader(file)}


ALL = {"ana": ("Ana Lima", "Mon"), "ben": ("Ben Okafor", "Tue"), "cy": ("Cy Twombly", "Mon")}


def test_a_run_without_a_list_has_that_of_the_run_before(folder: Path) -> None:
    """In a dry run, too; the line says whose names these are, and how to have others."""
    work, output = folder / "work", folder / "reports"
    foreseen = grade(work, output, *ONLY, "--dry-run")
    said, again = grade(work, output, *ONLY), grade(work, output, *ONLY)

    assert sections(output) == ALL
    for each in (foreseen, said, again):
        assert REMEMBERED in each
        assert "--roster FILE replaces that list, --roster none forgets it." in each
        assert "1 of 3 on the roster with nothing in this hand-in: Cy Twombly (cy)." in each


def test_another_list_replaces_it_and_none_forgets_it(folder: Path) -> None:
    """Then the next run knows of no list any more."""
    work, output = folder / "work", folder / "reports"
    (folder / "new.csv").write_text("id,name,section\nana,Ana Lima,Fri\nben,Ben,Fri\n")
    replaced = grade(work, output, *ONLY, "--roster", str(folder / "new.csv"))
    grade(work, output, *ONLY)
    assert sections(output) == {"ana": ("Ana Lima", "Fri"), "ben": ("Ben", "Fri")}
    assert "1 student no longer in the class: Cy Twombly (cy)." in replaced

    forgotten = grade(work, output, *ONLY, "--roster", "none")
    after = grade(work, output, *ONLY)
    assert "The class's list is forgotten, as --roster none says." in forgotten
    assert "forgotten" not in after
    assert "earlier run" not in after
    assert sections(output) == {"ana": ("", ""), "ben": ("", "")}


def test_one_students_folder_gives_nobody_else_0_points(folder: Path) -> None:
    """That they are on the class's list says nothing of their work; a dry run foresees it."""
    output = folder / "reports"
    one = hand_in(folder / "late", "ben")
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    for options in (ONLY, (*ONLY, "--roster", str(folder / "list.csv"))):
        foreseen, said = grade(one, output, *options, "--dry-run"), grade(one, output, *options)
        for each in (f"`grade` would stop: {output}", f"error: {output}"):
            lost = f"{each} has 1 student who would have 0 points, since their work is not in this"
            assert lost in foreseen + said
        assert scores(output) == {"ana": 5, "ben": 5, "cy": 0}

    alone = grade(one, output, *ONLY, "--student", "Ben Okafor")
    assert "handed in nothing: Ana" not in alone
    assert scores(output) == {"ana": 5, "ben": 5, "cy": 0}
    assert sections(output) == ALL


def test_who_is_named_and_has_no_work_here_loses_none(folder: Path) -> None:
    """`--student` with a download that lacks the student's work; who never had any may be named."""
    output, one = folder / "reports", hand_in(folder / "late", "ben")
    foreseen, said = (grade(one, output, *ONLY, "--student", "ana", *dry) for dry in (DRY, ()))
    words = "this hand-in has no work of Ana Lima (ana), who would have 0 points"

    assert f"`grade` would stop: {words}" in foreseen
    assert "nothing handed in" not in foreseen
    assert f"error: {words}" in said
    assert scores(output) == {"ana": 5, "ben": 5, "cy": 0}
    assert "nothing new to grade" in grade(one, output, *ONLY, "--student", "cy")
    page_of(output, "ana").unlink()
    assert "1 student handed in a file" in grade(one, output, *ONLY, "--student", "ana")


def test_whose_a_hand_in_is_stays_as_it_was_said(folder: Path) -> None:
    """Also once that hand-in is gone, which names nobody then."""
    work, output = folder / "work", folder / "reports"
    hand_in(work, "b2")
    store_results(work, output, 5)
    grade(work, output, *ONLY, "--same", "b2=Cy Twombly")
    grade(work, output, *ONLY)
    assert sections(output)["b2"] == ALL["cy"]

    shutil.rmtree(work / "b2")
    page_of(output, "b2").unlink()
    grade(work, output, *ONLY)
    assert sections(output) == ALL


def test_only_what_tells_students_is_kept_and_damage_forgets_nothing_silently(
    folder: Path,
) -> None:
    """No other column of the file is anywhere in the store."""
    store = folder / "reports" / STORE
    with closing(sqlite3.connect(store)) as database:
        (content,) = database.execute("SELECT content FROM run_2 WHERE key = 'roster'").fetchone()
        assert b"Cy Twombly" in content
        assert PHONE.encode() not in store.read_bytes()
        assert str(folder).encode() not in content
        database.execute("UPDATE run_2 SET content = 'x' WHERE key = 'roster'")
        database.commit()

    said = grade(folder / "work", folder / "reports", *ONLY)
    assert "error: what was kept of the class's list is damaged: name it with --roster" in said
    forgotten = grade(folder / "work", folder / "reports", *ONLY, "--roster", "none")
    assert "error" not in forgotten
    assert sections(folder / "reports") == {"ana": ("", ""), "ben": ("", "")}
