"""Decisions that last: read strictly, applied over what grading gave, shown as what they are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from report_samples import exercise_result, outcome, student_result
from small_course import COURSE
from the_lab import LAB

from grader.courses import counting, load_course
from grader.courses.late_work import Amount
from grader.errors import UsageError
from grader.results.decided import Kind
from grader.results.students import StudentRecord
from grader.results.verdicts import ExerciseResult, StudentResult, Verdict
from grader.runs.deciding.applying import Decisions
from grader.runs.deciding.reading import Decided, read_decisions
from grader.runs.deciding.whose import shared_out

UPDATE, LOSSES = "ex06_manual_update", "ex01_losses"
ANA = StudentRecord(id="4401", name="Ana Rossi", login="rossi", email="ana@x.org")
BEN = StudentRecord(id="4402", name="Ben Smith")
OTHER_BEN = StudentRecord(id="4403", name="Smith, Ben")
CLASS = [ANA, BEN, OTHER_BEN]


def entry(**said: object) -> str:
    """Return an entry as a hand would write it."""
    given = {"student": "4401", "reason": "as agreed", **said}
    lines = [f"{key} = {_toml(value)}" for key, value in given.items() if value is not None]
    return "\n".join(["[[decisions]]", *lines, ""])


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def read(folder: Path, *texts: str) -> Decided:
    """Read a file of some entries."""
    file = folder / "decisions.toml"
    file.write_text("\n".join(texts), encoding="utf-8")
    return read_decisions(file, LAB)


def work() -> tuple[ExerciseResult, ...]:
    """Return two exercises: 2 of 4 points and 2 of 2."""
    right = outcome(name="test_right", title="It is right.")
    wrong = outcome(Verdict.WRONG, name="test_wrong", title="It is not.")
    return (
        exercise_result(right, wrong, exercise=UPDATE),
        exercise_result(right, exercise=LOSSES),
    )


def applied(
    decided: Decided, *exercises: ExerciseResult, record: StudentRecord = ANA, **about: Any
) -> StudentResult:
    """Apply decisions to a student of the class who has some exercises."""
    shared = shared_out(decided, CLASS)
    given = student_result(record.id, *(exercises or work()))
    result = replace(given, record=replace(record, **about), has_files=True)
    return Decisions(shared, decided.due, decided.policy).applied(result)


@pytest.mark.parametrize("name", ["4401", "ROSSI", "ana@x.org", "Rossi, Ana", "ana rossi"])
def test_points_of_a_test_are_more_by_decision(tmp_path: Path, name: str) -> None:
    """Whatever names the student; the score by grading stays beside it."""
    decided = read(tmp_path, entry(student=name, exercise="ex06", test="It is not.", add=1))

    result = applied(decided)

    assert (result.score, result.max_score, result.computed) == (5, 6, (4, 6))
    assert result.exercises[0].score == 3
    assert [test.score for test in result.exercises[0].tests] == [2, 0]
    (ruling,) = result.rulings
    assert (ruling.change, ruling.graded, ruling.test) == (1, 0, "test_wrong")
    assert ruling.words == "+1 point by decision: as agreed"


@pytest.mark.parametrize(
    ("said", "score", "words"),
    [
        ({"points": 3}, 3, "+1 point"),
        ({"points": 0}, 0, "−2 points"),
        ({"points": 2}, 2, "2 points, as graded,"),
        ({"add": 0.5}, 2.5, "+0.5 points"),
        ({"add": 9}, 4, "+2 points (up to the maximum of 4)"),
    ],
)
def test_points_of_an_exercise(
    tmp_path: Path, said: dict[str, object], score: float, words: str
) -> None:
    """They are set or added, and are never more than there are."""
    result = applied(read(tmp_path, entry(exercise="ex06", **said)))

    assert result.exercises[0].score == score
    assert result.rulings[0].words == f"{words} by decision: as agreed"


def test_who_is_excused_has_neither_points_nor_zeros(tmp_path: Path) -> None:
    """From an exercise or from all."""
    one = applied(read(tmp_path, entry(exercise="ex06", excused=True)))
    every = applied(read(tmp_path, entry(excused=True)))

    assert (one.score, one.max_score, one.usual_max, one.excused) == (2, 2, 6, False)
    assert (every.score, every.max_score, every.excused) == (0, 0, True)
    assert one.exercises[0].score == 2  # what grading gave is still there


def test_decisions_for_everybody_count_for_each(tmp_path: Path) -> None:
    """Dropped and weighted exercises, and points; one's own decision comes before."""
    all_of = {"student": None, "everybody": True}
    decided = read(
        tmp_path,
        entry(**all_of, exercise="ex01", weight=3),
        entry(**all_of, exercise="ex06", test="test_wrong", points=2),
        entry(exercise="ex06", test="test_wrong", points=1),
    )
    dropped = read(tmp_path, entry(**all_of, exercise="ex06", dropped=True))

    assert applied(decided, record=BEN).score == 4 + 3 * 2
    assert applied(decided).score == 3 + 3 * 2
    assert (applied(dropped).score, applied(dropped).max_score) == (2, 2)
    assert all(ruling.everybody for ruling in applied(decided, record=BEN).rulings)


