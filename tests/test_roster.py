"""The list of a class: read as systems export it, joined by what is certain."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import openpyxl
import pytest
from lms import rosters, sheets
from lms.downloads import DOWNLOADS
from lms.packing import Form, write
from lms.people import CLASS
from rich.console import Console
from the_lab import LAB, find_submissions

from grader.commands.shown.dry_run import show_class
from grader.errors import UsageError
from grader.results.students import StudentRecord
from grader.roster.entries import Entry
from grader.roster.joining import NOTHING_HERE, join
from grader.roster.reading import read_roster
from grader.submissions import ClassWork, Submission

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from grader.roster.joining import Joined

LISTS = {
    "moodle.csv": rosters.moodle(),
    "brightspace.csv": rosters.brightspace(),
    "registrar.xlsx": rosters.workbook(),
    "amt.xlsx": rosters.workbook_in_german(),
    "canvas-gradebook.csv": sheets.canvas(),
    "github.csv": b"identifier,github_username,github_id,name\n"
    + "\n".join(f"{e.sid},{e.login},{e.number},{e.name}" for e in CLASS).encode(),
    "gradescope.csv": b"Full Name,Email,SID,Role,Sections\n"
    + "\n".join(f"{e.name},{e.email},{e.sid},Student,{e.section}" for e in CLASS).encode(),
    "chinese.csv": "学号;姓名;邮箱\n".encode()
    + "\n".join(f"{e.sid};{e.name};{e.email}" for e in CLASS).encode(),
    "japanese.csv": "学籍番号,氏名,メールアドレス\n".encode()
    + "\n".join(f"{e.sid},{e.name},{e.email}" for e in CLASS).encode(),
    "turkish.csv": "Öğrenci No;Adı Soyadı;E-posta\n".encode()
    + "\n".join(f"{e.sid};{e.name};{e.email}" for e in CLASS).encode(),
}


def written(folder: Path, name: str, content: bytes | str) -> Path:
    """Write a list."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def joined(
    folder: Path, content: str, *records: StudentRecord, same: Mapping[str, str] | None = None
) -> Joined:
    """Join some hand-ins to a list."""
    roster = read_roster(written(folder, "list.csv", content))
    return join([Submission(record) for record in records], roster, same or {})


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read_as_it_was_exported(name: str, tmp_path: Path) -> None:
    """Each of the class once, and nobody else: no test student, no row of points."""
    roster = read_roster(written(tmp_path, name, LISTS[name]))

    spoken = {person.name for person in CLASS} | {f"{p.given} {p.family}".strip() for p in CLASS}
    assert len(roster.entries) == len(CLASS)
    assert {entry.name for entry in roster.entries} <= spoken
    assert all(entry.keys for entry in roster.entries)


def test_a_list_with_headings_of_its_own_is_told_how(tmp_path: Path) -> None:
    """The line says what was seen; an option says which column is which."""
    path = written(tmp_path, "list.csv", "Nummer;Wer\n1;Jane Smith\n2;Kim Park\n")
    with pytest.raises(UsageError, match=r"'Nummer', 'Wer': name them with --roster-column"):
        read_roster(path)

    roster = read_roster(path, {"id": "Nummer", "name": "Wer"})
    assert [(entry.id, entry.name) for entry in roster.entries] == [
        ("1", "Jane Smith"),
        ("2", "Kim Park"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "no row of headings that tell a student .*; row 1 has 'a', 'b'"),
        ("id,name\n", "lists no student"),
        ("id,name\n1,Ana\n1,Ben\n", "rows 2 and 3 have an id or login in common"),
        (b"PK\x03\x04nothing", "workbook"),
        (b"\x00\x01\x02" * 50, "can't be read as a table"),
    ],
)
def test_what_is_no_list_is_told_in_one_line(
    content: bytes | str, words: str, tmp_path: Path
) -> None:
    """With what is wrong about it."""
    with pytest.raises(UsageError, match=words) as refused:
        read_roster(written(tmp_path, "list.xlsx", content))
    assert "\n" not in str(refused.value)


