"""Pages and the terminal call people by their names, and nobody's files go unmentioned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from read_page import Page, page_of
from report_samples import exercise_result, grading_run, outcome, student_result
from rich.cells import cell_len
from the_lab import LAB

from grader.commands.shown.progress import student_line
from grader.reports import write_reports
from grader.reports.classes.class_record import ClassRecord
from grader.reports.classes.class_remarks import notes_on_files, unrecognised_files
from grader.reports.classes.rolls import rolls
from grader.reports.classes.summary import summary_lines
from grader.reports.sheets import list_href
from grader.results.verdicts import Verdict
from grader.text.wording import moment

if TYPE_CHECKING:
    from pathlib import Path

MISSING = exercise_result(outcome(Verdict.MISSING), source=None)
NOTE = "ex06.py and ex06 (1).py were both handed in; ex06 (1).py was graded."
JANE = student_result(
    "4400",
    exercise_result(outcome(), notes=(NOTE,), graded_at="2026-11-28T04:05:06+00:00"),
    name="Jane Smith",
    section="B",
    group="Team 3",
    attempt=2,
    late=True,
    submitted_at="2026-11-27T23:58:00",
    unclaimed=("losses_final.py", "notes.txt"),
)
LINE = "ex06.ipynb, cell 1: `%matplotlib inline` was set aside, not run"
OF_TWIN = exercise_result(outcome(Verdict.WRONG), notes=(LINE,))
TWIN = student_result("4401", OF_TWIN, name="Jane Smith")
LOST = student_result("9", MISSING, name="Ben", section="A", unclaimed=("notes.txt",))
ELSEWHERE = replace(student_result("8", MISSING, name="Cy", section="B"), has_files=True)
NOTHING = student_result("7", MISSING, name="Dan")
CLASS = (JANE, TWIN, LOST, ELSEWHERE, NOTHING)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the reports of the class, and the terminal's lines beside them."""
    output = tmp_path_factory.mktemp("reports")
    run = grading_run(*CLASS, title="Homework 3")
    lines = summary_lines(write_reports(run, output), run, output)
    (output / "terminal.txt").write_text("\n".join(lines), encoding="utf-8")
    return output


def words(folder: Path, page: str) -> str:
    """Return what a page says: by its path, or of a student by id."""
    file = folder / page if page.endswith(".html") else page_of(folder, page)
    return Page(file.read_text(encoding="utf-8")).words


def test_a_students_page_is_headed_by_the_name(folder: Path) -> None:
    """With the hand-in above, and below what else is known, the time of the grading too."""
    said = words(folder, "4400")

    assert "Report for Homework 3 Jane Smith id 4400 section B group Team 3 attempt 2" in said
    assert "graded 2026-11-28 04:05 UTC Handed in late, 2026-11-27 23:58 " in said
    assert "2 files were not recognised: losses_final.py, notes.txt" in said


def test_a_student_of_whom_the_id_is_known_has_it_as_headline(tmp_path: Path) -> None:
    """And nothing is said to be unknown."""
    write_reports(grading_run(student_result("ana", exercise_result(outcome()))), tmp_path)

    assert "Report for ana 2 of 2 points" in words(tmp_path, "ana")


def test_the_class_page_says_of_what_and_of_when_it_is(folder: Path) -> None:
    """By the title of the hand-in, and the newest result."""
    assert "Homework 3 Graded 2026-11-28 04:05 UTC" in words(folder, "index.html")
    assert words(folder, "class/by-score.html").startswith(
        "The class by score, lowest first, Homework 3"
    )


def test_two_people_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """By their ids, on the class page and in the terminal; whoever has a name alone needs none."""
    late = {"name": "Jane Smith", "late": True}
    run = grading_run(
        *(student_result(student, MISSING, **late) for student in ("1", "2")),
        student_result("3", MISSING, name="Ana", late=True),
    )
    written = write_reports(run, tmp_path)

    names = "Jane Smith (1), Jane Smith (2), Ana"
    assert f"3 handed in late {names}" in words(tmp_path, "index.html")
    assert f"3 handed in late: {names}." in [*summary_lines(written, run, tmp_path)]


def test_nobody_handed_in_nothing_while_a_file_is_there(folder: Path) -> None:
    """Files that were not recognised, or of other exercises, are something else, everywhere."""
    terminal = (folder / "terminal.txt").read_text(encoding="utf-8")
    said = words(folder, "index.html")

    for between, text in ((" ", said), (": ", terminal)):
        assert f"1 handed in nothing{between}Dan" in text
        assert f"1 handed in only files that were not recognised{between}Ben" in text
        assert f"1 handed in nothing for these exercises{between}Cy" in text
    assert "Nothing was handed in. " in words(folder, "7")
    assert "Nothing was handed in for the exercises that count here." in words(folder, "8")
    assert "Nothing was handed in" not in words(folder, "9")
    assert "1 file was not recognised: notes.txt" in words(folder, "9")
    assert "What to do next" not in words(folder, "9")
    assert "graded is right" not in words(folder, "9")


