"""Marks and feedback for LMSs, taken back by a double that goes by the LMSs' own rules."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from lms import sheets
from lms.downloads import DOWNLOADS
from lms.people import CLASS
from lms.sheets import MAX_SCORE, OLD_TITLE, TITLE
from lms.taking_back import blackboard, brightspace, canvas, moodle, sakai
from lms_results import ROSTER, marks_of, results_of, students_of
from results_samples import complaint, export

from grader.lists.table import Table

if TYPE_CHECKING:
    from pathlib import Path

    from lms.people import Person

NUMBERS = {each.login: each.number for each in CLASS}


def filled(folder: Path, lms: str, source: str, name: str, sheet: bytes) -> bytes:
    """Fill in a file of an LMS; check that nothing but one cell of each marked row changed."""
    given = folder / name
    given.write_bytes(sheet)
    result = export(lms, "--results", results_of(folder, source), "--into", given)
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
    return content


@pytest.mark.parametrize("source", ["canvas", "canvas-older", "canvas-groups", "logins"])
@pytest.mark.parametrize("semicolons", [False, True])
def test_canvas_takes_its_gradebook_with_the_marks(
    tmp_path: Path, source: str, semicolons: bool
) -> None:
    """With a BOM and commas, or semicolons and decimal commas; a group's goes to one member."""
    sheet = sheets.canvas(semicolons=semicolons)
    before = canvas.import_gradebook(sheet).scores[OLD_TITLE]

    book = canvas.import_gradebook(filled(tmp_path, "canvas", source, "book.csv", sheet))
    scores = {number: score for number, score in book.scores[TITLE].items() if score is not None}
    assert scores == {NUMBERS[login]: mark for login, mark in marks_of(source).items()}
    assert book.scores[OLD_TITLE] == before
    assert not book.new_students
    assert not book.new_assignments


@pytest.mark.parametrize(
    "source", ["moodle", "moodle-older", "moodle-flat", "moodle-blind", ROSTER]
)
def test_moodle_takes_its_worksheet_with_the_marks(tmp_path: Path, source: str) -> None:
    """By the participant's number, or an address; another marker's comment is not touched."""
    content = filled(tmp_path, "moodle", source, "sheet.csv", sheets.moodle())

    taken = moodle.import_worksheet(content)
    assert (taken.grades, taken.passed_over, taken.feedback) == (marks_of(source), {}, {})


def test_moodle_takes_a_worksheet_of_a_german_site(tmp_path: Path) -> None:
    """Whose headings are German and whose numbers have commas."""
    content = filled(tmp_path, "moodle", "moodle", "sheet.csv", sheets.moodle_german())

    assert moodle.import_worksheet(content, moodle.GERMAN).grades == marks_of("moodle")


def test_moodle_gets_no_teams_mark_for_another_student(tmp_path: Path) -> None:
    """A team's number may be a participant's; the worksheet here does not tell who is in it."""
    results = results_of(tmp_path, "moodle-teams")
    sheet = tmp_path / "sheet.csv"
    sheet.write_bytes(sheets.moodle().replace(b"Participant 31001", b"Participant 512"))

    said = complaint("moodle", "--results", results, "--into", sheet)
    assert "no mark can be filled in into" in said


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

    taken = blackboard.upload(filled(tmp_path, "blackboard", "blackboard", name, sheet))
    assert taken.marks == before | {664617: marks_of("blackboard")}
    assert not taken.new_columns + taken.unknown


@pytest.mark.parametrize("source", ["gradescope", "logins", ROSTER])
def test_brightspace_takes_its_grades_with_the_marks(tmp_path: Path, source: str) -> None:
    """Ids have a `#` there."""
    content = filled(tmp_path, "brightspace", source, "grades.csv", sheets.brightspace())

    taken = brightspace.import_grades(content)
    assert taken.grades[TITLE] == marks_of(source)
    assert len(taken.grades[OLD_TITLE]) == len(CLASS)
    assert not taken.capped + taken.new_items + taken.unknown + taken.passed_over


@pytest.mark.parametrize("source", ["brightspace", "names"])
def test_by_names_all_are_found_but_those_of_one_name(tmp_path: Path, source: str) -> None:
    """Brightspace's download has names and numbers of its own; nobody guesses who is who."""
    content = filled(tmp_path, "brightspace", source, "grades.csv", sheets.brightspace())

    missing = {"jsmith1", "jsmith2"}
    grades = brightspace.import_grades(content).grades[TITLE]
    assert grades == {
        login: mark for login, mark in marks_of(source).items() if login not in missing
    }


def test_sakai_takes_its_grades_with_the_marks(tmp_path: Path) -> None:
    """Whose headings are in the third row."""
    content = filled(tmp_path, "sakai", "sakai", "grades.csv", sheets.sakai())

    assert sakai.import_grades(content) == marks_of("sakai")


def test_sakai_takes_the_marks_of_groups(tmp_path: Path) -> None:
    """Whose members share a row."""
    entries = {each.path: each.content for each in DOWNLOADS["sakai-groups"].entries}
    sheet = entries["Training a network/grades.csv"]
    rows = Table.parse(filled(tmp_path, "sakai", "sakai-groups", "grades.csv", sheet)).rows[3:]

    groups = {row[0]: row[3] for row in rows}
    assert groups["Gradient Group"] == "19.5"
    assert groups["Team 4401"] == "25"
    assert groups["Team 4419"] == ""


