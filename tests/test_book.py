"""The book of a term: what is found and read, whose results are whose, and what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from book_samples import (
    book,
    complaint,
    csv_rows,
    edited,
    graded,
    hand_in,
    line_of,
    refused,
    scored,
)
from made_up_class import made_up_class
from msgspec.structs import replace
from read_page import Page
from results_samples import entry, exercise, outcome
from the_lab import EXERCISES

if TYPE_CHECKING:
    from pathlib import Path

MOODLE = "Ana Li_{}_assignsubmission_file"


def two_weeks(folder: Path, *settings: str) -> None:
    """Write two hand-ins of two students, one of 10 points and one of 40."""
    hand_in(folder / "week1", scored("ana", 9), scored("bo", 2))
    hand_in(
        folder / "week2", scored("ana", 20, 40, "ex02_heads"), scored("bo", 40, 40, "ex02_heads")
    )
    if settings:
        (folder / "book.toml").write_text("\n".join(settings), encoding="utf-8")


def made(slug: str, exercise_name: str) -> dict[str, Any]:
    """Return an exercise in which a mistake was made."""
    return exercise(outcome("wrong", mistake=slug), exercise=exercise_name)


def test_every_student_has_a_row_and_every_hand_in_a_column(tmp_path: Path) -> None:
    """The total is what all points are of those that could be had."""
    two_weeks(tmp_path)
    shown = book(tmp_path).stdout
    ana, bo = csv_rows(tmp_path / "book/book.csv")

    assert (ana["student"], ana["week1"], ana["week2"]) == ("ana", "9", "20")
    assert (ana["score"], ana["max_score"], ana["percent"]) == ("29", "50", "58")
    assert (bo["percent"], bo["change"]) == ("84", "80")
    assert "2 hand-ins, in this order: week1, week2." in shown
    assert str(tmp_path / "book/index.html") in shown


def test_points_are_those_of_the_grades_csv_of_each_hand_in(tmp_path: Path) -> None:
    """Of a real run's files, with students who handed in nothing, and scores with many digits."""
    thirds = scored("thirds", 2 / 3, 10 / 3)
    for name, seed, exercises in (("a", 1, EXERCISES[:2]), ("b", 2, EXERCISES[2:4])):
        class_ = made_up_class(60, exercises, seed)
        # a name is made up by the seed, too
        graded(tmp_path / name, (replace(it, record=replace(it.record, name="")) for it in class_))
    hand_in(tmp_path / "c", thirds)
    book(tmp_path)
    rows = {row["student"]: row for row in csv_rows(tmp_path / "book/book.csv")}

    for name in ("a", "b"):
        grades = csv_rows(tmp_path / name / "grades.csv")
        assert [rows[each["student"]][name] for each in grades] == [
            each["score"] for each in grades
        ]
        assert any(each["score"] == "0" for each in grades)
    assert rows["thirds"]["c"] == "0.67"


def test_results_of_the_first_schema_are_read_as_well(tmp_path: Path) -> None:
    """They have no title, no time and no names."""
    hand_in(tmp_path / "week1", scored("ana", 9), schema=1)
    hand_in(tmp_path / "week2", scored("ana", 7, name="Ana Li"))
    book(tmp_path)

    assert line_of(tmp_path, "ana")["name"] == "Ana Li"
    assert line_of(tmp_path, "ana")["week1"] == "9"


def test_hand_ins_are_in_order_of_name_with_numbers_by_size(tmp_path: Path) -> None:
    """Week 10 comes after week 9, whenever they were graded."""
    for name in ("Week 10", "week 9", "week 1"):
        hand_in(tmp_path / name, scored("ana", 9))

    assert "in this order: week 1, week 9, Week 10." in book(tmp_path).stdout


def test_hand_ins_are_in_order_of_time_where_that_is_wanted(tmp_path: Path) -> None:
    """Whatever their names are; zones count."""
    times = {"a": "2026-05-04T10:00:00+02:00", "b": "2026-05-04T09:00:00+00:00", "c": "2026-05-03"}
    for name, time in times.items():
        edited(hand_in(tmp_path / name, scored("ana", 9)), graded_at=time)
    (tmp_path / "book.toml").write_text('order = "graded"', encoding="utf-8")

    assert "in this order: c, a, b." in book(tmp_path).stdout


