"""Filling in marks: the right column and row or none, and every reason is told."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from lms import sheets
from lms_results import results_of
from results_samples import complaint, entry, exercise, export, outcome, write_results

from grader.lists.naming import could_be_one, name_keys

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,HW 1 (7),Week 3 (8),Final Score\n"
POINTS = "    Points Possible,,,,,10.00,2.00,(read only)\n"


def book(folder: Path, *rows: str, head: str = HEAD + POINTS) -> Path:
    """Write a gradebook of Canvas; the column of the class is called Week 3."""
    path = folder / "book.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def fill(folder: Path, *more: str, lms: str = "canvas") -> tuple[list[str], str]:
    """Fill in `book.csv`; return its rows of students and what was printed."""
    run = export(lms, "--results", folder, "--into", folder / "book.csv", *more)
    assert run.exit_code == 0, run.exception
    text = (folder / "book-filled.csv").read_text(encoding="utf-8")
    return text.splitlines()[2:], run.stdout


def refused(folder: Path, *more: str, lms: str = "canvas") -> str:
    """Return the one line about a file that can't be filled in; nothing is written."""
    before = sorted(folder.iterdir())
    said = complaint(lms, "--results", folder, "--into", folder / "book.csv", *more)
    assert before == sorted(folder.iterdir())
    return said


def test_all_other_cells_stay_as_they_are(tmp_path: Path) -> None:
    """Hostile names, line ends in cells, odd quotes, short and blank rows among them."""
    write_results(tmp_path, entry("11"), entry("12"))
    rows = (
        '"=1+1, ""X""",11,,,"A\nB",,,',
        "\t@x ,12,'1",
        "",
        ",,,,,,,",
        '"Test, Student",99,,,,,,',
    )
    book(tmp_path, *rows)
    filled, _ = fill(tmp_path)

    assert "\n".join(filled) == "\n".join(
        ('"=1+1, ""X""",11,,,"A\nB",,2,', "\t@x ,12,'1,,,,2", *rows[2:])
    )


def test_who_is_excused_by_decision_is_excused_in_canvas(tmp_path: Path) -> None:
    """A mark from before gives way; where an LMS has no word for it, the mark stays as it is."""
    excused = entry("12", score=0.0, max_score=0.0, excused=True, computed_score=2.0)
    write_results(tmp_path, entry("11"), excused)
    book(tmp_path, "A,11,,,,,,", "B,12,,,,,1.5,")
    filled, printed = fill(tmp_path)

    assert filled == ["A,11,,,,,2,", "B,12,,,,,EX,"]
    assert "Had another mark before: 1 student: 12 (1.5, now EX)" in printed
    run = export("moodle", "--results", tmp_path)
    assert "Not in it: 1 student (excused by decision): 12" in run.stdout


def test_who_is_excused_from_an_exercise_has_the_marks_of_the_others(tmp_path: Path) -> None:
    """Converted to the maximum of the class: nobody loses what does not count."""
    partly = entry("12", exercise(outcome("wrong")), score=1.0, max_score=1.0, usual_max_score=2.0)
    write_results(tmp_path, entry("11"), partly)
    book(tmp_path, "A,11,,,,,,", "B,12,,,,,,")

    assert fill(tmp_path)[0] == ["A,11,,,,,2,", "B,12,,,,,2,"]


def test_points_that_a_person_gave_are_a_mark_without_work(tmp_path: Path) -> None:
    """For an exam by word of mouth; points for everybody are none."""
    missing = exercise(outcome("missing"), score=1.0)
    given = {"decision": "points", "change": 1.0}
    oral = entry("11", missing, decisions=[given])
    write_results(tmp_path, oral, entry("12", missing, decisions=[{**given, "everybody": True}]))
    book(tmp_path, "A,11,,,,,,", "B,12,,,,,,")

    assert fill(tmp_path)[0] == ["A,11,,,,,1,", "B,12,,,,,,"]


def test_what_the_lms_says_is_nobodys_business_stays(tmp_path: Path) -> None:
    """Excused, and not assigned; a mark that is the same is left as it is written."""
    write_results(tmp_path, *map(entry, ("11", "12", "13", "14")))
    book(tmp_path, "A,11,,,,,EX,", "B,12,,,,,N/A,", "C,13,,,,,2.00,", "D,14,,,,,1.50,")
    filled, printed = fill(tmp_path)

    assert filled == ["A,11,,,,,EX,", "B,12,,,,,N/A,", "C,13,,,,,2.00,", "D,14,,,,,2,"]
    assert "Wrote 2 students" in printed
    assert "Not filled in: 1 student (excused in Canvas): 11\n" in printed
    assert "Not filled in: 1 student (in Canvas it is not assigned to them): 12\n" in printed
    assert "Had another mark before: 1 student: 14 (1.50, now 2)\n" in printed


