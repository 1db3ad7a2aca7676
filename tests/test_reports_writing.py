"""The output folder: its files, their names, and how they are put in place."""

from __future__ import annotations

import os
import re
import select
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from report_samples import exercise_result, grading_run, outcome, sample_run, student_result
from the_lab import LAB

from grader.courses.mistakes import Mistake, known_mistakes
from grader.reports import editions, write_reports
from grader.reports.placing import OwnFiles
from grader.results.page_names import former_page_name, page_names
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 60.0  # for what ends by itself


def files(folder: Path) -> set[str]:
    """Return the files of a folder, hidden ones too, by their path inside it."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in found}


def test_folder_holds_what_the_contract_names(tmp_path: Path) -> None:
    """The files of the contract are there, and no temporary ones beside them."""
    run = sample_run()
    write_reports(run, tmp_path / "reports")

    pages = {f"students/{name}" for name in page_names(run.records).values()}
    found = files(tmp_path / "reports")
    lists = {file for file in found if file.startswith("class/") and file.endswith(".html")}
    named = {"index.html", "results.json", "grades.csv", ".grader.sqlite3"}
    assert {*named, *pages} == found - lists


def test_pages_of_an_earlier_run_are_removed(tmp_path: Path) -> None:
    """A second run leaves the pages of its own students and lists only, and other files alone."""
    ana = student_result("ana", exercise_result(outcome(Verdict.WRONG)))
    ben = student_result("ben", exercise_result(outcome()))
    write_reports(grading_run(ana, ben), tmp_path, anonymous=True)
    (tmp_path / "students" / "notes.html").touch()
    write_reports(grading_run(ben), tmp_path)

    assert files(tmp_path) == {
        ".grader.sqlite3",
        "index.html",
        "results.json",
        "grades.csv",
        "students/ben.html",
        "students/notes.html",
        "class/by-score.html",
        "class/ex06_manual_update-passed.html",
        "class/score-90.html",
    }


def test_a_file_that_somebody_changed_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    """Grades with a column of one's own, a page with a remark, a page of another run's student."""
    ana, ben = (student_result(name, exercise_result(outcome())) for name in ("ana", "ben"))
    write_reports(grading_run(ana, ben), tmp_path)
    changed = [tmp_path / name for name in ("grades.csv", "students/ana.html", "students/ben.html")]
    for path in changed:
        path.write_text(f"mine\n{path.read_text()}")
    written = write_reports(grading_run(ana, device="cuda"), tmp_path)

    assert [path.name for path in written.kept_aside] == [
        "ana.html.backup-1",
        "grades.csv.backup-1",
    ]
    for path in (*written.kept_aside, tmp_path / "students" / "ben.html"):
        assert path.read_text().startswith("mine\n")
    assert not (tmp_path / "grades.csv").read_text().startswith("mine")


def test_a_link_and_a_folder_at_a_place_of_ours_are_kept_aside(tmp_path: Path) -> None:
    """What a link points to is not written over."""
    target = tmp_path / "target"
    target.write_text("mine")
    (tmp_path / "reports" / "grades.csv").mkdir(parents=True)
    (tmp_path / "reports" / "index.html").symlink_to(target)
    write_reports(grading_run(), tmp_path / "reports")

    assert target.read_text() == "mine"
    assert (tmp_path / "reports" / "index.html.backup-1").is_symlink()
    assert (tmp_path / "reports" / "grades.csv.backup-1").is_dir()


def test_what_the_first_version_wrote_is_replaced_and_removed(tmp_path: Path) -> None:
    """It kept no list; its pages are known by how they begin, and a teacher's own is not one."""
    ana, ben = (student_result(name, exercise_result(outcome())) for name in ("ana", "ben"))
    write_reports(grading_run(ana, ben), tmp_path)
    (tmp_path / "students" / "notes.html").write_text("mine")
    for path in tmp_path.rglob("*.html"):
        text = re.sub(r" script-src .*; base", " base", path.read_text())  # it had no scripts
        path.write_text(text.replace('name="generator"', "data-first"))
    (tmp_path / ".grader.sqlite3").unlink()
    written = write_reports(grading_run(ana, device="cuda"), tmp_path)

    assert written.kept_aside == ()
    assert {path.name for path in (tmp_path / "students").iterdir()} == {"ana.html", "notes.html"}


def test_pages_by_the_names_of_the_version_before_are_replaced(tmp_path: Path) -> None:
    """They are known to be ours; one that somebody wrote into is left."""
    students = [student_result(name, exercise_result(outcome())) for name in ("Zo\u00eb M", "B B")]
    (tmp_path / "students").mkdir()
    with OwnFiles(tmp_path) as own:
        for student in students:
            own.write(f"students/{former_page_name(student.student)}", "a page")
    remark = tmp_path / "students" / former_page_name("B B")
    remark.write_text("a remark")
    written = write_reports(grading_run(*students), tmp_path)

    assert written.kept_aside == ()
    assert {path.name for path in (tmp_path / "students").iterdir()} == {
        "zo\u00eb-m.html",
        "b-b.html",
        remark.name,
    }