def test_a_blank_is_not_zero(tmp_path: Path) -> None:
    """A student who is not in a hand-in loses nothing; one who is in it without work has 0."""
    hand_in(tmp_path / "week1", scored("ana", 9), scored("bo", 8))
    nothing = entry("bo", exercise(outcome("missing"), exercise="ex02_heads"))
    hand_in(tmp_path / "week2", nothing, scored("cy", 1, 2, "ex02_heads"))
    shown = book(tmp_path).stdout
    ana, bo = line_of(tmp_path, "ana"), line_of(tmp_path, "bo")

    assert (ana["week2"], ana["percent"]) == ("", "90")
    assert (bo["week2"], bo["score"], bo["max_score"]) == ("0", "8", "12")
    assert "1 student is not in week2, the newest hand-in, and stays here: ana." in shown
    assert "2 students have a blank" in shown

    edited(tmp_path / "week1" / "results.json", students=[scored("ana", 9)])
    edited(tmp_path / "week2" / "results.json", students=[scored("ana", 9), scored("cy", 1, 2)])
    assert "1 student has a blank" in book(tmp_path).stdout


def test_weights_and_the_lowest_dropped(tmp_path: Path) -> None:
    """Each hand-in counts its weight times its share of points; the lowest share is dropped."""
    two_weeks(tmp_path, "drop_lowest = 1", "[weights]", "week1 = 30", "week2 = 70")
    book(tmp_path)
    ana, bo = line_of(tmp_path, "ana"), line_of(tmp_path, "bo")

    assert (ana["score"], ana["max_score"], ana["percent"]) == ("27", "30", "90")
    assert (ana["dropped"], ana["week2"]) == ("week2", "20")
    assert (bo["score"], bo["max_score"], bo["dropped"]) == ("70", "70", "week1")


def test_weights_without_dropping(tmp_path: Path) -> None:
    """What is missing counts neither for nor against."""
    two_weeks(tmp_path, "[weights]", "week1 = 30", "week2 = 70")
    hand_in(tmp_path / "week3", scored("cy", 5))
    (tmp_path / "book.toml").write_text("[weights]\nweek1 = 30\nweek2 = 70\nweek3 = 0\n")
    book(tmp_path)

    assert line_of(tmp_path, "ana")["score"] == "62"
    assert line_of(tmp_path, "cy")["percent"] == ""


def test_of_equal_shares_the_heavier_one_is_dropped_and_one_stays(tmp_path: Path) -> None:
    """A student loses nothing by the choice, and has a total however many may be dropped."""
    for name, score, of in (("a", 1, 2), ("b", 10, 20), ("c", 2, 2)):
        hand_in(tmp_path / name, scored("ana", score, of))
    (tmp_path / "book.toml").write_text("drop_lowest = 1")
    book(tmp_path)
    one = line_of(tmp_path, "ana")
    (tmp_path / "book.toml").write_text("drop_lowest = 9")
    book(tmp_path)
    many = line_of(tmp_path, "ana")

    assert (one["dropped"], one["percent"]) == ("b", "75")
    assert (many["dropped"], many["percent"]) == ("a, b", "100")