def test_who_has_no_mark_keeps_the_one_that_is_there(tmp_path: Path) -> None:
    """And is named once, not also as a row without a result."""
    missing, fault = exercise(outcome("missing")), exercise(outcome("grader_fault"))
    write_results(tmp_path, entry("11"), entry("12", missing), entry("13", fault))
    rows = ("A,11,,,,,,", "B,12,,,,,1,", "C,13,,,,,1,", "Test,99,,,,,,")
    book(tmp_path, *rows)
    filled, printed = fill(tmp_path)

    assert filled == ["A,11,,,,,2,", *rows[1:]]
    assert "left as they were: 1 row: line 6 (Test)" in printed
    told = printed.replace(str(tmp_path), "")
    assert told.count("12") == told.count("13") == 1


def test_the_column_is_the_one_of_the_title(tmp_path: Path) -> None:
    """Also inside of a longer title; or else the one that is named."""
    book(tmp_path, "A,11,,,,,,")
    for title, more, cells in (
        ("week 3", (), ",2,"),
        ("cs-1-week-3_submissions", (), ",2,"),
        ("HW", ("--column", "Week 3"), ",2,"),
        ("HW", ("--column", "Week 3 (8)"), ",2,"),
        ("HW 1", ("--scale",), "10,,"),
    ):
        write_results(tmp_path, entry("11"), title=title)

        assert fill(tmp_path, *more)[0] == [f"A,11,,,,{cells}"]


@pytest.mark.parametrize(
    ("title", "more", "head", "words"),
    [
        (
            "Week",
            (),
            HEAD,
            "no column called 'Week': name the right one with --column: 'HW 1 (7)', ",
        ),
        (
            "W",
            ("--column", "HW"),
            HEAD,
            "no column called 'HW': name the right one with --column: '",
        ),
        ("Week 3", (), HEAD.replace("HW 1 (7)", "Week 3 (7)"), "several columns called 'Week 3'"),
        ("Week 3", (), HEAD.replace(" (7)", "").replace(" (8)", ""), "has no column for marks"),
        ("Week 3", (), HEAD.replace("Week 3", "Week"), "no column called 'Week 3'"),
        ("", ("--column", "Final Score"), HEAD, "no column called 'Final Score'"),
    ],
)
def test_a_column_that_is_not_sure_is_asked_for(
    tmp_path: Path, title: str, more: tuple[str, ...], head: str, words: str
) -> None:
    """No column is guessed, and no total is filled in."""
    write_results(tmp_path, entry("11"), title=title)
    book(tmp_path, "A,11,,,,,,", head=head + POINTS)

    assert words in refused(tmp_path, *more)


def test_another_maximum_stops_until_it_is_said_what_to_do(tmp_path: Path) -> None:
    """Both numbers are named; with --scale marks are converted, to two decimals."""
    third = exercise(outcome(score=1.0, max_score=3.0))
    write_results(tmp_path, entry("11", third), title="HW 1")
    book(tmp_path, "A,11,,,,,,")

    said = refused(tmp_path)
    assert "'HW 1 (7)' is out of 10 points, the results are out of 3: " in said
    assert "--scale" in said
    assert fill(tmp_path, "--scale")[0] == ["A,11,,,,3.33,,"]
    book(tmp_path, "A,11,,,,,,", head=HEAD)
    assert "does not say its maximum" in refused(tmp_path, "--scale")


