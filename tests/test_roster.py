"""The list of a class: read as systems export it, joined by what is certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lms import rosters, sheets
from lms.downloads import DOWNLOADS
from lms.packing import Form, write
from lms.people import CLASS

from grader.errors import UsageError
from grader.roster.joining import NOTHING_HERE, join
from grader.roster.reading import Entry, read_roster
from grader.students import StudentRecord
from grader.submissions import Submission, find_submissions

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
    path = written(tmp_path, "list.csv", "Kennung;Wer\n1;Jane Smith\n2;Kim Park\n")
    with pytest.raises(UsageError, match=r"'Kennung', 'Wer': name them with --roster-column"):
        read_roster(path)

    roster = read_roster(path, {"id": "Kennung", "name": "Wer"})
    assert [(entry.id, entry.name) for entry in roster.entries] == [
        ("1", "Jane Smith"),
        ("2", "Kim Park"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no row of headings"),
        ("id,name\n", "lists nobody"),
        ("id,name\n1,Ana\n1,Ben\n", "rows 2 and 3 have an id, login or address in common"),
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
    """Who is in two rows is the same student."""
    content = "id,name,section\n1,Ana Lima,A\n1,Ana Lima,B\n2,Ben Okafor,A\n"
    roster = read_roster(written(tmp_path, "list.csv", content))

    assert [entry.name for entry in roster.entries] == ["Ana Lima", "Ben Okafor"]


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
    assert result.lines[0] == "1 of 20 on the roster handed in nothing: Björn Andersen (20264420)."


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


@pytest.mark.parametrize("folder", ["hw3-jsmith", "smith_hw", "Jane Smiht"])
def test_nobody_is_joined_by_a_guess(folder: str, tmp_path: Path) -> None:
    """A part of a name is a question; whoever is asked about is not called missing."""
    content = "id,login,name,section\n1,jsmith,Jane Smith,A\n2,kpark,Kim Park,A\n"
    result = joined(tmp_path, content, StudentRecord(id=folder))

    assert [each.record.section for each in result.submissions] == ["A", ""]
    assert "1 of 2 on the roster handed in nothing: Kim Park (2)." in result.lines
    assert f"{folder} may be Jane Smith (1)" in result.lines[-1]


def test_an_id_of_another_person_joins_nobody(tmp_path: Path) -> None:
    """What an LMS numbers hand-ins by may be somebody's number on a list."""
    content = "id,name\n4401,Kim Park\n77,Jane Smith\n"
    record = StudentRecord(id="4401", name="Jane Smith", reader="Canvas")
    result = joined(tmp_path, content, record)

    assert result.lines == ("1 of 2 on the roster handed in nothing: Kim Park (4401).",)
    assert [each.student for each in result.submissions] == ["4401", "4401 (roster)"]


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
    assert len({each.read("ex03_log_softmax") for each in members}) == 1
    assert members[0].read("ex03_log_softmax").files
    assert group not in "".join(result.lines)
