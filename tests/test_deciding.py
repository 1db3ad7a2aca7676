"""`decide`, and decisions in runs: a class that is graded once, and decided about from then on."""

from __future__ import annotations

import json
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from browser import assert_good_page
from the_lab import LAB
from tiny_course import write_course
from typer.testing import CliRunner

from grader.cli import app
from grader.errors import UsageError
from grader.files.output_folder import STORE, OutputFolder
from grader.results.students import StudentRecord
from grader.runs.deciding.other_files import with_other_files
from grader.runs.deciding.reading import read_decisions
from grader.runs.deciding.whose import shared_out
from grader.runs.deciding.writing import add_decision
from grader.submissions import Submission

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser
    from typer.testing import Result

EXERCISE, TEST = "double", "test_double_of_7"
RIGHT, WRONG = "def double(x):\n    return 2 * x\n", "def double(x):\n    return 3 * x\n"
RECORDS = [StudentRecord(id="ana", name="Ana Rossi"), StudentRecord(id="ben", name="Ben Smith")]
BY_HAND = (
    "# agreed on Monday\n[[decisions]]\nstudent = 'ben'  # ill\nexcused = true\nreason = 'Ill'\n"
)


class Class:
    """A class of two that is graded: Ana is right, Ben is wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reports = folder / "reports"
        self.decisions = self.reports / "decisions.toml"
        self.course = write_course(folder / "course")
        for student, work in (("ana", RIGHT), ("ben", WRONG)):
            (folder / "hw" / student).mkdir(parents=True)
            (folder / "hw" / student / "double.py").write_text(work)

    def grade(self, *options: str) -> Result:
        """Grade it, or only make its reports where nothing has changed."""
        about = ("--course", str(self.course), "--output", str(self.reports))
        how = ("--exercise", EXERCISE, "--sandbox", "none", "--jobs", "1", "--device", "cpu")
        return CliRunner().invoke(app, ["grade", str(self.folder / "hw"), *about, *how, *options])

    def decide(self, *options: str) -> Result:
        """Write a decision down."""
        about = ("--course", str(self.course), "--output", str(self.reports))
        return CliRunner().invoke(app, ["decide", *options, *about])

    def student(self, name: str) -> dict[str, Any]:
        """Return what `results.json` has of a student."""
        results = json.loads((self.reports / "results.json").read_text("utf-8"))
        return next(each for each in results["students"] if each["student"] == name)

    def page(self, name: str) -> str:
        """Return a page."""
        return (self.reports / name).read_text("utf-8")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """Return a class that has been graded once."""
    made = Class(tmp_path_factory.mktemp("decided"))
    run = made.grade()
    assert run.exit_code == 0, run.output
    return made


@pytest.fixture(autouse=True)
def undecided(request: pytest.FixtureRequest) -> None:
    """Begin each test that uses the class without a decision."""
    if "graded" in request.fixturenames:
        made: Class = request.getfixturevalue("graded")
        made.decisions.write_text("")


def test_a_decision_is_applied_and_nothing_is_graded_for_it(graded: Class) -> None:
    """It is in the results, on the student's page and on the class page, in each later run."""
    about = ("--exercise", EXERCISE, "--test", TEST, "--add", "1.5")
    decided = graded.decide("ben", *about, "--reason", "A right idea.")
    assert decided.exit_code == 0, decided.output

    for _ in range(2):
        run = graded.grade()
        assert run.exit_code == 0
        assert "2 submissions: nothing new to grade" in run.output

    ben = graded.student("ben")
    assert (ben["score"], ben["max_score"], ben["computed_score"]) == (1.5, 2, 0)
    assert ben["decisions"] == [
        {
            "decision": "points",
            "exercise": EXERCISE,
            "test": TEST,
            "said": "+1.5 points",
            "reason": "A right idea.",
            "change": 1.5,
        }
    ]
    assert ben["exercises"][0]["tests"][0]["score"] == 0  # what grading gave
    assert "+1.5 points by decision (by grading 0): A right idea." in graded.page(
        "students/ben.html"
    )
    assert "By grading alone: 0 of 2 points." in graded.page("students/ben.html")
    assert "1 student with more points by decision than by grading" in graded.page("index.html")
    assert "decisions" not in graded.student("ana")