def test_points_for_everybody_are_for_those_who_handed_it_in(tmp_path: Path) -> None:
    """A test that was mended gives nobody points for nothing; a person may."""
    missing = exercise_result(
        outcome(Verdict.MISSING, name="test_wrong"), exercise=UPDATE, source=None
    )
    every = read(
        tmp_path, entry(student=None, everybody=True, exercise="ex06", test="test_wrong", points=2)
    )
    own = read(tmp_path, entry(exercise="ex06", points=1))

    assert applied(every, missing).score == 0
    assert applied(own, missing).score == 1


def test_what_has_no_result_is_said(tmp_path: Path) -> None:
    """A case of a test that is not there any more gives no points, and no silence."""
    (ruling,) = applied(read(tmp_path, entry(exercise="ex06", test="test_x", add=1))).rulings

    assert ruling.words.startswith("No points for 'test_x', which has no result here, by decision")
    assert ruling.kind is Kind.POINTS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (entry(exercise="ex06", add=1, studnet="x"), r"line 6: 'studnet' is not known here; did"),
        (entry(exercise="ex66", add=1), r"line 4: there is no exercise 'ex66'"),
        (entry(exercise="ex06", points=-1), r"line 5: 'points' must be a number of points from 0"),
        (entry(exercise="ex06", points="nan"), "line 5: 'points' must be a number"),
        (
            "[[decisions]]\nstudent='a'\nreason='x'\nexercise='ex06'\nadd = nan",
            "line 5: 'add' must",
        ),
        (entry(exercise="ex06", points=99), r"line 5: ex06_manual_update is worth .* not 99"),
        (entry(student=4401, excused=True), "line 2: 'student' must be an id, a login"),
        (entry(), "line 1: it decides nothing"),
        (entry(excused=True, reason=None), "line 1: it has no `reason`"),
        (entry(exercise="ex06", add=1, points=1), "a decision has either 'points' or 'add'"),
        (entry(add=1), "line 4: 'add' needs the `exercise`"),
        (entry(due="2026-11-27T23:59"), "line 4: 'due' takes a time with its zone"),
        (entry(due="2026-11-27T23:59+01:00", exercise="ex06"), "'due' is about the whole hand-in"),
        (entry(exercise="ex06", dropped=True), "line 5: 'dropped' is not for one student"),
        (entry(everybody=True, excused=True), "is about one `student`, or says"),
        (entry(student=None, everybody=True, excused=True), "'excused' is not for everybody: use"),
        (
            entry(excused=True) + entry(excused=True),
            "line 5: line 1 decides the same already",
        ),
        ("[late]\nper_dya = 2\n", "line 2: 'per_dya' is not known here; did you mean 'per_day'"),
        ("[late]\nper_day = '200%'\n", "line 2: 'per_day' takes a number of points"),
        ("[late]\ngrace = 5\n", "line 2: 'grace' takes a time such as"),
        ("[late]\nzone = 'Berlin/Europe'\n", "line 2: 'zone' takes the name of a time zone"),
        ("[late]\ndue = 2026-11-27T23:59:00\n", "line 2: 'due' takes a time with its zone"),
        ("[[decisions]\n", "line 1: this is not TOML"),
        ("[[decisions]]\nstudent = “4401”\n", 'line 2: .*; quotes are straight: "Ana"'),
        ("[[decisions]]\nstudent = 4401a\n", "line 2: .*; a text stands in quotes"),
        ("[[decisions]]\nexcused = True\n", "line 2: .*; write true or false, in small letters"),
        ("[[decisions]]\nadd = 0,5\n", "line 2: .*; a decimal point is needed: 0.5"),
        (
            "[[decisions]]\nadd = 1\nadd = 2\nexcused = true",
            "line 3: .*; the key stands there twice",
        ),
    ],
)
def test_what_can_not_be_meant_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    """A broken entry loses no decision in silence: nothing of the file counts."""
    with pytest.raises(UsageError, match=said):
        read(tmp_path, text)


def test_every_fault_of_a_file_is_listed(tmp_path: Path) -> None:
    """So that it is mended once."""
    with pytest.raises(UsageError) as caught:
        read(tmp_path, entry(exercise="ex66", add=1), entry(excused="yes"), entry(exercise="ex06"))

    assert [line.partition(": ")[0][-6:] for line in str(caught.value).splitlines()] == [
        "line 4",
        "ine 10",
        "ine 12",
    ]