def test_a_list_by_sections_has_each_student_once(tmp_path: Path) -> None:
    """Who is in two rows is the same student, in both sections."""
    content = "id,name,section\n1,Ana Lima,A\n1,Ana Lima,B\n2,Ben Okafor,A\n"
    roster = read_roster(written(tmp_path, "list.csv", content))

    assert [(each.name, each.section) for each in roster.entries] == [
        ("Ana Lima", "A, B"),
        ("Ben Okafor", "A"),
    ]


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("Matr.-Nr.;Name, Vorname", "1;Smith, Jane"),
        ("Matrikelnr;Name;Vorname", "1;Smith;Jane"),
        ("N° étudiant;Nom;Prénom", "1;Smith;Jane"),
        ("Nº de matrícula;Apellidos y nombre", "1;Smith, Jane"),
        ("Matricola;Cognome e nome", "1;Smith, Jane"),
        ("Número de aluno;Nome", "1;Jane Smith"),
        ("Studentnummer;Voornaam;Achternaam", "1;Jane;Smith"),
        ("Nr albumu;Imię i nazwisko", "1;Jane Smith"),
        ("Öğrenci Numarası;Adı Soyadı", "1;Jane Smith"),
        ("学籍番号;氏名", "1;Jane Smith"),
        ("ID number;First name / Last name", "1;Jane Smith"),
        ("Emplid;First;Last", "1;Jane;Smith"),
    ],
)
def test_headings_are_known_as_registrars_write_them(
    heading: str, row: str, tmp_path: Path
) -> None:
    """In many languages, a name in one column or in two."""
    roster = read_roster(written(tmp_path, "list.csv", f"{heading}\n{row}\n"))

    assert [(each.id, each.name) for each in roster.entries] == [("1", "Jane Smith")]


@pytest.mark.parametrize(
    ("encoding", "heading"), [("gbk", "学号,姓名"), ("cp932", "学籍番号,氏名")]
)
def test_older_encodings_are_told_by_the_headings(
    encoding: str, heading: str, tmp_path: Path
) -> None:
    """As spreadsheets in China and Japan write them."""
    content = f"{heading}\n1,田中\n".encode(encoding)

    assert read_roster(written(tmp_path, "list.csv", content)).entries[0].name == "田中"


@pytest.mark.parametrize("content", ["Name,Section\nJane Smith,A\n", "E-Mail\njane@example.edu\n"])
def test_a_list_may_tell_a_student_by_one_thing(content: str, tmp_path: Path) -> None:
    """If no row tells by more."""
    assert len(read_roster(written(tmp_path, "list.csv", content)).entries) == 1


def test_what_was_said_of_a_column_counts_before_its_name(tmp_path: Path) -> None:
    """A column that is said to hold the address is the only one that does."""
    path = written(
        tmp_path, "list.csv", "Name,Email,Campus\nJane,jane@home.example,j@example.edu\n"
    )
    assert read_roster(path, {"email": "Campus"}).entries[0].email == "j@example.edu"

    with pytest.raises(UsageError, match=r"no column 'Kampus' .*; did you mean 'Campus'\?"):
        read_roster(path, {"email": "Kampus"})


def test_the_numbers_of_two_columns_may_be_the_same(tmp_path: Path) -> None:
    """Nor is what stands for nothing an id; two of whom a key may be are asked about."""
    content = "name,id,sis user id,login\nAna Lima,101,202,-\nBen Okafor,202,101,-\n"
    records = [StudentRecord(id="101"), StudentRecord(id="x", name="Ben Okafor")]
    result = joined(tmp_path, content, *records)

    assert [each.record.name for each in result.submissions] == ["", "Ben Okafor"]
    assert result.lines[0].startswith("101 may be Ana Lima (101). If so, add --same '101=Ana Lima'")