def test_pages_with_decisions_are_good(graded: Class, browser: Browser) -> None:
    """A comment is shown as Markdown, and steers nothing."""
    comment = "**Well done.**\n\n- one\n\n<script>alert(1)</script><img src=x onerror=alert(2)>"
    graded.decide("ben", "--comment", comment)
    graded.decide("ana", "--due", "2026-12-01T12:00+01:00", "--reason", "Ill")
    graded.decide("--everybody", "--exercise", EXERCISE, "--weight", "2", "--reason", "Long")
    assert graded.grade("--due", "2026-11-27T12:00+01:00").exit_code == 0

    assert "<strong>Well done.</strong>" in graded.page("students/ben.html")
    assert_good_page(browser, graded.reports / "students" / "ben.html")
    assert_good_page(browser, graded.reports / "index.html")
    assert graded.grade("--due", "none").exit_code == 0


def test_who_is_excused_has_no_mark(graded: Class) -> None:
    """An empty cell is no zero, and the class's mean leaves the student out."""
    graded.decide("ben", "--excused", "--reason", "Ill")
    graded.grade()

    assert graded.student("ben")["excused"] is True
    assert graded.page("grades.csv").splitlines()[2] == "ben,,,,,,,"
    assert "leave out 1 student excused by decision" in graded.page("index.html")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("bob", "--excused", "--reason", "x"), "no student 'bob'"),
        (("ben", "--reason", "x"), "it decides nothing"),
        (("ben", "--excused"), "it has no `reason`"),
        (("ben", "--exercise", "duoble", "--add", "1", "--reason", "x"), "did you mean double"),
        (("ben", "--exercise", "double", "--add", "-1", "--reason", "x"), "'add' must be"),
        (("ben", "--exercise", "double", "--add", "nan", "--reason", "x"), "'add' must be"),
        (("ben", "--due", "2026-12-01", "--reason", "x"), "'due' takes a time with its zone"),
        (
            (
                "ben",
                "--exercise",
                "double",
                "--test",
                "test_duoble_of_7",
                "--add",
                "1",
                "--reason",
                "x",
            ),
            "did you mean 'test_double_of_7'",
        ),
    ],
)
def test_what_can_not_be_decided_is_not_written(
    graded: Class, options: tuple[str, ...], said: str
) -> None:
    """The file stays as it is, and the message says what was meant."""
    graded.decisions.write_text(BY_HAND)

    decided = graded.decide(*options)

    assert isinstance(decided.exception, UsageError)
    assert said in str(decided.exception)
    assert ", line " not in str(decided.exception)  # of what was not written
    assert graded.decisions.read_text() == BY_HAND


def test_a_decision_that_stands_there_already_is_told_with_its_line(graded: Class) -> None:
    """That one can be looked up."""
    graded.decisions.write_text(BY_HAND)

    said = str(graded.decide("ben", "--excused", "--reason", "x").exception)

    assert said == "nothing was written: line 2 decides the same already (excused)"
    assert graded.decisions.read_text() == BY_HAND


def test_a_broken_file_stops_a_run_before_it_grades(graded: Class) -> None:
    """The reports stay those of the run before."""
    graded.grade()
    before = graded.page("index.html")
    graded.decisions.write_text("[[decisions]]\nstudnet = 'ben'\nexcused = true\n")

    run = graded.grade("--fresh")

    assert "line 2: 'studnet' is not known here" in str(run.exception)
    assert graded.page("index.html") == before


def test_decisions_that_are_gone_stop_a_run(graded: Class) -> None:
    """Nobody loses an excuse because a file was deleted; an empty file says that it was meant."""
    graded.decisions.write_text(BY_HAND)
    graded.grade()
    graded.decisions.unlink()

    run = graded.grade()

    assert "is not there, and the run before applied 1 decision from it" in str(run.exception)
    graded.decisions.write_text("")
    assert graded.grade().exit_code == 0


def test_a_file_elsewhere_is_remembered(graded: Class, tmp_path: Path) -> None:
    """A later run goes by it, and says what it passes over."""
    elsewhere = tmp_path / "agreed.toml"
    elsewhere.write_text(BY_HAND)
    graded.grade("--decisions", str(elsewhere))

    run = graded.grade()

    assert graded.student("ben")["excused"] is True
    assert f"does not count: the decisions of this class are those in {elsewhere}" in run.output
    graded.grade("--decisions", str(graded.decisions))
    assert "excused" not in graded.student("ben")


def test_a_due_date_needs_a_zone_and_is_remembered(graded: Class) -> None:
    """Until `none` takes it back."""
    assert "--due takes a time with its zone" in str(graded.grade("--due", "2026-11-27").exception)
    graded.grade("--due", "2026-11-27T23:59+01:00")
    graded.grade()
    late = graded.student("ana")["lateness"]
    graded.decisions.write_text(
        "[[decisions]]\nstudent = 'ben'\ndue = '2026-12-27T12:00+01:00'\nreason = 'Ill'\n"
    )
    run = graded.grade("--due", "none")

    assert "has an extension, and there is no due date: add --due TIME." in run.output
    assert late["due"] == "2026-11-27T23:59:00+01:00"
    assert late["unknown"] is True  # a folder says nothing about when it came
    assert "lateness" not in graded.student("ana")


