"""Marks and feedback for LMSs, taken back by a double that goes by the LMSs' own rules."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from lms import sheets
from lms.people import CLASS
from lms.sheets import MAX_SCORE, OLD_TITLE, TITLE
from lms.taking_back import blackboard, brightspace, canvas, moodle, sakai
from lms_results import FROM, MARKED, mark, results_of
from results_samples import complaint, export

from grader.exports.table import Table

if TYPE_CHECKING:
    from pathlib import Path

BY_LOGIN = {each.login: mark(each) for each in MARKED}
BY_NUMBER = {each.number: mark(each) for each in MARKED}


def filled(folder: Path, lms: str, source: str, name: str, sheet: bytes, *more: str) -> bytes:
    """Fill in a file of an LMS; check that nothing but one cell of each marked row changed."""
    given = folder / name
    given.write_bytes(sheet)
    result = export(lms, "--results", results_of(folder, source), "--into", given, *more)
    assert result.exit_code == 0, result.exception
    assert given.read_bytes() == sheet
    content = (folder / name.replace(".", "-filled.")).read_bytes()
    rows = zip(Table.parse(sheet).rows, Table.parse(content).rows, strict=True)
    changed = [
        [new for old, new in zip(before.cells, after.cells, strict=True) if old != new]
        for before, after in rows
        if (before.cells, before.end) != (after.cells, after.end)
    ]
    assert {len(cells) for cells in changed} == {1}
    assert len(changed) == len(MARKED)
    return content


@pytest.mark.parametrize("source", ["canvas", "login"])
@pytest.mark.parametrize("semicolons", [False, True])
def test_canvas_takes_its_gradebook_with_the_marks(
    tmp_path: Path, source: str, semicolons: bool
) -> None:
    """With a BOM and commas, or with semicolons and decimal commas; excused stays excused."""
    sheet = sheets.canvas(semicolons=semicolons)
    before = canvas.import_gradebook(sheet).scores[OLD_TITLE]

    book = canvas.import_gradebook(filled(tmp_path, "canvas", source, "book.csv", sheet))
    assert {number: score for number, score in book.scores[TITLE].items() if score is not None} == (
        BY_NUMBER
    )
    assert book.scores[OLD_TITLE] == before
    assert not book.new_students
    assert not book.new_assignments


@pytest.mark.parametrize("source", ["moodle", "blind", "email"])
def test_moodle_takes_its_worksheet_with_the_marks(tmp_path: Path, source: str) -> None:
    """By the participant's number, or an address; another marker's comment is not touched."""
    taken = moodle.import_worksheet(
        filled(tmp_path, "moodle", source, "sheet.csv", sheets.moodle())
    )

    assert (taken.grades, taken.passed_over, taken.feedback) == (BY_LOGIN, {}, {})


def test_moodle_takes_a_worksheet_of_a_german_site(tmp_path: Path) -> None:
    """Whose headings are German and whose numbers have commas."""
    content = filled(tmp_path, "moodle", "moodle", "sheet.csv", sheets.moodle_german())

    assert moodle.import_worksheet(content, moodle.GERMAN).grades == BY_LOGIN


@pytest.mark.parametrize(
    ("name", "sheet"),
    [("gc.xls", sheets.blackboard_xls()), ("gc.csv", sheets.blackboard_csv())],
    ids=["xls", "csv"],
)
def test_blackboard_takes_its_grade_center_with_the_marks(
    tmp_path: Path, name: str, sheet: bytes
) -> None:
    """As UTF-16 with tabs or as CSV, into the column with the number that is there."""
    before = blackboard.upload(sheet).marks

    taken = blackboard.upload(filled(tmp_path, "blackboard", "login", name, sheet))
    assert taken.marks == before | {664617: BY_LOGIN}
    assert not taken.new_columns + taken.unknown


@pytest.mark.parametrize("source", ["login", "email"])
def test_brightspace_takes_its_grades_with_the_marks(tmp_path: Path, source: str) -> None:
    """Ids have a `#` there."""
    content = filled(tmp_path, "brightspace", source, "grades.csv", sheets.brightspace())

    taken = brightspace.import_grades(content)
    assert taken.grades[TITLE] == BY_LOGIN
    assert len(taken.grades[OLD_TITLE]) == len(CLASS)
    assert not taken.capped + taken.new_items + taken.unknown + taken.passed_over


def test_sakai_takes_its_grades_with_the_marks(tmp_path: Path) -> None:
    """Whose headings are in the third row."""
    content = filled(tmp_path, "sakai", "login", "grades.csv", sheets.sakai())

    assert sakai.import_grades(content) == BY_LOGIN


def new_file(folder: Path, lms: str, source: str, name: str) -> bytes:
    """Write a file for an LMS that gave none."""
    assert export(lms, "--results", results_of(folder, source)).exit_code == 0
    return (folder / name).read_bytes()


@pytest.mark.parametrize("source", ["canvas", "login"])
def test_canvas_takes_a_new_file(tmp_path: Path, source: str) -> None:
    """Students are found by id or login; the column has the assignment's title and points."""
    book = canvas.import_gradebook(new_file(tmp_path, "canvas", source, "canvas.csv"))

    assert book.scores == {TITLE: BY_NUMBER}
    assert book.points == {TITLE: MAX_SCORE}
    assert not book.new_students + book.new_assignments