def test_rows_that_are_no_students_are_named(tmp_path: Path) -> None:
    """Nobody is left out in silence; who teaches is not said to have handed in nothing."""
    content = (
        "Name,SID,Email,Role\nAna Lima,1,ana@example.edu,Student\nBen Okafor,,,Student\n"
        'Prof. Kim,9,kim@example.edu,Instructor\nMo Ali,3,mo@example.edu,"Student, TA"\n'
        '"Student, Test",77,,\n    Points Possible,,,\n,Anzahl: 3,,\nTotal,,,\n'
    )
    roster = read_roster(written(tmp_path, "list.csv", content))

    assert [each.name for each in roster.entries] == ["Ana Lima", "Mo Ali"]
    assert roster.remarks == (
        "Not taken for students, as they have no id, login or address: Ben Okafor (row 3), "
        "Anzahl: 3 (row 8), Total (row 9).",
        "Not taken for students, as they teach: Prof. Kim (row 4).",
    )


def test_the_sheet_that_holds_the_list_is_found(tmp_path: Path) -> None:
    """Behind another sheet, and where the file says that it has one cell only."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Exported in November"])
    sheet = book.create_sheet("Class")
    sheet.append(["Student ID", "Name"])
    sheet.append([20264401, "Jane Smith"])
    book.save(tmp_path / "list.xlsx")
    lying = tmp_path / "lying.xlsx"
    with ZipFile(tmp_path / "list.xlsx") as parts, ZipFile(lying, "w") as changed:
        for name in parts.namelist():
            content = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', parts.read(name))
            changed.writestr(name, content)

    assert [each.id for each in read_roster(lying).entries] == ["20264401"]


@pytest.mark.parametrize("name", ["canvas", "moodle", "gradescope", "brightspace", "names"])
def test_a_download_is_joined_to_a_registrars_list(name: str, tmp_path: Path) -> None:
    """All but two people of one name, whom nobody can tell apart by it; nobody by a guess."""
    found = find_submissions(write(DOWNLOADS[name], Form.ZIP, tmp_path))
    roster = read_roster(written(tmp_path, "list.xlsx", rosters.workbook()))
    result = join(found, roster, {})

    by_id = {each.id: each.person for each in DOWNLOADS[name].expected}
    for submission in result.submissions:
        record = submission.record
        person = by_id.get(record.id)
        if person is None:
            assert (record.name, record.notes) == ("Björn Andersen", (NOTHING_HERE,))
        elif record.email:
            assert (record.email, record.section) == (person.email, person.section)
    unknown = [each.record for each in result.submissions if not each.record.email]
    assert {by_id[record.id].name for record in unknown} <= {"Jane Smith"}
    assert (
        result.lines[0]
        == "1 of 20 on the roster with nothing in this hand-in: Björn Andersen (20264420)."
    )


def test_two_of_one_name_are_asked_about_and_told(tmp_path: Path) -> None:
    """The line to paste makes it certain."""
    content = "id,name,section\n1,Jane Smith,A\n2,Jane Smith,B\n"
    records = [StudentRecord(id=folder) for folder in ("hw3-a/Jane Smith", "Jane Smith")]
    first = joined(tmp_path, content, *records)
    assert [each.student for each in first.submissions] == ["Jane Smith", "hw3-a/Jane Smith"]
    assert "--same 'Jane Smith=1' or --same 'Jane Smith=2'" in first.lines[-1]

    same = {"Jane Smith": "2", "hw3-a/Jane Smith": "1"}
    second = joined(tmp_path, content, *records, same=same)
    assert [each.record.section for each in second.submissions] == ["B", "A"]
    assert second.lines == ()


@pytest.mark.parametrize(
    "folder", ["hw3-jsmith", "smith_hw", "Jane Smiht", "J. Smith", "hw3_20264401", "Smith20264401"]
)
def test_nobody_is_joined_by_a_guess(folder: str, tmp_path: Path) -> None:
    """A part of a name is a question; whoever is asked about is not called missing."""
    content = "id,login,name,section\n20264401,jsmith,Jane Smith,A\n2,kpark,Kim Park,A\n"
    result = joined(tmp_path, content, StudentRecord(id=folder))

    assert [each.record.section for each in result.submissions] == ["A", ""]
    assert "1 of 2 on the roster with nothing in this hand-in: Kim Park (2)." in result.lines
    assert f"{folder} may be Jane Smith (20264401)" in result.lines[-1]


@pytest.mark.parametrize("name", ["Jane Smith", "smithjane"])
def test_an_lms_number_is_no_registrars_id(name: str, tmp_path: Path) -> None:
    """What Canvas numbers people by may be somebody's id on another list, of one family too."""
    content = "id,name\n4401,Kim Smith\n77,Jane Smith\n"
    record = StudentRecord(id="4401", name=name, reader="Canvas")
    result = joined(tmp_path, content, record)

    assert result.lines == ("1 of 2 on the roster with nothing in this hand-in: Kim Smith (4401).",)
    assert [(each.student, each.record.name) for each in result.submissions] == [
        ("4401", "Jane Smith"),
        ("4401 (roster)", "Kim Smith"),
    ]