def test_files_that_were_not_recognised_stand_together(folder: Path) -> None:
    """On the class page who and which, in the terminal on one line."""
    terminal = (folder / "terminal.txt").read_text(encoding="utf-8").splitlines()

    assert (
        "Files that were not recognised 3 files of 2 students "
        "Jane Smith (4400) losses_final.py, notes.txt Ben notes.txt"
    ) in words(folder, "index.html")
    assert (
        "3 files were not recognised: losses_final.py of Jane Smith (4400), "
        "notes.txt of Jane Smith (4400), notes.txt of Ben."
    ) in terminal


def test_code_in_a_note_is_set_as_code(folder: Path) -> None:
    """On both pages, as in every other sentence."""
    for file in (folder / "index.html", page_of(folder, "4401")):
        assert "<code>%matplotlib inline</code> was set aside" in file.read_text(encoding="utf-8")


def test_the_class_page_says_which_file_counted(folder: Path) -> None:
    """As the student's page does."""
    assert NOTE in words(folder, "4400")
    assert (
        f"Notes on files, and which counted 2 students Jane Smith (4400) ex06_manual_update: {NOTE}"
        in words(folder, "index.html")
    )


def test_the_class_is_listed_by_name_with_the_id_below(folder: Path) -> None:
    """With the section, the group, and whether it came late."""
    table = words(folder, "index.html").partition("By name, or by score")[2]

    assert "Jane Smith 4400 B Team 3 late 2 of 2" in table
    assert re.search(r"Ben 9 A .*Cy 8 B .*Dan 7 .*Jane Smith 4400 .*Jane Smith 4401 ", table)


def test_each_section_has_its_list(folder: Path) -> None:
    """The class page leads to them; those of no section come last."""
    said = words(folder, "index.html")

    assert "Section A 1 0 1 0 Section B 2 1 1 1 No section 2 0 1 0" in said
    listed = words(folder, "class/section-2.html")
    assert "Section B" in listed
    assert re.search("Cy 8.*Jane Smith 4400", listed)
    assert "Ben" not in listed


def test_a_class_without_sections_says_nothing_of_them(tmp_path: Path) -> None:
    """Most downloads tell of none."""
    write_reports(grading_run(NOTHING), tmp_path)

    assert "ection" not in words(tmp_path, "index.html")


def test_the_page_to_show_names_nobody(tmp_path: Path) -> None:
    """Neither names, ids, sections and groups, nor files, nor the title, which a folder gave."""
    run = grading_run(*CLASS, title="Homework of Jane Smith")
    write_reports(run, tmp_path, anonymous=True)
    content = (tmp_path / "anonymous.html").read_text(encoding="utf-8")

    for secret in ("Jane", "Smith", "4400", "Team 3", "Section", "losses_final", NOTE, "Homework"):
        assert secret not in content


def test_progress_lines_name_the_student() -> None:
    """With the id, as nobody knows yet who else will be called the same."""
    assert student_line(JANE, LAB).startswith("Jane Smith (4400) ")


def test_scores_stand_below_each_other() -> None:
    """Also where a character takes two columns, or none."""
    names = ("Jane Smith", "\u738b\u5c0f\u660e", "Nguye\u0302\u0303n")
    lines = [student_line(student_result("4", MISSING, name=name), LAB) for name in names]

    assert len({cell_len(line.partition(" 0 of")[0]) for line in lines}) == 1


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("2026-11-27T23:58:09+01:00", "2026-11-27 23:58 UTC+01:00"),
        ("2026-11-27T23:58:09Z", "2026-11-27 23:58 UTC"),
        ("2026-11-27T23:58", "2026-11-27 23:58"),
        ("2026-11-27", "2026-11-27"),
        ("\x1b[31myesterday" + "x" * 999, "yesterday" + "x" * 71),
    ],
)
def test_times_are_said_to_the_minute(time: str, said: str) -> None:
    """With the zone, where there is one; what is no time stays what it is, within bounds."""
    assert moment(time) == said


def test_remarks_on_a_large_class_lead_to_a_list() -> None:
    """The class page stays light: 200 are there, the others are on a list; long names are cut."""
    record = ClassRecord(LAB)
    about: dict[str, Any] = {"unclaimed": ("x" * 999,) * 99, "notes": ("n" * 9_999,) * 99}
    for number in range(205):
        record.add(student_result(str(number), MISSING, **about), f"students/{number}.html")
    found = (unrecognised_files(record), notes_on_files(record))

    assert [each.more for each in found] == ["and 5 more"] * 2
    assert max(len("".join(row.texts)) for each in found for row in each.rows) < 2_000
    assert found[0].rows[0].texts[0].endswith(", and 89 more")
    lists = {list_href(roll.name): len(roll.standings) for roll in rolls(record, ())}
    assert [lists[each.href] for each in found] == [205, 205]