def test_many_who_are_gone_are_all_named(tmp_path: Path) -> None:
    """The first with their lines, the others in a row."""
    names = [f"gone{number}" for number in range(7)]
    decided = read(tmp_path, *(entry(student=name, excused=True) for name in names))

    notes = shared_out(decided, CLASS).notes

    assert len(notes) == 6
    assert (
        notes[-1]
        == "Not in this class either, though there are decisions about them: gone5, gone6."
    )


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """With the line at which that shows."""
    file = tmp_path / "decisions.toml"
    file.write_bytes(entry(student="Zoë", excused=True).encode("latin-1"))

    with pytest.raises(UsageError, match="line 2: this is not UTF-8; save the file as that"):
        read_decisions(file, LAB)


def test_two_students_whom_a_name_fits_are_both_named(tmp_path: Path) -> None:
    """Nobody gets another one's points by a guess."""
    decided = read(tmp_path, entry(student="Ben Smith", excused=True))

    with pytest.raises(UsageError, match=r"line 1: 'Ben Smith' fits 2 students.*4402.*4403"):
        shared_out(decided, CLASS)


def test_two_students_whom_a_typo_may_mean_are_both_named(tmp_path: Path) -> None:
    """One of two namesakes alone would be taken for the one who is meant."""
    decided = read(tmp_path, entry(student="Ben Smit", excused=True))

    (note,) = shared_out(decided, CLASS).notes

    assert note.endswith("did you mean Ben Smith (4402) or Smith, Ben (4403)?")


def test_one_student_under_two_names_is_decided_once(tmp_path: Path) -> None:
    """Two entries about the same are refused, whatever they call the student."""
    decided = read(tmp_path, entry(excused=True), entry(student="rossi", excused=True))

    with pytest.raises(UsageError, match="line 6: line 1 decides the same for Ana Rossi"):
        shared_out(decided, CLASS)


def test_one_test_by_its_name_and_by_its_sentence_is_decided_once(tmp_path: Path) -> None:
    """Points for it do not add up, whichever way it is called."""
    suite = LAB.exercise_named(UPDATE).hidden_suite
    name, title = next(iter(counting.tests_of_suite(suite).items()))
    by_name, by_title = (entry(exercise="ex06", test=each, add=1) for each in (name, title))

    with pytest.raises(UsageError, match="line 8: line 1 decides the same already"):
        read(tmp_path, by_name, by_title)
    test = outcome(Verdict.WRONG, name=f"{name}[a]", title="Another sentence.")
    result = applied(read(tmp_path, by_title), exercise_result(test, exercise=UPDATE))
    assert (result.score, result.rulings[0].test) == (1, f"{name}[a]")


def test_what_fits_nobody_any_more_is_said(tmp_path: Path) -> None:
    """A student who is gone, and a test that is gone, each with the line and what may be meant."""
    decided = read(
        tmp_path,
        entry(student="Ana Rosi", excused=True),
        entry(exercise="ex06", test="test_gone", add=1),
    )

    (student,) = shared_out(decided, CLASS).notes
    (test,) = decided.unfitting(LAB)

    assert student.endswith(
        "line 1: this class has no student 'Ana Rosi', so this has no effect; "
        "did you mean Ana Rossi (4401)?"
    )
    assert "line 6: ex06_manual_update has no test 'test_gone', so this has no effect" in test


LATE = """
[late]
due = 2026-11-27T23:59:00+01:00
per_day = "10%"
"""


@pytest.mark.parametrize(
    ("policy", "came", "deduction", "line"),
    [
        ("", "2026-11-27T23:59:00+01:00", 0.0, "Handed in 2026-11-27 23:59 UTC+01:00."),
        ("", "2026-11-27T22:58:59Z", 0.0, "Handed in 2026-11-27 23:58 UTC+01:00."),
        ("", "2026-11-28T00:00:00+01:00", 0.6, "1 min late: 1 day, as each"),
        ("grace = '5 min'", "2026-11-28T00:04:00+01:00", 0.0, "within the time of grace"),
        ("grace = '5 min'", "2026-11-28T00:05:00+01:00", 0.6, "6 min late: 1 day"),
        ("", "2026-11-29T12:00:00+01:00", 1.2, "36 h 1 min late: 2 days"),
        ("", "2026-11-29T12:00:00+01:00", 1.2, "2 days × 10 % of 6 = 1.2 points."),
        ("", "2026-11-29T12:00:00+01:00", 1.2, "4 − 1.2 = 2.8 points."),
        ("cap = 1", "2026-11-29T12:00:00+01:00", 1.0, "= 1.2 points, at most 1 = 1."),
        ("lowest = '50%'", "2026-12-09T12:00:00+01:00", 1.0, "is not brought below 3."),
        ("lowest = 5", "2026-12-09T12:00:00+01:00", 0.0, "is not brought below 5."),
        ("late_days = 1", "2026-11-29T12:00:00+01:00", 0.6, "; 1 late day costs nothing."),
        (
            "zone = 'Europe/Berlin'",
            "2026-11-29T12:00:00",
            1.2,
            "Handed in 2026-11-29 12:00 UTC+01:00.",
        ),
    ],
)
def test_late_work_costs_what_the_policy_says(
    tmp_path: Path, policy: str, came: str, deduction: float, line: str
) -> None:
    """And the arithmetic is there in sentences."""
    result = applied(read(tmp_path, LATE + policy), submitted_at=came)

    assert result.lateness is not None
    assert (result.lateness.deduction, result.score) == pytest.approx((deduction, 4 - deduction))
    assert line in " ".join(result.lateness.lines)
    assert result.record.late is (result.lateness.days > 0)