def test_weights_of_hand_ins_that_are_still_to_come_are_said(tmp_path: Path) -> None:
    """A term's weights may be written down at its beginning."""
    two_weeks(tmp_path, "[weights]", "week1 = 1", "week2 = 1", "week3 = 2")

    assert "Weights of hand-ins that are not here: week3." in book(tmp_path).stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("drop_lowst = 1", "book.toml, line 1: 'drop_lowst' is not known here; did you mean"),
        ("\ndrop_lowest = -1", "line 2: 'drop_lowest' must be how many hand-ins are dropped"),
        ("drop_lowest = true", "line 1: 'drop_lowest' must be how many"),
        ('order = "time"', 'line 1: \'order\' must be "name" or "graded"'),
        ("[weights]\nweek1 = nan", "line 1: 'weights' must be a table"),
        ("[weights]\nweek1 = 1\nwek2 = 1", "the hand-in 'week2' has no weight; is it 'wek2' here?"),
        ("[weights]\nweek1 = 1", "the hand-in 'week2' has no weight: give each hand-in one"),
        ("[weights]\nweek1 = 0\nweek2 = 0", "line 1: all weights are 0"),
        ("[same.week3]\na = 'b'", "there is no hand-in 'week3'; did you mean"),
        ("[same.week2]\nan = 'bo'", "line 2: no student of this hand-in has the id 'an'; did"),
        (
            "[same.week2]\nana = 'boo'",
            "line 2: no student of another hand-in has the id 'boo'",
        ),
        ("[same.week2]\nana = 'bo'", "line 2: 'bo' is 'bo' in this hand-in already"),
        ("weights =", "line 1: this is not TOML"),
    ],
)
def test_a_slip_in_the_settings_is_told_with_its_line(
    tmp_path: Path, text: str, words: str
) -> None:
    """And with what was meant, where that can be told."""
    two_weeks(tmp_path, text)

    assert words in refused(tmp_path)


def test_no_order_by_time_without_times(tmp_path: Path) -> None:
    """Results of the first schema do not say when they were graded."""
    hand_in(tmp_path / "week1", scored("ana", 9), schema=1)
    (tmp_path / "book.toml").write_text('order = "graded"')

    assert "week1 does not say when it was graded: order the hand-ins by name" in refused(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "is not JSON, or damaged"),
        (b'{"schema": 99}', "was written by a newer grader (schema 99; this one reads up to 2)"),
        (b'{"schema": 2, "device": "cpu"}', "is not a results.json of the grader"),
        (b'{"schema": 2, "device": "cpu", "students": []}', "holds no student"),
        (b"\xff\xfe", "is not JSON, or damaged"),
    ],
)
def test_nothing_is_written_when_one_file_is_bad(
    tmp_path: Path, content: bytes, words: str
) -> None:
    """The line names the file."""
    two_weeks(tmp_path)
    (tmp_path / "week3").mkdir()
    (tmp_path / "week3/results.json").write_bytes(content)

    assert words in refused(tmp_path)
    assert str(tmp_path / "week3/results.json") in refused(tmp_path)


def test_results_of_another_course_are_refused(tmp_path: Path) -> None:
    """With the exercises that they are of."""
    two_weeks(tmp_path)
    hand_in(tmp_path / "week3", scored("ana", 1, 10, "hw1_sorting"))

    assert "is of another course: its exercises are hw1_sorting, and" in refused(tmp_path)


def test_two_results_of_one_hand_in_are_refused(tmp_path: Path) -> None:
    """Their points would count twice."""
    two_weeks(tmp_path)
    hand_in(tmp_path / "old", scored("ana", 3), scored("cy", 3), title="week1")
    words = refused(tmp_path)

    assert f"{tmp_path / 'old'} and {tmp_path / 'week1'} are results of the same hand-in" in words
    assert "1 student and all exercises in common" in words


def test_a_copy_of_results_without_a_title_is_refused(tmp_path: Path) -> None:
    """What is the same for everybody is the same hand-in."""
    for name in ("week1", "copy"):
        hand_in(tmp_path / name, scored("ana", 3), scored("cy", 3), schema=1)

    assert "are results of the same hand-in" in refused(tmp_path)


def test_sections_that_are_graded_apart_are_no_copies(tmp_path: Path) -> None:
    """A title and exercises in common, and no student; and one title for different exercises."""
    hand_in(tmp_path / "monday", scored("ana", 3), title="Week 1")
    hand_in(tmp_path / "friday", scored("bo", 3), title="Week 1")
    hand_in(tmp_path / "later", scored("bo", 3, 10, "ex02_heads"), title="Week 1")

    assert "The same exercises count in friday, monday: ex01_losses." in book(tmp_path).stdout


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder.mkdir(), "holds no hand-in: each is a folder with a results.json"),
        (lambda folder: hand_in(folder, scored("ana", 1)), "holds the results of one hand-in"),
        (lambda _: None, "can't be read: No such file or directory"),
        (lambda folder: folder.write_text(""), "can't be read: Not a directory"),
    ],
)
def test_a_folder_without_hand_ins_is_refused(tmp_path: Path, make: Any, words: str) -> None:
    """Each in a sentence that says what to name instead."""
    make(tmp_path / "term")

    assert words in complaint(tmp_path / "term")


