"""A class that lives through a term: each run says what has happened, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser import assert_good_page
from term_class import EXERCISE, TEST, TermClass, without_moments
from typer.testing import CliRunner

from grader.cli import app

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.proof

WORK = {
    "ana": "2 * x",
    "ben": "x",
    "cy": "2 * x if x < 50 else 0",
    "dan": "3 * x",
    "eva": "x * 2",
    "fay": "2 / x",
}
LATE = {"eva": "2026-11-28 12:00:00 +0100"}
DUE = "2026-11-27T23:59+01:00"
FEW, MORE = "[(7,), (5,)]", "[(7,), (5,), (100,)]"


class Term(TermClass):
    """The class, and the commands about it."""

    def run(self, *command: object) -> list[str]:
        """Run a command; return the lines that it printed."""
        done = CliRunner().invoke(app, [*map(str, command), "--course", str(self.course)])
        assert done.exit_code == 0, done.output
        return without_moments(done.output)

    def grade(self, *options: str) -> list[str]:
        """Grade; return what is said of changes."""
        how = ("--exercise", EXERCISE, "--sandbox", "none", "--jobs", "1", "--device", "cpu")
        return _of_changes(
            self.run("grade", self.folder / "hw", "--output", self.reports, *how, *options)
        )

    def decide(self, *what: str) -> None:
        """Write a decision down."""
        self.run("decide", *what, "--output", self.reports)


def _of_changes(lines: list[str]) -> list[str]:
    """Return what stands between the class and where its page is."""
    first = [at for at, line in enumerate(lines) if line.startswith(("Since", "Everything"))]
    return lines[first[0] : -1] if first else []


def was(
    score: float,
    gain: float,
    why: str,
    *tests: dict[str, Any],
    of: float = 2,
    exercise: str = EXERCISE,
    whole: float | None = None,
) -> dict[str, Any]:
    """Return what somebody had before, with the one change; `whole` is the score of it all."""
    change = {
        "exercise": exercise,
        "score": score,
        "max_score": of,
        "gain": gain,
        "why": why.split(", "),
        "tests": list(tests),
    }
    before = score if whole is None else whole
    return {"score": before, "max_score": of, "changes": [change]}


def outcome(verdict: str, mistake: str | None = None, name: str = TEST) -> dict[str, Any]:
    """Return what a test was before."""
    score = 2 if verdict == "passed" else 0
    return {"name": name, "verdict": verdict, "score": score, "mistake": mistake}


def test_each_run_of_a_term_says_what_has_happened_and_nothing_else(
    tmp_path: Path, browser: Browser
) -> None:
    """Every step but those with other tests is computed from what is kept already."""
    term = Term(tmp_path, WORK, LATE)
    term.suite(FEW, three_times="3 * x")
    term.words("three_times")
    assert term.grade("--due", DUE) == []  # the first run
    assert term.scores == {"ana": 2, "ben": 0, "cy": 2, "dan": 0, "eva": 1, "fay": 0}
    assert (term.table, term.previous) == ([], {})

    for step in (handed_in_again, mended_and_renamed, extended, excused, decided, learned):
        step(term)
    gone_back(term)
    assert_good_page(browser, term.reports / "index.html")


def handed_in_again(term: Term) -> None:
    """Ben alone has done something, and a run without anything new changes nothing of that."""
    term.hand_in("ben", "x + x")
    assert term.grade() == [
        "Since run 1: none of 6 students lost points, 1 gained.",
        "Different: 1 new hand-in.",
        "Gained points:",
        "  ben: double 0 → 2 of 2 (+2); new hand-in",
        f"      {TEST}: wrong → passed, +2",
    ]
    assert term.grade() == ["Everything is as in run 2."]
    assert term.table == [
        "ben,double,new hand-in,yes,0,2,2,2,2,test_double_of_3,wrong,passed,0",
        f"ben,double,new hand-in,yes,0,2,2,2,2,{TEST},wrong,passed,2",
    ]
    check = outcome("wrong", name="test_double_of_3")
    assert term.previous == {"ben": was(0, 2, "new hand-in", check, outcome("wrong"))}


def mended_and_renamed(term: Term) -> None:
    """Cy passed by a flaw, which costs nothing at first; Dan's mistake has another name."""
    term.suite(MORE, three_fold="3 * x")
    term.words("three_fold")
    loss = ["  cy: double 2 → 0 of 2 (−2); changed tests", f"      {TEST}: passed → wrong, −2"]
    assert term.grade("--only-gains") == [
        "Since run 2: none of 6 students lost or gained points.",
        "Different: changed tests (double).",
        "Held back (--only-gains):",
        *loss,
        "Another name of a mistake:",
        f"  three-times → three-fold in double, {TEST}: dan",
    ]
    why = "changed tests, new name of a mistake"
    assert term.table == [
        f"dan,double,{why},yes,0,2,0,2,0,{TEST},wrong (three-times),wrong (three-fold),0",
        f"cy,double,changed tests,no,2,2,0,2,-2,{TEST},passed,wrong,-2",
    ]
    assert term.previous == {"dan": was(0, 0, why, outcome("wrong", "three-times"))}
    assert term.scores["cy"] == 2

    assert term.grade() == [
        "Since run 3: 1 of 6 students lost points, none gained.",
        "Lost points:",
        *loss,
    ]
    assert term.table == [f"cy,double,changed tests,yes,2,2,0,2,-2,{TEST},passed,wrong,-2"]
    assert term.previous == {"cy": was(2, -2, "changed tests", outcome("passed"))}


