"""What changed since the run before: in the terminal, on the class page, as data and as a table."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from kept_term import EXERCISE, Term, hw
from report_samples import exercise_result, grading_run, outcome

from grader.reports import write_reports
from grader.reports.changes.printed import told
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results.verdicts import ExerciseResult
    from grader.runs.history.comparing import RunDiff

WIDE = "\N{FULLWIDTH EQUALS SIGN}cmd()"
ALL, HALF, NONE = hw(True, True), hw(True, False), hw(False, False, mistake="sum-not-mean")


def two_runs(term: Term, **results: tuple[ExerciseResult, ExerciseResult]) -> RunDiff:
    """Run twice, with changed tests in between; return what changed."""
    term.graded({student: then for student, (then, _) in results.items()})
    term.changed(tests="other")
    diff = term.graded({student: now for student, (_, now) in results.items()})
    assert diff is not None
    return diff


def reports(term: Term, diff: RunDiff | None, output: Path) -> Path:
    """Write the reports of the last run."""
    assert term.students is not None
    run = grading_run(*term.students, changes=diff)
    write_reports(run, output)
    return output


CRASHED = exercise_result(
    outcome(Verdict.CRASHED, name="test_a", title="Part a is right."), exercise=EXERCISE
)


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (hw(True, False), hw(False, True), "The same points by other tests"),
        (hw(False), CRASHED, "The same points, with another outcome of a test, such as crashed"),
        (hw(False, mistake="a-b"), hw(False, mistake="c-d"), "The same points, with another mist"),
        (hw(True), hw(True, True), "The same share of the points, of another maximum: 1 result."),
    ],
)
def test_what_differs_with_the_same_points_is_said_as_what_it_is(
    term: Term, then: ExerciseResult, now: ExerciseResult, said: str
) -> None:
    """A sentence about other verdicts would not be true of the same points by other tests."""
    term.graded({"ana": then})
    term.works["ana"] = "second"
    diff = term.graded({"ana": now})
    assert diff is not None
    lines = list(told(diff))

    assert lines[0] == "Since run 1: none of 1 student lost or gained points."
    assert lines[-1].startswith(said)


def test_the_terminal_says_who_lost_and_gained_by_which_test_and_why(term: Term) -> None:
    """Who lost comes first."""
    diff = two_runs(term, ana=(HALF, ALL), ben=(ALL, NONE), cy=(HALF, HALF))

    assert "\n".join(told(diff)).splitlines() == [
        "Since run 1: 1 of 3 students lost points, 1 gained.",
        f"Different: changed tests ({EXERCISE}).",
        "Lost points:",
        f"  ben: {EXERCISE} 4 → 0 of 4 (−4); changed tests",
        "      test_a: passed → wrong (sum-not-mean), −2",
        "      test_b: passed → wrong (sum-not-mean), −2",
        "Gained points:",
        f"  ana: {EXERCISE} 2 → 4 of 4 (+2); changed tests",
        "      test_b: wrong → passed, +2",
    ]


def test_of_many_the_terminal_shows_the_first(term: Term) -> None:
    """And says where the others are."""
    many = {f"s{number}": (ALL, HALF) for number in range(20)}
    lines = list(told(two_runs(term, **many), "reports/changes.csv"))

    assert len("\n".join(lines).splitlines()) < 20
    assert "  and 15 more; see reports/changes.csv" in lines


def test_the_first_run_is_silent_about_changes(term: Term, tmp_path: Path) -> None:
    """No section, no file, no key."""
    output = reports(term, term.graded({"ana": ALL}), tmp_path / "out")

    assert "previous" not in (output / "results.json").read_text("utf-8")
    assert 'id="changes"' not in (output / "index.html").read_text("utf-8")
    assert not (output / "changes.csv").exists()


def test_results_say_what_there_was_before(term: Term, tmp_path: Path) -> None:
    """Of everybody who was there; a student who is new has no such key."""
    term.graded({"ana": HALF, "ben": ALL})
    term.works["ana"] = "second"
    diff = term.graded({"ana": ALL, "ben": ALL, "cy": ALL})
    record = json.loads((reports(term, diff, tmp_path) / "results.json").read_text("utf-8"))
    ana, ben, cy = record["students"]

    assert record["previous"] == {"run": 1, "at": ""}
    assert ana["previous"] == {
        "score": 2,
        "max_score": 4,
        "changes": [
            {
                "exercise": EXERCISE,
                "score": 2,
                "max_score": 4,
                "gain": 2,
                "why": ["new hand-in"],
                "tests": [{"name": "test_b", "verdict": "wrong", "score": 0, "mistake": None}],
            }
        ],
    }
    assert ben["previous"] == {"score": 4, "max_score": 4, "changes": []}
    assert "previous" not in cy


def test_the_table_has_a_row_per_test_and_no_formula(term: Term, tmp_path: Path) -> None:
    """Numbers stay numbers, and what was held back is in it."""
    term.graded({"=1+1": HALF, "ben": ALL, WIDE: HALF})
    term.changed(tests="other")
    now = {"=1+1": ALL, "ben": NONE, WIDE: ALL}
    diff = term.graded(now, only_gains=True)
    with (reports(term, diff, tmp_path) / "changes.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert [(row["published"], row["gain"], row["test"]) for row in rows] == [
        ("yes", "2", "test_b"),
        ("yes", "2", "test_b"),
        ("no", "-4", "test_a"),
        ("no", "-4", "test_b"),
    ]
    assert {"'=1+1", "ben", f"'{WIDE}"} == {row["student"] for row in rows}
    assert rows[0].keys() >= {"name", "section", "score_before", "test_after", "why"}


def test_what_is_held_back_is_in_no_output_but_the_instructors(term: Term, tmp_path: Path) -> None:
    """The page and the results have the earlier points; the class page says what was found."""
    term.graded({"ben": ALL})
    term.changed(tests="other")
    output = reports(term, term.graded({"ben": NONE}, only_gains=True), tmp_path)
    ben = json.loads((output / "results.json").read_text("utf-8"))["students"][0]
    page = (output / "index.html").read_text("utf-8")

    assert (ben["score"], ben["exercises"][0]["tests"][0]["verdict"]) == (4, "passed")
    assert "sum-not-mean" not in (output / "students" / "ben.html").read_text("utf-8")
    assert "ben,,,,,4,4,4" in (output / "grades.csv").read_text("utf-8")
    assert "Held back (1)" in page
    assert "passed → wrong (sum-not-mean), −2" in page


def test_the_class_page_stays_small_however_many_changed(term: Term, tmp_path: Path) -> None:
    """The table has the others, and the page links to it."""
    many = {f"s{number:02}": (ALL, HALF) for number in range(30)}
    page = (reports(term, two_runs(term, **many), tmp_path) / "index.html").read_text("utf-8")

    assert page.count('class="tried"') == 10
    assert '<a href="changes.csv">20 more: changes.csv</a>' in page


def test_names_of_mistakes_that_changed_stand_together(term: Term) -> None:
    """By test, and not once for each student."""
    other = hw(False, False, mistake="mean-not-sum")
    lines = list(told(two_runs(term, ana=(NONE, other), ben=(NONE, other))))

    assert f"  sum-not-mean → mean-not-sum in {EXERCISE}, test_a: ana, ben" in lines
    assert "Since run 1: none of 2 students lost or gained points." in lines


def test_a_run_that_adds_nothing_says_so_in_a_line(term: Term) -> None:
    """What had changed before is not told twice."""
    two_runs(term, ana=(HALF, ALL))
    again = term.graded({"ana": ALL})

    assert again is not None
    assert list(told(again)) == ["Everything is as in run 2."]
