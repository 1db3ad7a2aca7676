"""Runs through the real command line; everything is in the store before, so nothing is graded."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from test_regrading import CLASS, FILE, grade, hand_in, scores, state, store_results
from typer.testing import CliRunner

from grader.cli import app
from grader.errors import GraderError
from grader.files.output_folder import DECISIONS, STORE
from grader.runs.history.kept_runs import KeptRuns
from grader.runs.store import Store

if TYPE_CHECKING:
    from pathlib import Path

ONLY = ("--exercise", "4")


def run(*arguments: object) -> str:
    """Run a command; return what it printed, or the one line that it complained with."""
    done = CliRunner().invoke(app, list(map(str, arguments)))
    if isinstance(done.exception, GraderError):
        return f"error: {done.exception}"
    assert done.exit_code == 0, done.output
    return done.output


def handed_in_anew(folder: Path, student: str, score: float) -> None:
    """Have a student hand in something else that is worth a score."""
    (folder / "work" / student / FILE).write_text(f"other = {score}\n", encoding="utf-8")
    store_results(folder / "work" / student, folder / "reports", score)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Grade a class of three twice; Ben has handed in something better in between.

    Returns:
        Where that was, and a copy.
    """
    folder = tmp_path_factory.mktemp("graded") / "folder"
    work = hand_in(folder / "work", *CLASS)
    store_results(work, folder / "reports", 4)
    grade(work, folder / "reports", *ONLY)
    handed_in_anew(folder, "ben", 9)
    grade(work, folder / "reports", *ONLY)
    return folder, shutil.copytree(folder, folder.with_name("copy"))


@pytest.fixture
def folder(graded: tuple[Path, Path]) -> Path:
    """Return it as it was then: the store knows it by its path."""
    folder, copy = graded
    shutil.rmtree(folder)
    return shutil.copytree(copy, folder)


def test_runs_are_listed_and_compared_without_a_change_of_anything(folder: Path) -> None:
    """By their numbers; the store says how large it is."""
    output = folder / "reports"
    before, store = state(output), (output / STORE).read_bytes()
    listed, compared = run("runs", output), run("diff", 2, 1, "--output", output)

    assert "Run 1 (" in listed
    assert f"    from {folder / 'work'}" in listed
    assert "    none lost points, 1 gained" in listed
    assert "The store takes 0.0" in listed
    assert compared.startswith("From run 2 (")
    assert ": 1 of 3 students lost points, none gained.\n" in compared
    assert "Since" not in compared  # run 1 was before
    assert "ben: ex04_autograd 9 → 4 of 10 (−5); new hand-in" in compared
    assert state(output) == before
    assert (output / STORE).read_bytes() == store
    assert sorted(each.name for each in output.glob(".grader.sqlite3*")) == [STORE]


def test_a_dry_run_says_what_would_be_graded_again_and_why(folder: Path) -> None:
    """Nothing where nothing changed; what is not said changes nothing."""
    output = folder / "reports"
    store = (output / STORE).read_bytes()
    as_before = grade(folder / "work", output, *ONLY, "--dry-run")
    limited = grade(folder / "work", output, *ONLY, "--dry-run", "--limit", "call=20s")
    (folder / "work" / "cy" / FILE).write_text("new = 1\n", encoding="utf-8")
    newer = grade(folder / "work", output, *ONLY, "--dry-run")
    (folder / "work" / "cy" / FILE).unlink()
    gone = grade(folder / "work", output, *ONLY, "--dry-run")
    (folder / "work" / "cy" / FILE).write_text("name = 'cy'\n", encoding="utf-8")

    assert "Nothing would be graded again.\nNothing was graded" in as_before
    assert "  ex04_autograd, changed limit: ana, ben, cy" in limited
    assert "Would be graded: 1 result of 1 student.\n  ex04_autograd, new hand-in: cy" in newer
    assert "\n  ex04_autograd, file no longer there: cy" in gone
    assert (output / STORE).read_bytes() == store


def test_a_dry_run_names_who_would_have_another_result_that_is_known(
    folder: Path, tmp_path: Path
) -> None:
    """As where an earlier download is graded again: nothing is computed, and points change."""
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "work" / "ben" / FILE).write_text("name = 'ben'\n", encoding="utf-8")
    foreseen = grade(copy / "work", copy / "reports", *ONLY, "--dry-run")
    grade(copy / "work", copy / "reports", *ONLY)

    assert (
        "Nothing would be graded again.\n"
        "Would change to what an earlier run found: 1 result of 1 student.\n"
        "  ex04_autograd, new hand-in: ben\n"
    ) in foreseen
    assert scores(copy / "reports")["ben"] == 4