@pytest.mark.parametrize(
    ("about", "line"),
    [
        ({}, "The download does not say when it came. Nothing is taken off"),
        ({"late": True}, "The download marks it as late, but does not say when it came. Nothing"),
        ({"submitted_at": "2026-12-09T12:00:00"}, "but the download does not say in which time"),
        ({"submitted_at": "yesterday"}, "but the download does not say"),
    ],
)
def test_without_a_mark_of_the_time_nothing_is_taken_off(
    tmp_path: Path, about: dict[str, Any], line: str
) -> None:
    """Nobody guesses, and the page says why."""
    result = applied(read(tmp_path, LATE), **about)

    assert result.lateness is not None
    assert (result.score, result.record.late) == (4, about.get("late"))
    assert line in result.lateness.lines[1]


def test_an_extension_moves_the_due_date_of_one_student(tmp_path: Path) -> None:
    """And so do late days of one's own."""
    day_after: dict[str, Any] = {"submitted_at": "2026-11-28T12:00:00+01:00"}
    extended = read(tmp_path, LATE, entry(due="2026-11-28T23:59+01:00"))
    given = read(tmp_path, LATE, entry(late_days=1))

    mine, other = applied(extended, **day_after), applied(extended, record=BEN, **day_after)

    assert (mine.score, mine.record.late) == (4, False)
    assert mine.lateness is not None
    assert mine.lateness.lines[0].startswith(
        "Due 2026-11-28 23:59 UTC+01:00, extended by decision."
    )
    assert other.score == pytest.approx(3.4)
    assert applied(given, **day_after).score == 4


def test_a_course_says_what_late_work_costs(tmp_path: Path) -> None:
    """And decisions say it for one hand-in."""
    head = 'version = 1\ntitle = "A"\n[[exercises]]\nname = "hw1"\ntitle = "B"\n[late]\n'
    (tmp_path / "course.toml").write_text(f"{head}per_day = 2\nlate_days = 1\n")
    course = load_course(tmp_path)
    (tmp_path / "decisions.toml").write_text("[late]\nper_day = '5%'\n")

    policy = read_decisions(tmp_path / "decisions.toml", course).policy

    assert (course.late.per_day, course.late.late_days) == (Amount(2), 1)
    assert (policy.per_day, policy.late_days) == (Amount(5, is_share=True), 1)
    (tmp_path / "course.toml").write_text(f"{head}per_dya = 2\n")
    with pytest.raises(UsageError, match="line 7: 'per_dya' is not known here; did you mean 'per_"):
        load_course(tmp_path)


def test_the_documented_decisions_can_be_read(tmp_path: Path) -> None:
    """As they stand in COURSES.md, about the course in the tests."""
    text = (Path(__file__).parents[1] / "COURSES.md").read_text("utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text.partition("## What people decide")[2], re.DOTALL)
    file = tmp_path / "decisions.toml"
    file.write_text("\n".join(blocks).replace('"softmax"', '"softmax_classifier"'))

    decided = read_decisions(file, COURSE)

    assert len(decided.entries) == 2
    assert list(decided.unfitting(COURSE)) == []
    assert decided.policy.late_days == 1


def test_of_who_is_excused_nothing_is_late(tmp_path: Path) -> None:
    """There are no points that could be taken off."""
    excused = read(tmp_path, LATE, entry(excused=True))

    assert applied(excused, submitted_at="2026-12-09T12:00:00+01:00").lateness is None


def test_of_whom_nothing_came_nothing_is_late(tmp_path: Path) -> None:
    """There is no time of what does not exist."""
    shared = shared_out(decided := read(tmp_path, LATE), CLASS)
    result = Decisions(shared, decided.due, decided.policy).applied(student_result("4401", *work()))

    assert result.lateness is None