def test_a_decision_is_written_behind_what_a_hand_wrote(tmp_path: Path) -> None:
    """Comments, order, line ends and the mark of an editor stay, byte for byte."""
    file = tmp_path / "decisions.toml"
    before = b"\xef\xbb\xbf" + BY_HAND.replace("\n", "\r\n").rstrip().encode()
    file.write_bytes(before)
    said = {"student": "ana", "comment": 'A "quote", a \\ and\na line.\x7f'}

    add_decision(file, said, LAB, RECORDS)

    assert file.read_bytes().startswith(before + b"\r\n\r\n[[decisions]]\r\n")
    first, second = (entry for _, entry in read_decisions(file, LAB).entries)
    assert (first.student, second.comment) == ("ben", said["comment"])
    with pytest.raises(UsageError, match=r"decides the same already .comment"):
        add_decision(file, said, LAB, RECORDS)


@pytest.mark.parametrize("written", [0, 1, 2, 3, 5])
def test_killed_at_any_moment_no_decision_is_lost(tmp_path: Path, written: int) -> None:
    """What was written down before is there, whole, whenever `kill -9` comes."""
    file = tmp_path / "decisions.toml"
    file.write_text(BY_HAND)
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        with suppress(BaseException):
            for number in range(1, 11):
                os.write(tell, b".")  # about to write the next one
                about = {"student": "ana", "exercise": f"ex{number:02}", "comment": str(number)}
                add_decision(file, about, LAB, RECORDS)
        os._exit(0)
    for _ in range(written + 1):
        os.read(told, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

    entries = [entry for _, entry in read_decisions(file, LAB).entries]
    assert file.read_text().startswith(BY_HAND)
    assert len(entries) > written
    comments = [each.comment for each in entries[1:]]
    assert comments == [str(number) for number in range(1, len(entries))]


@pytest.mark.parametrize("what", ["one file", "folder", "for an exercise"])
def test_a_hand_in_is_taken_from_another_file(tmp_path: Path, what: str) -> None:
    """Sent by mail, say: in the place of all that was handed in, or of an exercise."""
    mail = tmp_path / "mail"
    mail.mkdir()
    named = "answer.py" if what == "for an exercise" else "ex01_losses.py"
    (mail / named).write_text("x = 1\n")
    path = "mail" if what == "folder" else f"mail/{named}"
    exercise = "exercise = 'ex01'\n" if what == "for an exercise" else ""
    file = tmp_path / "decisions.toml"
    file.write_text(
        f"[[decisions]]\nstudent = 'ben'\nhand_in = '{path}'\n{exercise}reason = 'Sent by mail'\n"
    )
    shared = shared_out(read_decisions(file, LAB), RECORDS)

    ana, ben = with_other_files([Submission(each) for each in RECORDS], shared, tmp_path, LAB)

    (taken,) = ben.hand_in(LAB.exercises[0], LAB).files
    assert taken.content == b"x = 1\n"
    assert not ana.found


@pytest.mark.parametrize(
    ("path", "said"),
    [("gone.py", "can't be read"), ("notes.txt", "holds no file for any exercise")],
)
def test_another_file_that_holds_nothing_stops_the_run(
    tmp_path: Path, path: str, said: str
) -> None:
    """Nobody gets a zero for a path that is spelled wrong."""
    (tmp_path / "notes.txt").write_text("")
    file = tmp_path / "decisions.toml"
    file.write_text(f"[[decisions]]\nstudent = 'ben'\nhand_in = '{path}'\nreason = 'By mail'\n")
    shared = shared_out(read_decisions(file, LAB), RECORDS)

    with pytest.raises(UsageError, match=said):
        with_other_files([Submission(each) for each in RECORDS], shared, tmp_path, LAB)


def test_decisions_can_be_written_before_there_is_a_class(tmp_path: Path) -> None:
    """By a hand: the folder is no other program's for that; `decide` needs to know the names."""
    decided = CliRunner().invoke(
        app, ["decide", "ben", "--excused", "--reason", "x", "--output", str(tmp_path)]
    )

    assert "holds no class: grade first" in str(decided.exception)
    assert not (tmp_path / STORE).exists()
    (tmp_path / "decisions.toml").write_text(BY_HAND)
    with OutputFolder(tmp_path):
        assert (tmp_path / "decisions.toml").read_text() == BY_HAND