def test_moodle_takes_a_new_worksheet(tmp_path: Path) -> None:
    """Of an assignment that it was downloaded from."""
    taken = moodle.import_worksheet(new_file(tmp_path, "moodle", "moodle", "moodle.csv"))

    assert taken.grades == BY_LOGIN


def test_moodle_gets_a_file_to_map_by_hand_where_the_work_came_from_elsewhere(
    tmp_path: Path,
) -> None:
    """Without its numbers there is no worksheet."""
    text = new_file(tmp_path, "moodle", "login", "moodle.csv").decode()
    header, *rows = csv.reader(io.StringIO(text))

    assert header == ["Username", "Email address", TITLE]
    assert {row[0]: float(row[2]) for row in rows} == BY_LOGIN


def test_blackboard_and_brightspace_and_sakai_take_a_new_file(tmp_path: Path) -> None:
    """Blackboard makes a column of it, the others find theirs by its title."""
    to_blackboard = blackboard.upload(new_file(tmp_path, "blackboard", "login", "blackboard.csv"))
    to_brightspace = new_file(tmp_path, "brightspace", "login", "brightspace.csv")
    to_sakai = new_file(tmp_path, "sakai", "login", "grades-sakai.csv")

    assert (to_blackboard.new_columns, to_blackboard.unknown) == ([TITLE], [])
    assert brightspace.import_grades(to_brightspace).grades == {TITLE: BY_LOGIN}
    assert sakai.import_grades(to_sakai) == BY_LOGIN


def with_pages(folder: Path, source: str) -> None:
    """Write a page for each student."""
    (folder / "students").mkdir()
    for each in CLASS:
        page = folder / "students" / f"{FROM[source](each)['student']}.html"
        page.write_text(f"<p>{each.login}</p>", encoding="utf-8")


def feedback(folder: Path, source: str, platform: str) -> tuple[bytes, str]:
    """Return a zip of a page for each student, and what was printed."""
    results = results_of(folder, source)
    with_pages(folder, source)
    run = export("feedback-zip", "--for", platform, "--results", results)
    assert run.exit_code == 0
    return (folder / "feedback.zip").read_bytes(), run.stdout


def test_canvas_attaches_each_page_to_its_student(tmp_path: Path) -> None:
    """It goes by numbers in the name; for a text there is none, and its student is named."""
    content, printed = feedback(tmp_path, "canvas", "canvas")
    attached = canvas.attach(content)

    pages = {number: files[0][1].decode() for number, files in attached.files.items()}
    assert pages == {each.number: f"<p>{each.login}</p>" for each in MARKED}
    assert all(len(files) == 1 for files in attached.files.values())
    assert not attached.ignored
    assert "2 students (Canvas finds students by a file that they uploaded" in printed


@pytest.mark.parametrize("source", ["moodle", "blind"])
def test_moodle_attaches_each_page_to_its_student(tmp_path: Path, source: str) -> None:
    """In the student's folder, also where nobody knows whose that is."""
    content, _ = feedback(tmp_path, source, "moodle")
    files, ignored = moodle.import_feedback(content)

    assert {login: [*pages.values()] for login, pages in files.items()} == {
        each.login: [f"<p>{each.login}</p>".encode()] for each in CLASS
    }
    assert not ignored


def test_plain_feedback_has_the_pages_own_names(tmp_path: Path) -> None:
    """For whoever hands them out by other means."""
    content, _ = feedback(tmp_path, "login", "plain")

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == [f"{each.login}.html" for each in CLASS]
        assert archive.read("kpark.html") == b"<p>kpark</p>"


@pytest.mark.parametrize(("platform", "source"), [("canvas", "login"), ("moodle", "canvas")])
def test_feedback_is_for_the_lms_that_the_work_came_from(
    tmp_path: Path, platform: str, source: str
) -> None:
    """Nobody gets a page that another LMS's name would lead to somebody else."""
    results = results_of(tmp_path, source)
    with_pages(tmp_path, source)

    said = complaint("feedback-zip", "--for", platform, "--results", results)
    assert "finds students by" in said
    assert not (tmp_path / "feedback.zip").exists()