def extended(term: Term) -> None:
    """By the LMS's mark, Eva was half a day late; now she was not."""
    assert term.scores["eva"] == 1
    term.decide("eva", "--due", "2026-11-30T23:59+01:00", "--reason", "Away")
    assert term.grade() == [
        "Since run 4: none of 6 students lost points, 1 gained.",
        "Different: late work (1 student).",
        "Gained points:",
        "  eva: whole hand-in 1 → 0 points off (+1); late work",
    ]
    assert term.table == ["eva,,late work,yes,-1,2,0,2,1,,,,"]
    assert term.previous == {"eva": was(-1, 1, "late work", exercise="", whole=1)}
    assert term.scores == {"ana": 2, "ben": 2, "cy": 0, "dan": 0, "eva": 2, "fay": 0}


def excused(term: Term) -> None:
    """Dan is excused, which is no loss."""
    term.decide("dan", "--excused", "--reason", "Ill")
    assert term.grade() == [
        "Since run 5: none of 6 students lost or gained points.",
        "Different: new decisions (1 student).",
        "By decision:",
        "  dan: double 0 of 2 → 0 of 0; new decision",
    ]
    assert term.table == ["dan,double,new decision,yes,0,2,0,0,0,,,,"]
    assert term.previous == {"dan": was(0, 0, "new decision")}


def decided(term: Term) -> None:
    """Cy has the points of the test that was mended; the next step tests all of it again."""
    about = ("--exercise", EXERCISE, "--test", TEST, "--points", "2")
    term.decide("cy", *about, "--reason", "The sheet said below 50.")
    assert term.grade() == [
        "Since run 6: none of 6 students lost points, 1 gained.",
        "Different: new decisions (1 student).",
        "Gained points:",
        "  cy: double 0 → 2 of 2 (+2); new decision",
    ]
    assert term.table == ["cy,double,new decision,yes,0,2,2,2,2,,,,"]
    assert term.previous == {"cy": was(0, 2, "new decision")}


def learned(term: Term) -> None:
    """The grader learns Fay's mistake. The tests find Cy wrong again, which undoes no decision."""
    (test,) = (each for each in term.results["fay"]["exercises"][0]["tests"] if not each["public"])
    hints = ("--hint", "One.", "--hint", "Two.", "--hint", "Three.")
    words = ("--slug", "two-over-x", "--sentence", "It is another number.", *hints)
    said = term.run("learn", test["fingerprint"], *words, "--output", term.reports)
    assert "  + return 2 / x" in said
    assert 'In the test, line 7: "two-over-x": lambda x: 2 / x' in said
    assert term.grade() == [
        "Since run 7: none of 6 students lost or gained points.",
        "Different: changed tests (double).",
        "Another name of a mistake:",
        f"  no name → two-over-x in double, {TEST}: fay",
    ]
    why = "changed tests, new name of a mistake"
    assert term.table == [f"fay,double,{why},yes,0,2,0,2,0,{TEST},wrong,wrong (two-over-x),0"]
    assert term.previous == {"fay": was(0, 0, why, outcome("wrong"))}
    assert term.scores == {"ana": 2, "ben": 2, "cy": 2, "dan": 0, "eva": 2, "fay": 0}


def gone_back(term: Term) -> None:
    """The names are those of the second run again, and no decision is taken away."""
    assert _of_changes(term.run("runs", term.reports, "--restore", 2)) == [
        "Since run 8: none of 6 students lost or gained points.",
        "Different: the results of run 2 again; changed tests (double).",
        "Another name of a mistake:",
        f"  three-fold → three-times in double, {TEST}: dan",
        f"  two-over-x → no name in double, {TEST}: fay",
        "The same points by decision, though tests came out otherwise: 1 result.",
    ]
    why = "changed tests, new name of a mistake"
    assert term.table == [
        f"cy,double,changed tests,yes,2,2,2,2,0,{TEST},wrong,passed,2",
        f"dan,double,{why},yes,0,0,0,0,0,{TEST},wrong (three-fold),wrong (three-times),0",
        f"fay,double,{why},yes,0,2,0,2,0,{TEST},wrong (two-over-x),wrong,0",
    ]
    assert term.previous == {
        "cy": was(2, 0, "changed tests", outcome("wrong")),
        "dan": was(0, 0, why, outcome("wrong", "three-fold"), of=0),
        "fay": was(0, 0, why, outcome("wrong", "two-over-x")),
    }
    assert term.scores == {"ana": 2, "ben": 2, "cy": 2, "dan": 0, "eva": 2, "fay": 0}