PEOPLE = {
    "by number": ({"student": "11"}, "Someone,11,,,,,,"),
    "by login": ({"student": "x", "login": "AL1"}, "Someone,5,,al1,,,,"),
    "by address": ({"student": "x", "email": "a@b.org", "name": "Ann Li"}, "Bo,5,,A@B.org,,,,"),
    "by name": ({"student": "x", "name": "Ana Lí"}, '"Lí, Ana",5,,,,,,'),
    "NFD": (
        {"student": "x", "name": unicodedata.normalize("NFD", "Zoë Lí")},
        f'"{unicodedata.normalize("NFC", "Lí, Zoë")}",5,,,,,,',
    ),
    "apostrophe": ({"student": "x", "name": "Sean OBrien"}, '"O’Brien, Seán",5,,,,,,'),
    "family name first": ({"student": "x", "name": "王小明"}, '"王, 小明",5,,,,,,'),
    "written together": ({"student": "x", "name": "smithjane"}, '"Smith, Jane",5,,,,,,'),
    "Canvas's id": (
        {"student": "anna", "name": "anna", "handed_in_as": "teamone_LATE_11_77_ex01.py"},
        "Jane,11,,,,,,",
    ),
}


@pytest.mark.parametrize("way", PEOPLE)
def test_a_student_is_found(tmp_path: Path, way: str) -> None:
    """By what is unique, however it is written."""
    told, row = PEOPLE[way]
    write_results(tmp_path, entry(**told))
    book(tmp_path, row, "Other,6,,o,,,,")

    assert fill(tmp_path)[0] == [f"{row[:-2]},2,", "Other,6,,o,,,,"]


NOBODY: dict[str, tuple[list[dict[str, Any]], list[str], str]] = {
    "not there": (
        [{"student": "x", "name": "Ana Lima"}],
        ["Anna Lima,5,,,,,,", "Bo Li,6,,,,,,"],
        "no row for this student; nearest: line 3 (Anna Lima)",
    ),
    "another's number": (
        [{"student": "11", "name": "Ana Lima"}],
        ['"Doe, John",11,,,,,,'],
        "the row with the id 11 is another's: line 3 (Doe, John)",
    ),
    "no such id of Canvas's": (
        [{"student": "a", "name": "analima", "handed_in_as": "analima_12_7_x.py"}],
        ["Ana Lima,11,,,,,,"],
        "no row has this student's id; nearest: line 3 (Ana Lima)",
    ),
    "two rows of a name": (
        [{"student": "x", "name": "Ana Lima"}],
        ["Ana Lima,5,,,,,,", '"Lima, Ana",6,,,,,,'],
        "several rows have this name: line 3 (Ana Lima), line 4 (Lima, Ana)",
    ),
    "two students of a name": (
        [{"student": "x", "name": "Ana Lima"}, {"student": "y", "name": "Lima, Ana"}],
        ["Ana Lima,5,,,,,,"],
        "several students of the class have this name",
    ),
    "two students of a row": (
        [{"student": "5"}, {"student": "ana"}],
        ["Ana Lima,5,,ana,,,,"],
        "several students of the class have one row: line 3 (Ana Lima)",
    ),
    "a number of two kinds": (
        [{"student": "5"}],
        ["Ana Lima,5,,,,,,", "Bo,6,5,,,,,"],
        "several rows have the id 5: line 3 (Ana Lima), line 4 (Bo)",
    ),
}


@pytest.mark.parametrize("case", NOBODY)
def test_nobody_is_guessed(tmp_path: Path, case: str) -> None:
    """Who can't be told for sure is named, with the reason and what comes near."""
    students, rows, reason = NOBODY[case]
    write_results(tmp_path, entry("99"), *(entry(**told) for told in students))
    book(tmp_path, *rows, "Sure,99,,,,,,")
    filled, printed = fill(tmp_path)

    assert filled == [*rows, "Sure,99,,,,,2,"]
    assert f"({reason}): " in printed


def test_a_student_in_two_rows_stops_it(tmp_path: Path) -> None:
    """The lines are named."""
    write_results(tmp_path, entry("5"), entry("6"))
    book(tmp_path, "Ana,5,,,,,,", "Ana,5,,,,,1,", "Bo,6,,,,,,")

    assert "lines 3 and 4 are both about 5, by '5'" in refused(tmp_path)


def test_a_row_that_fell_apart_stops_it(tmp_path: Path) -> None:
    """A separator without quotes moves the cells after it."""
    write_results(tmp_path, entry("x", name="Lima"))
    book(tmp_path, "Lima, Ana,5,,,A,3,,9")

    assert "line 3 has more cells than there are headings" in refused(tmp_path)


def test_a_file_of_nobody_in_the_class_is_not_written(tmp_path: Path) -> None:
    """As when it is another course's."""
    write_results(tmp_path, entry("x", name="Ana Lima"))
    book(tmp_path, "Bo,6,,,,,,")

    assert "no mark can be filled in into" in refused(tmp_path)