@pytest.mark.parametrize(
    ("content", "reader"),
    [
        (
            "Student,ID,SIS Login ID,Section\n"
            '"Smith, Jane",4401,js1,A\n"Smith, Jane",4402,js2,B\n"Park, Kim",4403,kp,B\n',
            "Canvas",
        ),
        (
            "Identifier,Full name,Email address,Group\nParticipant 4401,Jane Smith,a@x.example,A\n"
            "Participant 4402,Jane Smith,b@x.example,B\nParticipant 4403,Kim Park,c@x.example,B\n",
            "Moodle",
        ),
    ],
)
def test_an_lms_own_list_tells_two_of_one_name_apart(
    content: str, reader: str, tmp_path: Path
) -> None:
    """Its numbers are those of the download, also of who comes later."""
    records = [
        StudentRecord(id=each, name="Jane Smith", reader=reader) for each in ("4401", "4402")
    ]
    result = joined(tmp_path, content, *records)

    assert [(each.student, each.record.section) for each in result.submissions] == [
        ("4401", "A"),
        ("4402", "B"),
        ("4403", "B"),
    ]


def test_accents_tell_two_students_apart(tmp_path: Path) -> None:
    """They are dropped where nobody else has the name without them."""
    content = "id,name,section\n1,José García,A\n2,Jose Garcia,B\n3,Zoë Lang,C\n"
    records = [StudentRecord(id=each) for each in ("Jose Garcia", "José García", "Zoe Lang")]
    result = joined(tmp_path, content, *records)

    assert [each.record.section for each in result.submissions] == ["B", "A", "C"]


def test_a_no_is_taken_as_an_answer(tmp_path: Path) -> None:
    """Who is on the list is missing then, and the hand-in a stranger's."""
    content = "id,login,name\n1,jsmith,Jane Smith\n2,kpark,Kim Park\n"
    records = [StudentRecord(id="hw3-jsmith"), StudentRecord(id="kpark")]
    asked = joined(tmp_path, content, *records)
    assert asked.lines == (
        "hw3-jsmith may be Jane Smith (1). If so, add --same hw3-jsmith=1; "
        "if not, --same hw3-jsmith=",
    )

    told = joined(tmp_path, content, *records, same={"hw3-jsmith": ""})
    assert told.lines == (
        "1 of 2 on the roster with nothing in this hand-in: Jane Smith (1).",
        "1 hand-in is not on the roster: hw3-jsmith.",
    )


def test_a_list_of_another_class_stops_the_run(tmp_path: Path) -> None:
    """Before a whole class is said to have handed in nothing; so does a download without names."""
    with pytest.raises(UsageError, match="no student who handed in is on the roster"):
        joined(tmp_path, "id,name\n1,Jane Smith\n", StudentRecord(id="anon7"))


def test_two_hand_ins_of_one_student_stay_as_they_are(tmp_path: Path) -> None:
    """Which one counts is not ours to say."""
    content = "id,login,name,section\n1,jsmith,Jane Smith,A\n"
    records = [StudentRecord(id="1"), StudentRecord(id="jsmith")]
    result = joined(tmp_path, content, *records)

    assert [each.record for each in result.submissions] == records
    assert result.lines == ("Jane Smith (1) on the roster fits 2 hand-ins, kept apart: 1, jsmith.",)


@pytest.mark.parametrize("same", [{"nobody": "1"}, {"1": "nobody"}])
def test_who_is_said_to_be_whom_must_be_there(same: Mapping[str, str], tmp_path: Path) -> None:
    """On both sides."""
    with pytest.raises(UsageError, match="--same"):
        joined(tmp_path, "id,name\n1,Jane Smith\n", StudentRecord(id="1"), same=same)


