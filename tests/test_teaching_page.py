"""What TEACHING.md tells instructors to type is run; the mistakes and lessons told are the lab's.

The results of the class lie in the store before, so no worker and no sandbox is started.
"""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from doc_pages import ROOT, commands_in
from lms import rosters, sheets
from lms.downloads import DOWNLOADS
from lms.packing import Form, write
from lms.sheets import TITLE
from the_lab import EXERCISES, LAB, exercise_named, find_submissions
from typer.main import get_command
from typer.testing import CliRunner

from grader.cli import app
from grader.courses import works_of
from grader.files.output_folder import STORE
from grader.results.verdicts import ExerciseResult, Verdict
from grader.runs.store import Store, result_key, suite_digest
from grader.sandbox.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click import Group

PAGE = (ROOT / "TEACHING.md").read_text("utf-8")
COMMANDS = commands_in("TEACHING.md")
SECTION = re.compile(r"^### (\w+): .*?\n(.*?)(?=^##)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `([\w-]+)` \|", re.MULTILINE)
INLINE = re.compile(r"`grader ([^`]+)`")
LESSON = re.compile(r"^\| [^|]+ \| (?:ex\d\d|notebook)[^|]* \| (ex\d\d: [^|]*) \|$", re.MULTILINE)
PLACE = re.compile(r"(ex\d\d): ([^;]*)")
UNIT = re.compile(r"^\| one [^|]*\| ([^|]*) \| (\d+) \|", re.MULTILINE)
HANDED_IN = ("ex01_losses", "ex03_log_softmax")  # by the class of twenty


def graded_before(work: Path, output: Path) -> None:
    """Keep a result for every student and exercise, as if the class had been graded."""
    output.mkdir()
    submissions = find_submissions(work)
    with Store(output / STORE) as store:
        for exercise in EXERCISES:
            suite, verdict, score = suite_digest(exercise), Verdict.MISSING, 0.0
            if exercise.name in HANDED_IN:
                verdict, score = Verdict.PASSED, 8.0
            result = ExerciseResult(
                exercise=exercise.name,
                verdict=verdict,
                score=score,
                max_score=exercise.counts.points,
                source=None,
                seconds=0.1,
                tests=(),
            )
            works = [submission.read(exercise.name, LAB) for submission in submissions]
            about = (suite, "cpu", "bubblewrap", Limits())
            store.put({result_key(exercise, work, *about): result for work in works})


def commands_for(lms: str) -> Iterator[list[str]]:
    """Give the commands of an instructor with this LMS, in their order."""
    others = {"moodle", "canvas"} - {lms}
    for line in COMMANDS:
        words = shlex.split(line)[1:]
        if not others & set(words):
            yield words


@pytest.mark.parametrize(
    ("lms", "sheet", "roster"),
    [
        (
            "moodle",
            ("worksheet.csv", sheets.moodle().replace(b"25.00", b"60.00")),
            rosters.moodle(),
        ),
        ("canvas", ("gradebook.csv", sheets.canvas()), sheets.canvas()),
    ],
    ids=["moodle", "canvas"],
)
def test_the_commands_lead_from_the_release_to_the_marks(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lms: str,
    sheet: tuple[str, bytes],
    roster: bytes,
) -> None:
    """Each ends well; marks and pages are written for those whose work was seen."""
    monkeypatch.chdir(tmp_path)
    for hand_in, output in (("hw1.zip", "week1"), ("hw2.zip", "week2")):
        write(DOWNLOADS[lms], Form.ZIP, tmp_path).replace(hand_in)
        graded_before(Path(hand_in), Path(output))
    Path("list.csv").write_bytes(roster)
    Path(sheet[0]).write_bytes(sheet[1].replace(TITLE.encode(), b"Homework 1"))

    for words in commands_for(lms):
        if words[0] != "doctor":  # test_doctor.py runs it
            done = CliRunner().invoke(app, words)
            assert done.exit_code == 0, (words, done.output, done.exception)

    record = json.loads(Path("week1/results.json").read_text("utf-8"))
    assert record["title"] == "Homework 1"
    assert max(each["score"] for each in record["students"]) == 16
    assert Path(sheet[0].replace(".", "-filled.")).is_file()
    assert {"feedback.zip", "mail.csv", "anonymous.html"} <= {
        p.name for p in Path("week1").iterdir()
    }
    assert Path("lab.zip").is_file()


def test_commands_in_a_sentence_are_known() -> None:
    """Every word of them is one that the program takes."""
    group: Group = get_command(app)  # type: ignore[assignment] # it has commands
    for line in INLINE.findall(PAGE):
        name, *arguments = shlex.split(line)
        group.commands[name].make_context(name, arguments, resilient_parsing=True)


def test_every_exercise_has_three_mistakes_of_its_own() -> None:
    """Each is one that the exercise's own tests can name."""
    told = {name: ROW.findall(text) for name, text in SECTION.findall(f"{PAGE}\n## ")}

    assert list(told) == [each.name for each in EXERCISES]
    for exercise in EXERCISES:
        slugs = told[exercise.name]
        known = {work.mistake for work in works_of(LAB, exercise)}
        assert len(set(slugs)) == 3
        assert set(slugs) <= known, exercise.name


def test_each_lesson_is_tested_where_the_readme_says() -> None:
    """What stands in its table's last column are functions of those exercises."""
    rows = LESSON.findall((ROOT / "README.md").read_text("utf-8"))
    told = {place for row in rows for place in PLACE.findall(row)}

    assert len(rows) >= 13
    assert {exercise for exercise, _ in told} == {f"ex{number:02}" for number in range(1, 11)}
    for exercise, names in told:
        source = (LAB.solutions / f"{exercise_named(exercise).name}.py").read_text("utf-8")
        assert all(f"\ndef {name}(" in source for name in re.findall(r"`(\w+)`", names)), exercise


def test_points_of_a_shorter_unit_are_the_labs() -> None:
    """What a row says is the sum over its exercises."""
    rows = UNIT.findall(PAGE)
    assert len(rows) == 4
    for names, points in rows:
        exercises = LAB.exercises_named([names.replace("the notebook", "lab").replace(" ", "")])
        assert sum(each.counts.points for each in exercises) == float(points), names