OTHERS = {
    "canvas": sheets.moodle(),
    "moodle": sheets.sakai(),
    "blackboard": sheets.canvas(),
    "brightspace": sheets.blackboard_csv(),
    "sakai": sheets.brightspace(),
}


@pytest.mark.parametrize("lms", OTHERS)
def test_a_file_of_another_lms_is_refused(tmp_path: Path, lms: str) -> None:
    """The message says where to get the right one."""
    results_of(tmp_path, "logins")
    for content in (OTHERS[lms], b"", b"student,name,email,section,late,score\nana,Ana,,,,3\n"):
        (tmp_path / "book.csv").write_bytes(content)

        said = refused(tmp_path, lms=lms)
        assert f"is not the file that {lms.capitalize()} gives under " in said


WORKSHEETS = {
    "French": (
        "Identifiant,Nom complet,Statut,Note,Note maximale,La note peut être modifiée",
        "Non",
    ),
    "Spanish": (
        "Identificador,Nombre completo,Estado,Calificación,Calificación máxima,"
        "La calificación puede cambiarse",
        "No",
    ),
    "Italian": (
        "Identificativo,Nome completo,Stato,Valutazione,Valutazione massima,"
        "La valutazione può essere modificata",
        "No",
    ),
    "Portuguese": (
        "Identificador,Nome completo,Estado,Nota,Nota máxima,A nota pode ser alterada.",
        "Não",
    ),
    "Dutch": (
        "Identificatie,Volledige naam,Status,Cijfer,Maximale cijfer,Cijfer kan gewijzigd worden",
        "Nee",
    ),
}


@pytest.mark.parametrize("language", WORKSHEETS)
def test_a_worksheet_of_any_site_is_known(tmp_path: Path, language: str) -> None:
    """Headings are in its language; a mark that is locked stays, and a comma is a decimal one."""
    head, no = WORKSHEETS[language]
    students = (
        entry(f"s{n}", exercise(outcome(score=1.5)), handed_in_as=f"Li_{n}_assignsubmission_file")
        for n in (4, 5)
    )
    write_results(tmp_path, *students)
    rows = f'Participant 4,Li,,,"2,00",Oui\nParticipant 5,Li,,,"2,00",{no}\n'
    (tmp_path / "book.csv").write_text(f"{head}\n{rows}", encoding="utf-8")
    filled, printed = fill(tmp_path, lms="moodle")

    assert filled == [f'Participant 5,Li,,,"2,00",{no}']
    assert 'Participant 4,Li,,"1,5","2,00"' in (tmp_path / "book-filled.csv").read_text("utf-8")
    assert "locked or overridden in Moodle's gradebook): s5" in printed


def test_moodles_numbers_are_those_of_one_assignment(tmp_path: Path) -> None:
    """In the worksheet of another one they are other students', whose names say so."""
    told = {"name": "Ana Lima", "handed_in_as": "Ana Lima_4_assignsubmission_file"}
    write_results(tmp_path, entry("4", **told))
    text = "Identifier,Full name,Grade,Maximum grade\nParticipant 4,Bo Li,,2.00\n"
    (tmp_path / "book.csv").write_text(text, encoding="utf-8")

    assert "the row with the id 4 is another's: line 2 (Bo Li)" in refused(tmp_path, lms="moodle")


def test_a_team_gives_its_mark_to_its_members(tmp_path: Path) -> None:
    """Moodle's download names the team alone, and its worksheet who is in it."""
    team = {"name": "Team A", "handed_in_as": "Team A_4_assignsubmission_file"}
    write_results(tmp_path, entry("4", **team))
    text = (
        "Identifier,Full name,Group,Grade,Maximum grade\n"
        "Participant 3,Bo,Team A,,2.00\nParticipant 4,Cy,Team B,,2.00\nParticipant 5,Di,Team A,,2\n"
    )
    (tmp_path / "book.csv").write_text(text, encoding="utf-8")
    filled, printed = fill(tmp_path, lms="moodle")

    assert filled == ["Participant 4,Cy,Team B,,2.00", "Participant 5,Di,Team A,2,2"]
    assert "Wrote 2 students" in printed