def test_an_entry_is_called_by_the_first_thing_that_is_known() -> None:
    """Its id, or else its name."""
    assert Entry((), "", "", "Jane Smith", "", "", "", 2).shown == "Jane Smith"
    assert Entry((), "jsmith", "", "Jane Smith", "", "", "", 2).shown == "Jane Smith (jsmith)"


@pytest.mark.parametrize("name", ["canvas-groups", "moodle-teams"])
def test_a_groups_work_counts_for_each_member_on_the_list(name: str, tmp_path: Path) -> None:
    """The download names the group alone; its members stand on the list."""
    found = find_submissions(write(DOWNLOADS[name], Form.ZIP, tmp_path))
    group = next(e.name for e in DOWNLOADS[name].expected if e.person.login == "lima")
    rows = [f"{e.sid},{e.login},{e.name},{group if e.group else ''}" for e in CLASS]
    content = "\n".join(["id,login,name,group", *rows])
    result = join(found, read_roster(written(tmp_path, "list.csv", content)), {})

    by_name = {each.record.name: each for each in result.submissions}
    members = [by_name[each] for each in ("Ana Lima", "Ben Okafor", "Chiara Rossi")]
    assert {each.record.group for each in members} == {group}
    assert len({each.read("ex03_log_softmax", LAB) for each in members}) == 1
    assert members[0].read("ex03_log_softmax", LAB).files
    assert result.lines[0].startswith(f"{group} counts for its members: Ana Lima (20264412), Ben")


def test_a_member_who_also_handed_in_alone_is_there_twice(tmp_path: Path) -> None:
    """Under two ids, and it is said."""
    content = 'id,name,group\nana,Ana Lima,Team 7\nben,Ben Okafor,"Lab B, Team 7"\n'
    result = joined(tmp_path, content, StudentRecord(id="Team 7"), StudentRecord(id="ana"))

    assert [each.student for each in result.submissions] == ["ana", "ana (Team 7)", "ben"]
    assert result.lines == (
        "Team 7 counts for its members: Ana Lima (ana), Ben Okafor (ben).",
        "Ana Lima (ana) on the roster fits 2 hand-ins, kept apart: ana (Team 7), ana.",
    )


def test_a_login_says_more_than_a_family_name(tmp_path: Path) -> None:
    """Of two who have the name, the one is asked about whose login is there, too."""
    content = "id,email,name\n1,js1@example.edu,Jane Smith\n2,js2@example.edu,Jane Smith\n"
    records = [StudentRecord(id="Jane Smith (js2)"), StudentRecord(id="1")]
    result = joined(tmp_path, content, *records)

    assert result.lines[0].startswith("Jane Smith (js2) may be Jane Smith (2). If so, add")


@pytest.mark.parametrize(
    ("called", "listed"),
    [("smithjane", "Jane Smith"), ("Seán OBrien", "Seán O'Brien"), ("王小明", "王小明")],
)
def test_a_name_is_spelled_as_the_list_has_it(called: str, listed: str, tmp_path: Path) -> None:
    """If it is the same name; another one stays as the download has it."""
    record = StudentRecord(id="x", name=called)
    given, _, family = listed.partition(" ") if " " in listed else ("小明", "", "王")
    content = f"id,first name,last name\n1,{given},{family}\n"

    assert joined(tmp_path, content, record).submissions[0].record.name == listed


def test_a_line_to_paste_is_not_broken_in_a_terminal(tmp_path: Path) -> None:
    """However narrow it is; the table's own lines are."""
    content = "id,name\n20264401,Jane Smith\n20264402,Kim Park\n"
    records = [StudentRecord(id="Jane Smith, homework"), StudentRecord(id="Kim Park")]
    result = joined(tmp_path, content, *records)
    shown = StringIO()
    console = Console(file=shown, force_terminal=True, color_system=None, width=40)
    show_class(ClassWork(result.submissions, result.lines), LAB.exercises, LAB, console)

    assert "--same 'Jane Smith, homework=20264401'; if not" in shown.getvalue()
