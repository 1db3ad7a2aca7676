"""`decisions.csv`: the same decisions from a spreadsheet, alone or beside `decisions.toml`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_course import COURSE
from the_lab import LAB

from grader.errors import UsageError
from grader.files.output_folder import OutputFolder
from grader.results.students import StudentRecord
from grader.runs.database import Database
from grader.runs.deciding.entries import Entry
from grader.runs.deciding.reading import read_decisions
from grader.runs.deciding.remembering import Asked, decisions_file, decisions_of, keep
from grader.runs.deciding.whose import shared_out
from grader.runs.deciding.writing import add_decision

HEAD = "student,exercise,points,excused,reason\n"
TOML = '[[decisions]]\nstudent = "4401"\nexcused = true\nreason = "Ill"\n'
CLASS = [StudentRecord(id="4401", name="Ana Rossi", login="rossi"), StudentRecord(id="4402")]


def read(folder: Path, table: str | bytes, toml: str = "") -> list[Entry]:
    """Read both files."""
    content = table if isinstance(table, bytes) else table.encode()
    (folder / "decisions.csv").write_bytes(content)
    if toml:
        (folder / "decisions.toml").write_text(toml)
    decided = read_decisions(folder / "decisions.toml", LAB)
    shared_out(decided, CLASS)
    return [entry for _, entry in decided.entries]


def test_a_row_says_what_an_entry_says(tmp_path: Path) -> None:
    """Whatever a spreadsheet makes of separators, commas and truth."""
    head = "Student;Exercise;Test;Points;Add;Excused;Due;Late days;Hand-in;Comment;Reason\n"
    rows = (
        "4401;ex06;test_a;2,5;;;;;;;agreed\n"
        "4402;;;;;TRUE;;;;;Ill\n"
        ";;;;;;;;;;\n"
        '4403;;;;;no;2026-12-01T23:59+01:00;2;mail/a.zip;"**Well;** done";Away\n'
        "4404;ex01;;;;;;;;;\n"
    )
    exercise = "ex06_manual_update"

    assert read(tmp_path, (head + rows).encode("utf-16")) == [
        Entry(student="4401", exercise=exercise, test="test_a", points=2.5, reason="agreed"),
        Entry(student="4402", excused=True, reason="Ill"),
        Entry(
            student="4403",
            due="2026-12-01T23:59+01:00",
            late_days=2,
            hand_in="mail/a.zip",
            comment="**Well;** done",
            reason="Away",
        ),
    ]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("studnet,points\n", r"line 1: there is no column 'studnet': .*did you mean 'student'\?"),
        ("student,points,Points\n", "line 1: two columns are called 'Points'"),
        (HEAD + "4401,ex06,2,,x,more\n", "line 2: 'more' stands in a column without a name"),
        (HEAD + "4401,ex66,2,,x\n", "line 2: there is no exercise 'ex66'"),
        (HEAD + "\n4401,ex06,two,,x\n", "line 3: 'points' must be a number of points from 0"),
        (HEAD + "4401,ex06,-2,,x\n", "line 2: 'points' must be a number of points from 0"),
        (HEAD + "4401,ex06,nan,,x\n", "line 2: 'points' must be a number of points from 0"),
        (HEAD + "4401,ex06,99,,x\n", "line 2: ex06_manual_update is worth .* not 99"),
        (HEAD + "4401,,,maybe,x\n", "line 2: 'excused' must be true"),
        (HEAD + "4401,,,yes,\n", "line 2: it has no `reason`"),
        (HEAD + ",ex06,2,,x\n", "line 2: a decision is about one `student`"),
        ("student,due,reason\n4401,2026-11-27,x\n", "line 2: 'due' takes a time with its zone"),
        (HEAD + 2 * "4401,,,yes,x\n", "line 3: line 2 decides the same already .excused."),
        (
            HEAD + "4401,,,yes,x\nrossi,,,yes,x\n",
            r"line 3: line 2 decides the same for Ana Rossi \(4401\)",
        ),
    ],
)
def test_what_can_not_be_meant_is_told_with_its_line(tmp_path: Path, table: str, said: str) -> None:
    """Nothing of the file counts, and no column is passed over in silence."""
    with pytest.raises(UsageError, match=said):
        read(tmp_path, table)


def test_every_faulty_row_is_listed(tmp_path: Path) -> None:
    """So that it is mended once; a quoted cell may have several lines."""
    with pytest.raises(UsageError) as caught:
        read(tmp_path, HEAD + '4401,ex66,2,,"a\nb"\n4402,,,no,x\n4402,,,yes,\n')

    lines = re.findall(r"decisions\.csv, line (\d+):", str(caught.value))
    assert lines == ["2", "4", "5"]


def test_both_files_count_and_a_clash_names_both_lines(tmp_path: Path) -> None:
    """Whatever the two call the student."""
    other = "4402,,,yes,Ill\n"

    assert [each.student for each in read(tmp_path, HEAD + other, TOML)] == ["4401", "4402"]
    with pytest.raises(
        UsageError, match=r"csv, line 3: line 1 of decisions.toml decides the same already"
    ):
        read(tmp_path, f"{HEAD}{other}4401,,,yes,Away\n")
    with pytest.raises(
        UsageError, match=r"csv, line 2: line 1 of decisions.toml decides the same for Ana Rossi"
    ):
        read(tmp_path, f"{HEAD}rossi,,,yes,Away\n")


def test_decide_writes_toml_and_sees_the_table(tmp_path: Path) -> None:
    """What the table has decided already is not decided twice."""
    read(tmp_path, HEAD + "4402,,,yes,Ill\n")
    file, said = tmp_path / "decisions.toml", {"excused": True, "reason": "Ill"}

    with pytest.raises(
        UsageError, match=r"decisions\.csv, line 2: line 1 of decisions\.toml decides the same"
    ):
        add_decision(file, {"student": "4402", **said}, LAB, CLASS)
    assert not file.exists()
    add_decision(file, {"student": "4401", **said}, LAB, CLASS)
    assert len(read_decisions(file, LAB).entries) == 2


@pytest.mark.parametrize("named", ["", "agreed.csv", "agreed.toml"])
def test_a_table_that_is_gone_stops_a_run(tmp_path: Path, named: str) -> None:
    """As a file of decisions does; each of the two is missed by itself."""
    stem = Path(named).stem or "decisions"
    table, file = (tmp_path / f"{stem}{ending}" for ending in (".csv", ".toml"))
    table.write_text(HEAD + "4402,,,yes,Ill\n")
    file.write_text(TOML)
    asked = Asked(tmp_path / named if named else None)
    with OutputFolder(tmp_path / "new") if named else OutputFolder(tmp_path):
        pass
    with Database(tmp_path / ".grader.sqlite3") as database:
        found = decisions_of(asked, tmp_path, database, LAB)
        keep(found, database)
        assert (len(found.decided.entries), decisions_file(tmp_path, database)) == (2, file)
        for each in (table, file):
            content = each.read_text()
            each.unlink()
            with pytest.raises(UsageError, match=rf"{each.name} is not there, and the run before"):
                decisions_of(Asked(), tmp_path, database, LAB)
            each.write_text(content)


def test_the_documented_table_can_be_read(tmp_path: Path) -> None:
    """As it stands in COURSES.md, about the course in the tests."""
    text = (Path(__file__).parents[1] / "COURSES.md").read_text("utf-8")
    (table,) = re.findall(r"```\n(student,exercise,test.*?)```", text, re.DOTALL)
    file = tmp_path / "decisions.csv"
    file.write_text(table.replace(",softmax,", ",softmax_classifier,"))

    decided = read_decisions(tmp_path / "decisions.toml", COURSE)

    assert [entry.student for _, entry in decided.entries] == ["4401", "4402", "4403"]
    assert list(decided.unfitting(COURSE)) == []