def test_members_share_their_groups_row(tmp_path: Path) -> None:
    """Sakai has a row for each group; members with two marks for it get none."""
    one = exercise(outcome(score=1.0))
    write_results(
        tmp_path,
        *(entry(name, group="Red") for name in ("ana", "bo")),
        *(entry(name, work, group="Blue") for name, work in (("cy", one), ("di", exercise()))),
    )
    text = '"HW","X"\n""\n"Group","Group ID","Users","Grade"\n"Red","1","Ana; Bo",""\n'
    (tmp_path / "book.csv").write_text(text + '"Blue","2","Cy; Di",""\n', encoding="utf-8")
    filled, printed = fill(tmp_path, lms="sakai")

    assert filled[1:] == ['"Red","1","Ana; Bo","2"', '"Blue","2","Cy; Di",""']
    assert "(several students of the class have one row: line 5 (Blue)): cy, di" in printed


def test_exports_of_gradebooks_are_known(tmp_path: Path) -> None:
    """Moodle's, by addresses, and Sakai's, by its first column."""
    write_results(tmp_path, entry("ana", email="a@b.org"))
    sheet = tmp_path / "book.csv"
    sheet.write_text(
        "First name,Last name,ID number,Email address,Assignment: Week 3 (Real),Course total (Real)"
        "\nAna,Li,7,a@b.org,-,-\n\n",
        encoding="utf-8",
    )
    fill(tmp_path, lms="moodle")
    assert "a@b.org,2,-" in (tmp_path / "book-filled.csv").read_text(encoding="utf-8")
    sheet.write_text("Student ID,Name,Week 3 [2],* Week 3,# Total\nana,Ana,,,\n", encoding="utf-8")
    fill(tmp_path, lms="sakai")
    assert "ana,Ana,2,," in (tmp_path / "book-filled.csv").read_text(encoding="utf-8")


def test_a_file_that_a_spreadsheet_saved_is_filled_in_as_it_is(tmp_path: Path) -> None:
    """Semicolons, Windows' letters, its line ends; the reader is warned of the letters."""
    write_results(tmp_path, entry("11", exercise(outcome(score=1.5))), title="Week 3")
    path = book(tmp_path)
    content = (HEAD + POINTS + "Zoë,11,,,,,,\n").replace(",", ";").replace(".", ",")
    path.write_bytes(content.replace("\n", "\r\n").encode("cp1252"))
    run = export("canvas", "--results", tmp_path, "--into", path)

    filled = (tmp_path / "book-filled.csv").read_bytes()
    assert filled == path.read_bytes().replace(b";11;;;;;;", b";11;;;;;1,5;")
    assert "not in UTF-8" in run.stdout


def test_a_folder_that_can_only_be_read_is_told(tmp_path: Path) -> None:
    """The place of the copy can be named, and the LMS's own file is never written to."""
    results = write_results(tmp_path, entry("11"))
    folder = tmp_path / "downloads"
    folder.mkdir()
    path = book(folder, "A,11,,,,,,")
    (folder / "book-filled.csv").mkdir()

    asked = ("canvas", "--results", results, "--into", path)
    assert "name a file with --output" in complaint(*asked)
    assert "name another one with --output" in complaint(*asked, "--output", path)
    assert export(*asked, "--output", tmp_path / "marks.csv").exit_code == 0


def test_new_files_hold_no_formula(tmp_path: Path) -> None:
    """Whatever a student or a folder is called."""
    told = {"name": '=HYPERLINK("x")', "login": "@SUM(1)", "email": "+1@x.org", "section": "-1"}
    write_results(tmp_path, entry("=1", **told), title="=2")
    for lms in ("canvas", "moodle", "blackboard", "brightspace", "sakai"):
        assert (
            export(lms, "--results", tmp_path, "--output", tmp_path / f"{lms}.csv").exit_code == 0
        )

        text = (tmp_path / f"{lms}.csv").read_text(encoding="utf-8")
        cells = [cell.strip('"') for line in text.splitlines() for cell in line.split(",")]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("lms", ["moodle", "blackboard", "brightspace", "sakai"])
def test_an_id_in_the_place_of_a_username_is_told(tmp_path: Path, lms: str) -> None:
    """Some LMSs pass over whom they don't know, and say nothing."""
    write_results(tmp_path, entry("ana"), entry("Bo Li"), entry("cy", login="cy1"))
    run = export(lms, "--results", tmp_path)

    assert "The username of 2 students is not known, and the id stands in its place" in run.stdout
    assert "check that these are usernames: ana, Bo Li\n" in run.stdout


