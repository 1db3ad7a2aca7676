"""The double of the LMSs: it takes what they give out, and refuses what they refuse."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from lms import sakai, sheets
from lms.canvas import anonymous, canvas
from lms.downloads import DOWNLOADS
from lms.moodle import moodle, teams
from lms.packing import Form, write, zip_bytes
from lms.people import CLASS, person
from lms.taking_back import Refused, blackboard, brightspace, gradescope, junit, nbgrader
from lms.taking_back import canvas as to_canvas
from lms.taking_back import moodle as to_moodle
from lms.taking_back import sakai as to_sakai

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOGINS = {each.login for each in CLASS}


def filled(sheet: bytes, encoding: str, column: int, mark: str, delimiter: str = ",") -> bytes:
    """Write a mark for each student into a sheet as a careful exporter would."""
    rows = list(csv.reader(io.StringIO(sheet.decode(encoding)), delimiter=delimiter))
    known = {each.email for each in CLASS} | LOGINS | {f"#{login}" for login in LOGINS}
    for row in rows:
        if known & set(row):
            row[column] = mark
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


@pytest.mark.parametrize("name", DOWNLOADS)
def test_a_download_holds_the_whole_class_and_is_the_same_each_time(
    name: str, tmp_path: Path
) -> None:
    """But for who handed in nothing, and those whose name an encoding has not."""
    download = DOWNLOADS[name]
    content = write(download, Form.ZIP, tmp_path).read_bytes()
    assert write(download, Form.ZIP, tmp_path).read_bytes() == content
    ids = [each.id for each in download.expected]
    partial = {"cp437": 15, "gbk": 16, "canvas-groups": 17, "moodle-teams": 17}
    assert len(set(ids)) == len(ids) == partial.get(name, 19)
    paths = [entry.path for entry in download.entries]
    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("semicolons", [False, True])
def test_canvas_takes_its_own_gradebook_with_one_column_filled_in(semicolons: bool) -> None:
    """And nobody's older mark changes."""
    sheet = sheets.canvas(semicolons=semicolons)
    encoding, delimiter = ("utf-8", ";") if semicolons else ("utf-8-sig", ",")
    mark = "12,5" if semicolons else "12.5"
    book = to_canvas.import_gradebook(filled(sheet, encoding, 6, mark, delimiter))

    assert not book.new_students
    assert not book.new_assignments
    assert {each.number: 12.5 for each in CLASS} == {
        number: score for number, score in book.scores[sheets.TITLE].items() if score is not None
    }
    assert book.scores["Homework 0"][person("rossi").number] == "EX"
    assert book.scores["Homework 0"][person("lima").number] == sheets.old_mark(person("lima"))
    assert book.points == {sheets.TITLE: 25.0, "Homework 0": 10.0}


def test_canvas_finds_students_by_number_login_and_name_and_asks_about_others() -> None:
    """Of two people of one name it takes the first."""
    text = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Lab\n"
        '"Smith, Jane",4402,,,B,1\n"x",,,lima,A,2\n"x",,20264413,,A,3\n"Smith, Jane",,,,A,4\n'
        '"Nobody, A",,,,A,5\n'
    )
    book = to_canvas.import_gradebook(text.encode())

    assert book.scores["Lab"] == {4402: 1.0, 4412: 2.0, 4413: 3.0, 4401: 4.0}
    assert (book.new_students, book.new_assignments) == (["Nobody, A"], ["Lab"])


def test_canvas_attaches_feedback_by_the_numbers_in_its_names() -> None:
    """A text entry has no attachment to answer, and what is named otherwise is ignored."""
    named, unnamed = (to_canvas.attach(zip_bytes(it().entries)) for it in (canvas, anonymous))

    for attached in (named, unnamed):
        assert set(attached.files) == {each.number for each in CLASS if each.files}
        assert [name.rpartition("_")[2] for name in attached.ignored] == ["text.html"]
    assert named.files[4409][3][0] == "ex03_log_softmax-1.py"
    assert to_canvas.attach(zip_bytes(moodle().entries)).files == {}


@pytest.mark.parametrize("language", [to_moodle.ENGLISH, to_moodle.GERMAN])
def test_moodle_takes_its_own_worksheet_with_the_grades_filled_in(
    language: to_moodle.Language,
) -> None:
    """And the comment of another marker stays."""
    if language is to_moodle.ENGLISH:
        content = filled(sheets.moodle(), "utf-8", 5, "12.5")
    else:
        content = filled(sheets.moodle_german(), "utf-8-sig", 4, "12,5")
    sheet = to_moodle.import_worksheet(content, language)

    assert sheet.grades == dict.fromkeys(LOGINS, 12.5)
    assert not sheet.passed_over
    if language is to_moodle.ENGLISH:
        assert not sheet.feedback