def test_a_run_that_was_killed_while_it_wrote_leaves_files_of_ours(tmp_path: Path) -> None:
    """They are written and not noted yet; every file of ours bears a mark that says whose it is."""
    write_reports(sample_run(), tmp_path, anonymous=True)
    with closing(sqlite3.connect(tmp_path / ".grader.sqlite3")) as database:
        database.execute("UPDATE files_2 SET content = x'', checksum = 0")
        database.commit()
    written = write_reports(replace(sample_run(), device="cuda"), tmp_path, anonymous=True)

    assert written.kept_aside == ()
    assert not [name for name in files(tmp_path) if "backup" in name]


def test_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file can't be put in place, the old one stays and no half-written one is left."""
    write_reports(grading_run(device="old"), tmp_path)
    before = files(tmp_path)
    old = (tmp_path / "results.json").read_text()

    def refuse(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    with pytest.raises(OSError, match="no space left"):
        write_reports(grading_run(device="new"), tmp_path)

    assert before == files(tmp_path)
    assert old == (tmp_path / "results.json").read_text()


def test_unchanged_page_is_not_written_again(tmp_path: Path) -> None:
    """A second run with the same results leaves a student's page as it is on disk."""
    run = grading_run(student_result("ana", exercise_result(outcome())))
    write_reports(run, tmp_path)
    page = (tmp_path / "students" / "ana.html").stat()
    write_reports(run, tmp_path)

    assert page.st_ino == (tmp_path / "students" / "ana.html").stat().st_ino


def test_a_mended_hint_is_on_the_page_without_grading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same results as before are shown with the words that the table has now."""
    known = known_mistakes(LAB)["sum-not-mean"]
    run = grading_run(
        student_result("ana", exercise_result(outcome(Verdict.WRONG, mistake=known.slug)))
    )
    write_reports(run, tmp_path)
    mended = Mistake(known.slug, "It is the mended sum.", ("Mended.", "b", "c"))
    monkeypatch.setitem(known_mistakes(LAB), known.slug, mended)
    monkeypatch.setattr(editions, "_words_of", editions._words_of.__wrapped__)
    write_reports(run, tmp_path)

    for page in ("students/ana.html", "results.json"):
        text = (tmp_path / page).read_text(encoding="utf-8")
        assert "Mended." in text
        assert mended.sentence in text
        assert known.sentence not in text


def test_unchanged_class_is_not_written_again(tmp_path: Path) -> None:
    """A second run with the same results leaves the class page and its lists as they are."""
    run = sample_run()
    inodes: list[dict[str, int]] = []
    for _ in range(2):
        write_reports(run, tmp_path)
        pages = [tmp_path / "index.html", *(tmp_path / "class").iterdir()]
        inodes.append({page.name: page.stat().st_ino for page in pages})

    assert inodes[0] == inodes[1]


def test_many_pages_are_written_by_several_processes(tmp_path: Path) -> None:
    """Every page of a class that is worth a process of its own is there, and says its own name."""
    students = [student_result(f"s{number}", exercise_result(outcome())) for number in range(60)]
    write_reports(grading_run(*students), tmp_path)

    for student in students:
        page = tmp_path / "students" / f"{student.student}.html"
        assert f">{student.student}<" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("changes", [{"device": "cuda"}, {"sandbox": "none"}, {"versions": {}}])
def test_page_follows_the_run(tmp_path: Path, changes: dict[str, object]) -> None:
    """A page is written again when its results are the same and the run is another."""
    run = grading_run(student_result("ana", exercise_result(outcome())))
    page = tmp_path / "students" / "ana.html"
    write_reports(run, tmp_path)
    before = page.read_text()
    write_reports(replace(run, **changes), tmp_path)

    assert before != page.read_text()


def test_page_follows_the_results(tmp_path: Path) -> None:
    """A page is written again when a verdict changed."""
    page = tmp_path / "students" / "ana.html"
    for verdict in (Verdict.PASSED, Verdict.TIMED_OUT):
        write_reports(
            grading_run(student_result("ana", exercise_result(outcome(verdict)))), tmp_path
        )

    assert "timed out" in page.read_text()


def test_import_loads_neither_templates_nor_torch() -> None:
    """Importing the package loads nothing slow, so that `grader --help` stays quick."""
    program = (
        "import sys, grader.reports; print({'jinja2', 'pygments', 'torch'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert result.stdout == "set()\n"


def test_processes_that_write_pages_end_with_a_grader_that_is_killed() -> None:
    """Else they would wait for ever, or write pages over those of the next run."""
    script = (
        "import os, signal\n"
        "from grader.reports.student.student_pages import page_writers\n"
        "writers = page_writers()\n"
        "print(writers.submit(os.getpid).result(), flush=True)\n"
        "signal.pause()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        writer = os.pidfd_open(int(run.stdout.readline()))
        run.kill()
    try:
        end = select.poll()  # of its own, also where nobody asks what became of an orphan
        end.register(writer, select.POLLIN)
        ended = end.poll(1000 * PATIENCE_S)
        if not ended:
            signal.pidfd_send_signal(writer, signal.SIGKILL)
    finally:
        os.close(writer)
    assert ended