def test_brightspace_needs_a_username(tmp_path: Path) -> None:
    """The numbers of its download are none."""
    folder = "104401-771204 - Ana Li - Nov 20, 2026 521 PM"
    known = entry("104402", login="bo", handed_in_as=folder)
    write_results(tmp_path, entry("104401", handed_in_as=folder), known)
    run = export("brightspace", "--results", tmp_path)

    assert "the username is not known: use --into, or grade with a --roster" in run.stdout
    assert "#bo,2,#" in (tmp_path / "brightspace.csv").read_text(encoding="utf-8")


def test_namesakes_without_an_id_are_left_out_of_a_new_canvas_file(tmp_path: Path) -> None:
    """Canvas would give both marks to the first."""
    twins = (entry(student, name="Jane Smith") for student in ("jane 1", "jane 2"))
    write_results(tmp_path, *twins, entry("bo", name="Bo"))
    run = export("canvas", "--results", tmp_path)

    assert "(Canvas can't tell who of several has this name): Jane Smith (jane 1), " in run.stdout
    assert "Jane" not in (tmp_path / "canvas.csv").read_text(encoding="utf-8")


def test_a_team_gets_no_page_of_moodles(tmp_path: Path) -> None:
    """Its number could be another student's; the others' pages are in the zip."""
    name = "Team A_4_assignsubmission_file"
    write_results(
        tmp_path,
        entry("4", group="Team A", handed_in_as=name),
        entry("5", handed_in_as="Bo_5_assignsubmission_file"),
    )
    for page in ("4", "5"):
        (tmp_path / "students").mkdir(exist_ok=True)
        (tmp_path / "students" / f"{page}.html").write_text("page", encoding="utf-8")
    run = export("feedback-zip", "--for", "moodle", "--results", tmp_path)

    assert "Wrote 1 student" in run.stdout
    assert "by a folder of their own in its download): 4" in run.stdout


@pytest.mark.parametrize(
    ("name", "other", "could_be"),
    [
        ("smithjane", "Smith, Jane", True),
        ("Jane Smith", "J. Smith-Jones", True),
        ("王小明", "Xiaoming Wang", True),
        ("王小明", "李雷", False),
        ("Jane Smith", "John Doe", False),
        ("", "John Doe", True),
    ],
)
def test_names_that_share_nothing_are_not_one_persons(
    name: str, other: str, could_be: bool
) -> None:
    """Where they can be compared at all."""
    assert could_be_one(name, other) is could_be_one(other, name) is could_be


def test_a_name_of_no_letters_is_looked_up_by_nothing() -> None:
    """So it is nobody else's."""
    assert name_keys("…") == name_keys("") == ()


def test_results_of_an_older_grader_are_exported(tmp_path: Path) -> None:
    """They have no names and no title."""
    path = write_results(tmp_path, entry("ana"), schema=1)
    assert "title" not in json.loads(path.read_text(encoding="utf-8"))

    assert export("canvas", "--results", path).exit_code == 0
    assert "Section,Marks\n" in (tmp_path / "canvas.csv").read_text(encoding="utf-8")


def test_a_column_that_canvas_only_shows_is_not_filled_in(tmp_path: Path) -> None:
    """Read-only, or a total that has a number in brackets."""
    write_results(tmp_path, entry("11"), title="Week 3")
    for heading, points in (("Week 3 (8)", "(read only)"), ("Week 3 Final Score (8)", "2.00")):
        head = f"Student,ID,Section,HW 1 (7),{heading}\n    Points Possible,,,10.00,{points}\n"
        book(tmp_path, "A,11,,,", head=head)

        assert "no column called 'Week 3'" in refused(tmp_path)


def test_members_of_a_group_have_one_page_in_canvas(tmp_path: Path) -> None:
    """They share a hand-in, to which Canvas attaches it; a page with a fault waits."""
    told = {"handed_in_as": "red_4_77_ex01.py", "page": "results.json"}
    fault = exercise(outcome("grader_fault"))
    other = {"handed_in_as": "bo_5_78_ex01.py", "page": "results.json"}
    write_results(tmp_path, entry("ana", **told), entry("cy", **told), entry("bo", fault, **other))
    run = export("feedback-zip", "--for", "canvas", "--results", tmp_path)

    assert "Wrote 1 student" in run.stdout
    assert "(one hand-in with ana, whose page is in it): cy" in run.stdout
    assert run.stdout.rstrip().endswith(": bo")