def test_moodle_takes_feedback_in_the_folders_that_it_gave() -> None:
    """But not in a team's: its number is no participant's."""
    page = b"<html>well done</html>"
    folders = {each.path.partition("/")[0] for each in moodle().entries}
    pages = {f"{folder}/feedback.html": page for folder in folders}
    files, ignored = to_moodle.import_feedback(zipped(pages))

    assert set(files) == {each.login for each in CLASS if each.handed_in}
    assert files["brien"] == {"feedback.html": page}
    assert not ignored
    folders = {each.path.partition("/")[0] for each in teams().entries}
    assert not to_moodle.import_feedback(zipped({f"{each}/f.html": page for each in folders}))[0]


def test_blackboard_takes_its_own_file_in_both_forms() -> None:
    """Columns are found by their numbers."""
    for sheet, encoding, delimiter in (
        (sheets.blackboard_xls(), "utf-16", "\t"),
        (sheets.blackboard_csv(), "utf-8-sig", ","),
    ):
        uploaded = blackboard.upload(filled(sheet, encoding, 8, "12.5", delimiter))

        assert uploaded.marks[664617] == dict.fromkeys(LOGINS, 12.5)
        assert uploaded.marks[664616] == {each.login: sheets.old_mark(each) for each in CLASS}
        assert not uploaded.new_columns
        assert not uploaded.unknown


def test_brightspace_takes_its_own_export() -> None:
    """And caps what is too much."""
    imported = brightspace.import_grades(filled(sheets.brightspace(), "utf-8-sig", 6, "30"))

    assert imported.grades[sheets.TITLE] == dict.fromkeys(LOGINS, 25.0)
    assert set(imported.capped) == LOGINS
    assert not imported.new_items
    assert not imported.unknown


def test_sakai_takes_its_own_grades_and_the_zip_around_them() -> None:
    """Without the empty second row the first student would be lost."""
    content = filled(sheets.sakai(), "utf-8-sig", 4, "12.5")
    entries = {entry.path: entry.content for entry in sakai.sakai().entries}
    entries["Training a network/grades.csv"] = content
    entries["Training a network/Park, Kim(kpark)/Feedback Attachment(s)/page.html"] = b"page"

    assert to_sakai.upload_all(zipped(entries)) == (
        dict.fromkeys(LOGINS, 12.5),
        {"kpark": {"page.html": b"page"}},
    )
    shorter = content.replace(b"\r\n\r\n", b"\r\n", 1).replace(b'\r\n""\r\n', b"\r\n", 1)
    assert set(to_sakai.import_grades(shorter)) == LOGINS - {CLASS[0].login}


REFUSED: tuple[tuple[Callable[[bytes], object], bytes, str], ...] = (
    (to_canvas.import_gradebook, b"Name,ID,Section,Lab\n", "Invalid header"),
    (to_canvas.import_gradebook, b"Student,ID,Lab,Section\n", "Invalid header"),
    (to_canvas.import_gradebook, "Student,ID,Section,Übung\n".encode("cp1252"), "UTF-8"),
    (to_canvas.import_gradebook, b'Student,ID,Section,Lab\n"b"x,1,A,2\n', "malformed"),
    (to_canvas.attach, b"no zip", "no zip"),
    (to_moodle.import_worksheet, b"Identifier,Grade\nParticipant 1,2\n", "Last modified"),
    (to_moodle.import_worksheet, sheets.moodle_german(), "Identifier"),
    (to_moodle.import_worksheet, sheets.moodle() + b"Participant 1,x\n", "csvweirdcolumns"),
    (to_moodle.import_feedback, b"no zip", "no zip"),
    (blackboard.upload, b'"Student ID","Lab |1"\n', "Username"),
    (blackboard.upload, b'"Username","Lab |1"\n"lima","nan"\n', "no number"),
    (brightspace.import_grades, b"Username,Lab Points Grade\n", "last column"),
    (brightspace.import_grades, b"Username,Lab Points Grade,End-of-Line Indicator\na,1\n", "#"),
    (to_sakai.import_grades, b'a\n""\n\nx,lima,x,x,"1,5"\n', "no grade"),
    (to_sakai.upload_all, b"no zip", "no zip"),
    (gradescope.read_results, b'{"score": NaN}', "JSON"),
    (gradescope.read_results, b'{"tests": []}', "neither"),
    (gradescope.read_results, b'{"score": "3"}', "score is"),
    (gradescope.read_results, b'{"score": 3, "visibility": "later"}', "visibility"),
    (gradescope.read_results, b'{"score": 3, "tests": [{"number": 1}]}', "number is"),
    (nbgrader.read_grades, b"student_id,score\n", "columns"),
    (
        junit.read_suites,
        b"<testsuite tests='2'><testcase name='a' classname='b'/></testsuite>",
        "2",
    ),
    (junit.read_suites, b"<testsuite><testcase name='a'/></testsuite>", "name of its own"),
    (junit.read_suites, b"<testsuite>\x00</testsuite>", "well-formed"),
)


@pytest.mark.parametrize(("take", "content", "reason"), REFUSED)
def test_what_an_lms_refuses_is_refused(
    take: Callable[[bytes], object], content: bytes, reason: str
) -> None:
    """Each with its reason."""
    with pytest.raises(Refused, match=reason):
        take(content)


def zipped(files: dict[str, bytes]) -> bytes:
    """Pack files by path."""
    from lms.work import zipped as packed

    return packed(files)