def test_what_a_student_handed_in_is_no_hand_in(tmp_path: Path) -> None:
    """A download that lies unpacked in the folder may hold a results.json of a student."""
    two_weeks(tmp_path)
    hand_in(tmp_path / "hw1/ana", scored("ana", 10))

    assert "2 hand-ins, in this order: week1, week2." in book(tmp_path).stdout


def test_a_run_that_did_not_finish_is_said(tmp_path: Path) -> None:
    """Its hand-in is not in the book; the book itself is no such run."""
    two_weeks(tmp_path)
    (tmp_path / "week3").mkdir()
    (tmp_path / "week3/.grader.sqlite3").touch()
    book(tmp_path)
    shown = book(tmp_path).stdout

    assert "week3 is left out: its grading has not finished" in shown
    assert "book is left out" not in shown


def test_the_reports_of_a_hand_in_are_not_overwritten(tmp_path: Path) -> None:
    """A folder with results takes no book, and neither does one with other files."""
    two_weeks(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/notes.txt").touch()

    assert "holds the reports of a hand-in" in complaint(tmp_path, "--output", tmp_path / "week1")
    assert "files that are not the grader's" in complaint(tmp_path, "--output", tmp_path / "other")
    assert [each.name for each in (tmp_path / "other").iterdir()] == ["notes.txt"]


def test_a_table_that_was_changed_by_hand_is_kept(tmp_path: Path) -> None:
    """Somebody may have written comments into it."""
    two_weeks(tmp_path)
    book(tmp_path)
    (tmp_path / "book/book.csv").write_text("mine")
    shown = book(tmp_path).stdout

    assert (tmp_path / "book/book.csv.backup-1").read_text() == "mine"
    assert "your version is book.csv.backup-1" in shown
    assert line_of(tmp_path, "ana")["week1"] == "9"


def test_ids_addresses_and_logins_join(tmp_path: Path) -> None:
    """Also where the LMS changed, or numbers students anew."""
    hand_in(tmp_path / "a", scored("ana", 1), scored("bo", 2, email="Bo@x.org"))
    hand_in(
        tmp_path / "b",
        scored("4711", 3, email="bo@x.org", login="bo1", handed_in_as=MOODLE.format(4711)),
        scored("ana", 4),
    )
    hand_in(tmp_path / "c", scored("77", 5, login="BO1", handed_in_as=MOODLE.format(77)))
    book(tmp_path)

    assert len(csv_rows(tmp_path / "book/book.csv")) == 2
    assert [line_of(tmp_path, "bo")[name] for name in "abc"] == ["2", "3", "5"]


def test_a_number_of_moodle_joins_nobody(tmp_path: Path) -> None:
    """The next hand-in's 12 is another student, also where all are anonymous or on the roster."""
    for name in ("a", "b"):
        hand_in(
            tmp_path / name,
            scored("12", 1, handed_in_as=MOODLE.format(12)),
            scored("13", 1),
            title=name,
        )
    book(tmp_path)
    rows = csv_rows(tmp_path / "book/book.csv")

    assert len(rows) == 4
    assert len({row["student"] for row in rows}) == 4
    assert all("" in (row["a"], row["b"]) for row in rows)


def test_pseudonyms_join_by_themselves(tmp_path: Path) -> None:
    """No name is needed, and none is made up."""
    hand_in(tmp_path / "a", scored("x7f3", 1), scored("q2", 3))
    hand_in(tmp_path / "b", scored("x7f3", 2), scored("Q2", 4))
    book(tmp_path)

    assert [line_of(tmp_path, "x7f3")[name] for name in "ab"] == ["1", "2"]
    assert line_of(tmp_path, "x7f3")["name"] == ""
    assert [line_of(tmp_path, "q2")[name] for name in "ab"] == ["3", ""]


def test_one_id_of_two_names_is_two_students(tmp_path: Path) -> None:
    """It is said, with the line that joins them; that line does."""
    hand_in(tmp_path / "a", scored("7", 1, name="Ana Li"))
    hand_in(tmp_path / "b", scored("7", 2, name="Bo Chu"))
    shown = book(tmp_path).stdout
    apart = len(csv_rows(tmp_path / "book/book.csv"))
    (tmp_path / "book.toml").write_text('[same.b]\n7 = "7"\n')
    book(tmp_path)

    assert 'say so in book.toml, under [same.b]: 7 = "7"' in shown
    assert "Ana Li (7) and Bo Chu (7 (b))" in shown
    assert apart == 2
    assert line_of(tmp_path, "7")["name"] == "Bo Chu"


def test_a_name_alone_joins_nobody_until_it_is_said(tmp_path: Path) -> None:
    """Two hand-ins of Moodle without a roster; what is proposed to write down joins them."""
    for name, number in (("week 1", "11"), ("week 2", "22")):
        student = scored(number, 5, name="Ana Li", handed_in_as=MOODLE.format(number))
        hand_in(tmp_path / name, student)
    shown = book(tmp_path).stdout
    apart = len(csv_rows(tmp_path / "book/book.csv"))
    (tmp_path / "book.toml").write_text('[same."week 2"]\n22 = "11"\n')
    book(tmp_path)

    assert "1 name may be one student with several lines" in shown
    assert '[same."week 2"]: 22 = "11"' in shown
    assert apart == 2
    assert [line_of(tmp_path, "22")[name] for name in ("week 1", "week 2")] == ["5", "5"]


def test_an_address_that_two_have_joins_nobody(tmp_path: Path) -> None:
    """Such as that of a department, in an earlier or a later hand-in."""
    two = [scored(name, 1, email="X@x.org") for name in ("bo", "cy")]
    for place, students in enumerate(([scored("ana", 1, email="x@x.org")], two), start=1):
        hand_in(tmp_path / f"one-first/{place}", *students)
        hand_in(tmp_path / f"two-first/{3 - place}", *students)
    for folder in ("one-first", "two-first"):
        book(tmp_path / folder)

        assert len(csv_rows(tmp_path / folder / "book/book.csv")) == 3


def test_mistakes_that_are_made_again_in_a_later_exercise(tmp_path: Path) -> None:
    """Not those of the same exercise, of the same hand-in, or that were made once."""
    sum_, mean = "sum-not-mean", "absolute-errors"
    hand_in(
        tmp_path / "a",
        entry("ana", made(sum_, "ex01_losses")),
        entry("bo", made(sum_, "ex01_losses"), made(sum_, "ex02_heads")),
        entry("cy", made(mean, "ex01_losses")),
    )
    hand_in(
        tmp_path / "b",
        entry("ana", made(sum_, "ex03_log_softmax")),
        entry("bo", made(mean, "ex03_log_softmax")),
        entry("cy", made(mean, "ex01_losses")),
    )
    shown = book(tmp_path).stdout
    sheets = openpyxl.load_workbook(tmp_path / "book/book.xlsx")
    rows = [row[:7] for row in sheets["Repeated mistakes"].iter_rows(values_only=True)]

    assert "Made again: sum-not-mean (1 student, of 2 who made it)." in shown
    assert "absolute-errors" not in shown
    assert rows[1:] == [("ana", None, sum_, "a", "ex01_losses", "b", "ex03_log_softmax")]


def test_a_mistake_over_which_people_have_decided_was_not_made_again(tmp_path: Path) -> None:
    """Excused, or with points for the exercise: nobody is charged with it a second time."""
    decisions = (
        {"decision": "excused"},
        {"decision": "points", "exercise": "ex02_heads", "change": 1.0},
        {"decision": "points", "exercise": "ex01_losses", "change": 1.0},
    )
    hand_in(tmp_path / "a", *(entry(each, made("sum-not-mean", "ex01_losses")) for each in "abc"))
    hand_in(
        tmp_path / "b",
        *(
            entry(each, made("sum-not-mean", "ex02_heads"), decisions=[decision])
            for each, decision in zip("abc", decisions, strict=True)
        ),
    )

    assert "Made again: sum-not-mean (1 student, of 3 who made it)." in book(tmp_path).stdout


def test_scores_that_are_not_final_are_said(tmp_path: Path) -> None:
    """A fault of the grader, a part that waits for a person, files that were not recognised."""
    fault = entry("ana", exercise(outcome("grader_fault", score=0.0, max_score=0.0)))
    waiting = [{"name": "q1", "max_score": 5, "score": None}]
    lost = entry("cy", exercise(outcome("missing")), unclaimed=["losses_final.py"])
    hand_in(tmp_path / "a", fault, entry("bo", exercise(manual=waiting)), lost)
    shown = book(tmp_path).stdout

    assert "a: 1 score not final, since the grader failed on part of the work: ana." in shown
    assert "a: 1 score not final, since a person is still to grade a part: bo." in shown
    assert "a: 1 score 0 points, since none of their files was recognised: cy." in shown
    assert line_of(tmp_path, "ana")["percent"] == ""


def test_no_text_is_a_formula(tmp_path: Path) -> None:
    """Neither in the table nor in the workbook; control characters are left out."""
    hand_in(tmp_path / "=week", scored("=1+1", 4.5, name="@SUM(1)", email="\x00+a@b", section="-2"))
    book(tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "book/book.xlsx")["Students"]
    (heading, row) = sheet.iter_rows()

    (written,) = csv_rows(tmp_path / "book/book.csv")
    assert [cell.data_type for cell in row[:4]] == ["s"] * 4
    assert [cell.value for cell in row[:4]] == ["=1+1", "@SUM(1)", "+a@b", "-2"]
    assert (heading[-1].data_type, row[-1].data_type, row[-1].value) == ("s", "n", 4.5)
    assert [written[name][0] for name in ("student", "name", "email", "section")] == ["'"] * 4
    assert "'=week" in written


def test_the_workbook_says_what_the_table_says(tmp_path: Path) -> None:
    """Numbers as numbers, a blank as an empty cell, and the hand-ins on a sheet of their own."""
    two_weeks(tmp_path, "[weights]", "week1 = 3", "week2 = 7")
    hand_in(tmp_path / "week0", scored("bo", 1, 3))
    (tmp_path / "book.toml").write_text("[weights]\nweek0 = 2\nweek1 = 3\nweek2 = 7\n")
    book(tmp_path)
    workbook = openpyxl.load_workbook(tmp_path / "book/book.xlsx")
    rows = list(workbook["Students"].iter_rows(values_only=True))
    hand_ins = list(workbook["Hand-ins"].iter_rows(values_only=True))

    table = csv_rows(tmp_path / "book/book.csv")
    assert [dict(zip(rows[0], row, strict=True)) for row in rows[1:]] == [
        {key: _value(key, cell) for key, cell in row.items()} for row in table
    ]
    assert [row[0] for row in hand_ins] == ["hand_in", "week0", "week1", "week2"]
    assert [row[5] for row in hand_ins] == ["weight", 2, 3, 7]


def _value(key: str, cell: str) -> str | float | None:
    if key in {"student", "name", "email", "section", "dropped", "excused"}:
        return cell or None
    return float(cell) if cell else None


def test_decisions_are_honoured(tmp_path: Path) -> None:
    """Who is excused has no points there, as in grades.csv; given points are in the score."""
    given = {"decision": "points", "change": 2.0, "reason": "the test was too strict"}
    hand_in(tmp_path / "a", scored("ana", 4), scored("bo", 6, decisions=[given]))
    hand_in(tmp_path / "b", scored("ana", 0, excused=True), scored("bo", 8))
    hand_in(tmp_path / "c", scored("ana", 3, 5, usual_max_score=10.0), scored("bo", 8))
    book(tmp_path)
    ana = line_of(tmp_path, "ana")
    words = Page((tmp_path / "book/index.html").read_text("utf-8")).words

    assert [ana[name] for name in ("a", "b", "c", "excused")] == ["4", "", "3", "b"]
    assert (ana["score"], ana["max_score"]) == ("7", "15")
    assert line_of(tmp_path, "bo")["percent"] == "73.33"
    assert "4 excused 3 of 5" in words
    assert "* 6, with points by decision" in words