def new_file(folder: Path, lms: str, source: str, name: str) -> bytes:
    """Write a file for an LMS that gave none."""
    assert export(lms, "--results", results_of(folder, source)).exit_code == 0
    return (folder / name).read_bytes()


@pytest.mark.parametrize("source", ["canvas", "logins"])
def test_canvas_takes_a_new_file(tmp_path: Path, source: str) -> None:
    """Students are found by id or login; the column has the assignment's title and points."""
    book = canvas.import_gradebook(new_file(tmp_path, "canvas", source, "canvas.csv"))

    marks = {NUMBERS[login]: mark for login, mark in marks_of(source).items()}
    assert book.scores == {TITLE: marks}
    assert book.points == {TITLE: MAX_SCORE}
    assert not book.new_students + book.new_assignments


def test_moodle_takes_a_new_worksheet(tmp_path: Path) -> None:
    """Of an assignment that it was downloaded from."""
    taken = moodle.import_worksheet(new_file(tmp_path, "moodle", "moodle", "moodle.csv"))

    assert taken.grades == marks_of("moodle")


def test_moodle_gets_a_file_to_map_by_hand_where_the_work_came_from_elsewhere(
    tmp_path: Path,
) -> None:
    """Without its numbers there is no worksheet."""
    text = new_file(tmp_path, "moodle", "logins", "moodle.csv").decode()
    header, *rows = csv.reader(io.StringIO(text))

    assert header == ["Username", "Email address", TITLE]
    assert {row[0]: float(row[2]) for row in rows} == marks_of("logins")


@pytest.mark.parametrize("source", ["logins", "blackboard"])
def test_blackboard_and_brightspace_and_sakai_take_a_new_file(tmp_path: Path, source: str) -> None:
    """Blackboard makes a column of it, the others find theirs by its title."""
    to_blackboard = blackboard.upload(new_file(tmp_path, "blackboard", source, "blackboard.csv"))
    for lms in ("brightspace", "sakai"):
        assert export(lms, "--results", tmp_path).exit_code == 0
    to_brightspace = (tmp_path / "brightspace.csv").read_bytes()
    to_sakai = (tmp_path / "grades-sakai.csv").read_bytes()

    assert (to_blackboard.new_columns, to_blackboard.unknown) == ([TITLE], [])
    assert brightspace.import_grades(to_brightspace).grades == {TITLE: marks_of(source)}
    assert sakai.import_grades(to_sakai) == marks_of(source)


def with_pages(folder: Path, source: str) -> Path:
    """Write results and a page for each student, with the login on it."""
    path = results_of(folder, source)
    content = json.loads(path.read_text(encoding="utf-8"))
    (folder / "students").mkdir()
    for each, person in zip(content["students"], students_of(source), strict=True):
        each["page"] = f"students/{person.login}.html"
        (folder / each["page"]).write_text(page_of(person), encoding="utf-8")
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def page_of(student: Person) -> str:
    """Return a student's page."""
    return f"<p>{student.login}</p>"


def feedback(folder: Path, source: str, platform: str) -> tuple[bytes, str]:
    """Return a zip of a page for each student, and what was printed."""
    run = export("feedback-zip", "--for", platform, "--results", with_pages(folder, source))
    assert run.exit_code == 0, run.exception
    return (folder / "feedback.zip").read_bytes(), run.stdout


@pytest.mark.parametrize("source", ["canvas", "canvas-older", "canvas-anonymous"])
def test_canvas_attaches_each_page_to_its_student(tmp_path: Path, source: str) -> None:
    """It goes by numbers in the name; for a text there is none, and its student is named."""
    content, printed = feedback(tmp_path, source, "canvas")
    attached = canvas.attach(content)

    uploaded = {each.number: page_of(each) for each in CLASS if each.files}
    assert {number: files[0][1].decode() for number, files in attached.files.items()} == uploaded
    assert all(len(files) == 1 for files in attached.files.values())
    assert not attached.ignored
    assert "1 student (Canvas finds students by a file that they uploaded there): " in printed


@pytest.mark.parametrize("source", ["moodle", "moodle-older", "moodle-flat", "moodle-blind"])
def test_moodle_attaches_each_page_to_its_student(tmp_path: Path, source: str) -> None:
    """In the student's folder, also where nobody knows whose that is."""
    files, ignored = moodle.import_feedback(feedback(tmp_path, source, "moodle")[0])

    assert files == {
        each.login: {f"{each.login}.html": page_of(each).encode()} for each in students_of(source)
    }
    assert not ignored


def test_plain_feedback_has_the_pages_own_names(tmp_path: Path) -> None:
    """For whoever hands them out by other means."""
    content, _ = feedback(tmp_path, "logins", "plain")

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == [f"{each.login}.html" for each in students_of("logins")]
        assert archive.read("kpark.html") == b"<p>kpark</p>"


@pytest.mark.parametrize(("platform", "source"), [("canvas", "moodle"), ("moodle", "canvas")])
def test_feedback_is_for_the_lms_that_the_work_came_from(
    tmp_path: Path, platform: str, source: str
) -> None:
    """Nobody gets a page that another LMS's name would lead to somebody else."""
    results = with_pages(tmp_path, source)

    assert "finds students by" in complaint("feedback-zip", "--for", platform, "--results", results)
    assert not (tmp_path / "feedback.zip").exists()
