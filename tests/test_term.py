"""A class that lives through a term: each run says what has happened, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from browser import assert_good_page
from tiny_course import write_course
from typer.testing import CliRunner

from grader.cli import app

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

EXERCISE, TEST = "double", "test_double_of_7"
WORK = {"ana": "2 * x", "ben": "x", "cy": "2 * x if x < 50 else 0", "dan": "3 * x"}
SUITE = """\
from grader.suite import expect_each, points


@points(2)
def test_double_of_7(student):
    \"\"\"double: twice the number.\"\"\"
    expect_each(
        student.double, {cases}, lambda x: 2 * x, mistakes={{"{mistake}": lambda x: 3 * x}}
    )
"""
MISTAKE = '[{0}]\nsentence = "It is three times the number."\nhints = ["One.", "Two.", "Three."]\n'


class Term:
    """A course, its class, and the reports."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.reports = folder, folder / "reports"
        self.course = write_course(folder / "course")
        self.suite("[(7,), (5,)]", "three-times")
        for student, answer in WORK.items():
            self.hand_in(student, answer)

    def hand_in(self, student: str, answer: str) -> None:
        """Write what a student hands in."""
        place = self.folder / "hw" / student
        place.mkdir(parents=True, exist_ok=True)
        (place / "double.py").write_text(f"def double(x):\n    return {answer}\n")

    def suite(self, cases: str, mistake: str) -> None:
        """Write the hidden test and the mistake that it names."""
        text = SUITE.format(cases=cases, mistake=mistake)
        (self.course / "hidden" / "double.py").write_text(text)
        (self.course / "mistakes.toml").write_text(MISTAKE.format(mistake))

    def run(self, *command: object) -> str:
        """Run a command about the class; return what it printed."""
        done = CliRunner().invoke(app, [*map(str, command), "--course", str(self.course)])
        assert done.exit_code == 0, done.output
        return done.output

    def grade(self, *options: str) -> list[str]:
        """Grade; return what is said of changes."""
        how = ("--exercise", EXERCISE, "--sandbox", "none", "--jobs", "1", "--device", "cpu")
        said = self.run("grade", self.folder / "hw", "--output", self.reports, *how, *options)
        lines = said.splitlines()
        first = [at for at, line in enumerate(lines) if line.startswith(("Since", "Everything"))]
        return [line.partition(" (20")[0] for line in lines[first[0] : -1]] if first else []

    def scores(self) -> dict[str, float]:
        """Return the score of everybody in the results."""
        results = json.loads((self.reports / "results.json").read_text("utf-8"))
        return {each["student"]: each["score"] for each in results["students"]}


def test_each_run_of_a_term_says_what_has_happened_and_nothing_else(
    tmp_path: Path, browser: Browser
) -> None:
    """Every step but the first three is computed from what is kept already."""
    term = Term(tmp_path)
    assert term.grade() == []  # the first run
    assert term.scores() == {"ana": 2, "ben": 0, "cy": 2, "dan": 0}

    for step in (handed_in_again, mended_and_renamed, decided, gone_back):
        step(term)
    assert_good_page(browser, term.reports / "index.html")


def handed_in_again(term: Term) -> None:
    """Ben alone has done something."""
    term.hand_in("ben", "x + x")
    assert term.grade() == [
        "Since run 1",
        "Different: 1 new hand-in.",
        "Gained points:",
        "  ben: double 0 → 2 of 2 (+2); new hand-in",
        f"      {TEST}: wrong → passed, +2",
    ]
    assert term.grade() == ["Everything is as in run 2"]


def mended_and_renamed(term: Term) -> None:
    """Cy passed by a flaw, which costs nothing at first; Dan's mistake has another name."""
    term.suite("[(7,), (5,), (100,)]", "thrice-the-number")
    loss = ["  cy: double 2 → 0 of 2 (−2); changed tests", f"      {TEST}: passed → wrong, −2"]
    assert term.grade("--only-gains")[1:] == [
        "Different: changed tests (double).",
        "Held back (--only-gains):",
        *loss,
        "Another name of a mistake:",
        f"  three-times → thrice-the-number in double, {TEST}: dan",
    ]
    assert term.scores()["cy"] == 2
    assert term.grade()[1:] == ["Lost points:", *loss]
    assert term.scores()["cy"] == 0


def decided(term: Term) -> None:
    """Dan is excused, which is no loss, and stays so."""
    term.run("decide", "dan", "--excused", "--reason", "Ill", "--output", term.reports)
    said = ["By decision:", "  dan: double 0 of 2 → 0 of 0; new decision"]
    assert term.grade()[1:] == said
    assert term.grade() == ["Everything is as in run 5"]


def gone_back(term: Term) -> None:
    """Cy has the points of the second run again, and no decision is taken away."""
    said = term.run("runs", term.reports, "--restore", 2)
    assert "  cy: double 0 → 2 of 2 (+2); changed tests" in said
    assert "1 student excused." in said
    assert "  dan:" not in said
    assert term.scores() == {"ana": 2, "ben": 2, "cy": 2, "dan": 0}
    assert "Different: the results of run 2 again" in said