FAULTY = '[[decisions]]\nstudent = "ana"\nadd = 1\n'


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(
    ("options", "beside", "words"),
    [
        (("--due", "2026-11-27T23:59"), {}, "--due takes a time with its zone"),
        (("--decisions", "nowhere.toml"), {}, "there is no nowhere.toml"),
        ((), {DECISIONS: FAULTY}, "line 1: it has no `reason`"),
        (("--student", "bne"), {}, "there is no student 'bne' here"),
        ((), {"thesis.txt": "mine"}, "holds files that are not the grader's"),
        ((), None, "the reports can't be written to"),
    ],
)
def test_a_dry_run_says_why_grade_would_stop(
    folder: Path,
    tmp_path: Path,
    options: tuple[str, ...],
    beside: dict[str, str] | None,
    words: str,
    is_first: bool,
) -> None:
    """In the words in which it does, also of a first run; neither writes anything."""
    output = tmp_path / "reports"
    if beside is None:
        output.write_text("a file")
    elif not is_first and "thesis.txt" not in beside:
        shutil.copytree(folder / "reports", output)
    for name, text in (beside or {}).items():
        output.mkdir(exist_ok=True)
        (output / name).write_text(text, encoding="utf-8")
    before = state(tmp_path)
    foreseen, said = (
        grade(folder / "work", output, *ONLY, *options, *dry) for dry in (["--dry-run"], [])
    )

    assert said.startswith("error: ")
    assert words in said
    for each in said.removeprefix("error: ").splitlines():
        assert f"`grade` would stop: {each}." in foreseen
    assert state(tmp_path) == before


def test_a_run_without_reports_is_told_once_they_are_written(folder: Path) -> None:
    """As if the run that kept it had been killed before it wrote any."""
    output = folder / "reports"
    with Store(output / STORE) as store:
        KeptRuns(store.database).note_written(1)
    listed = run("runs", output)
    said, again = (grade(folder / "work", output, *ONLY) for _ in range(2))

    assert listed.count("its reports were not written") == 1
    assert "Since run 1" in said
    assert "ben: ex04_autograd 4 → 9 of 10 (+5); new hand-in" in said
    assert "Everything is as in run 2" in again
    assert "not written" not in run("runs", output)


def test_going_back_to_a_run_grades_nothing_and_forward_neither(folder: Path) -> None:
    """Every output is that of the run, and the runs after it are still there."""
    output = folder / "reports"
    said = run("runs", output, "--restore", 1)
    then = scores(output)
    again = grade(folder / "work", output, *ONLY)

    assert said.startswith("The class has the results of run 1 again; nothing was graded.")
    assert "Different: the results of run 1 again; 1 new hand-in." in said
    assert then == {"ana": 4, "ben": 4, "cy": 4}
    assert "ben: ex04_autograd 4 → 9 of 10 (+5)" in again
    assert "nothing new to grade" in again
    assert "the results of run 1 again" in run("runs", output)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("runs", "{}", "--restore", 77), "there is no run 77; there are 1"),
        (("diff", 1, 77, "--output", "{}"), "there is no run 77; there are 1"),
        (("runs", "{}/nowhere"), "there are no results in "),
        (("diff", 1, 2, "--output", "{}/nowhere"), "name the folder of the reports"),
    ],
)
def test_what_is_not_there_is_said(folder: Path, arguments: tuple[object, ...], words: str) -> None:
    """In one line, with what there is."""
    filled = [str(each).format(folder / "reports") for each in arguments]

    assert words in run(*filled)


def test_a_class_of_an_earlier_version_is_the_first_run(tmp_path: Path) -> None:
    """It kept no runs: what everybody had is compared with what they have now."""
    work = hand_in(tmp_path / "work", *CLASS)
    store_results(work, tmp_path / "reports", 4)
    grade(work, tmp_path / "reports", *ONLY)
    with closing(sqlite3.connect(tmp_path / "reports" / STORE)) as database:
        for table in ("runs", "standings", "marks"):
            database.execute(f"DROP TABLE {table}_2")
        database.commit()
    assert "No run is kept yet" in run("runs", tmp_path / "reports")
    (work / "ana" / FILE).write_text("new = 1\n", encoding="utf-8")
    limited = grade(work, tmp_path / "reports", *ONLY, "--dry-run", "--limit", "call=20s")
    assert "  ex04_autograd, changed tests, limits or software: ben, cy" in limited
    assert "  ex04_autograd, new hand-in: ana" in limited
    handed_in_anew(tmp_path, "ana", 7)
    said = grade(work, tmp_path / "reports", *ONLY)

    assert "ana: ex04_autograd 4 → 7 of 10 (+3); new hand-in" in said
    assert run("runs", tmp_path / "reports").count("Run ") == 2


def test_a_student_who_is_regraded_alone_changes_nothing_of_the_others(tmp_path: Path) -> None:
    """The run has all of them."""
    work = hand_in(tmp_path / "work", *CLASS)
    store_results(work, tmp_path / "reports", 4)
    grade(work, tmp_path / "reports", *ONLY)
    handed_in_anew(tmp_path, "ana", 7)
    said = grade(work, tmp_path / "reports", "--student", "ana")

    assert "none of 3 students lost points, 1 gained." in said
    assert "ana: ex04_autograd 4 → 7 of 10 (+3); new hand-in" in said
