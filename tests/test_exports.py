"""Reading `results.json`, and what every export has in common."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest
from report_samples import sample_run
from results_samples import complaint, entry, exercise, export, outcome, write_results
from the_lab import LAB

from grader.commands import exporting
from grader.errors import UsageError
from grader.exports.formats import Request
from grader.exports.placing import LEDGER
from grader.exports.registry import FORMATS
from grader.exports.results import Standing, read_results
from grader.reports import write_reports
from grader.results.verdicts import SCHEMA, Verdict

if TYPE_CHECKING:
    from pathlib import Path


def test_results_are_read_with_all_that_they_hold(tmp_path: Path) -> None:
    """Students, exercises and tests arrive as they were written, as often as they are asked for."""
    wrong = outcome("wrong", mistake="sum-not-mean", hint="one\ntwo")
    path = write_results(
        tmp_path, entry("ana", exercise(wrong), name="Ana Li", late=True, login="al12"), entry("bo")
    )
    results = read_results(path)

    (ana, bo), again = results.students, list(results.students)
    assert [ana, bo] == again
    assert (results.title, len(results.students)) == ("Week 3", 2)
    assert (ana.name, ana.late, ana.login, bo.login) == ("Ana Li", True, "al12", "")
    assert ana.exercises[0].tests[0].verdict is Verdict.WRONG
    assert ana.exercises[0].tests[0].hint == "one\ntwo"


def test_results_of_the_first_schema_have_no_names(tmp_path: Path) -> None:
    """What they lack is empty."""
    write_results(tmp_path, entry("ana", name="Ana Li"), schema=1)
    results = read_results(tmp_path / "results.json")

    (ana,) = results.students
    assert (results.schema, results.title) == (1, "")
    assert (ana.student, ana.name, ana.page, ana.late, ana.unclaimed) == ("ana", "", None, None, ())


def test_what_the_reports_write_is_read_whole(tmp_path: Path) -> None:
    """Every key of the file has its field, and every page is where its student says."""
    write_reports(sample_run(), tmp_path)
    results = read_results(tmp_path / "results.json")

    written = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    read = [json.loads(msgspec.json.encode(each)) for each in results.students]
    assert [_without(BY_DECISION, each) for each in read] == written["students"]
    assert (results.schema, results.title) == (SCHEMA, written["title"])
    request = Request(results=results, course=LAB, folder=tmp_path)
    assert all(request.page_of(student) for student in results.students)


BY_DECISION = {  # which the file has only where people have decided something
    "excused", "computed_score", "computed_max_score", "usual_max_score", "decisions", "lateness",
}  # fmt: skip


def _without(keys: set[str], entry: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in entry.items() if key not in keys}


BAD = {
    "": "is not JSON, or damaged",
    "student,score\nana,3\n": "is not JSON, or damaged",
    '{"schema": 2, "device": "cpu", "students": [': "is not JSON, or damaged",
    '{"schema": 2, "device": "cpu", "students": [{"score": NaN}]}': "is not JSON, or damaged",
    '{"schema": 2, "device": "cpu", "students": [{"score": 1e999}]}': "not JSON, or damaged|grader",
    '{"tests": [], "score": 3}': "is not a results.json of the grader",
    "[]": "is not a results.json of the grader",
    '{"schema": 0, "device": "cpu", "students": []}': "is not a results.json of the grader",
    '{"schema": 2, "device": "cpu", "students": [{"student": "ana"}]}': "is not a results.json of",
    '{"schema": 3, "people": []}': "newer grader \\(schema 3; this one reads up to 2\\)",
    "[" * 100_000: "is not a results.json of the grader",
    '{"schema": 2, "a": ' + "[" * 100_000: "is not",
    '"\\ud800': "is not JSON, or damaged",
}


@pytest.mark.parametrize("content", BAD, ids=range(len(BAD)))
def test_a_file_that_is_not_ours_is_told_in_one_line(tmp_path: Path, content: str) -> None:
    """Whatever the file holds, the message names it and says what is wrong."""
    path = tmp_path / "results.json"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(UsageError, match=BAD[content]) as caught:
        read_results(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_results_that_are_not_there_are_told(tmp_path: Path) -> None:
    """The message says what to do."""
    with pytest.raises(UsageError, match=r"there is no .*: grade first"):
        read_results(tmp_path / "results.json")


def test_nobody_stands_in_results_twice(tmp_path: Path) -> None:
    """Two marks for one student can't both be right."""
    path = write_results(tmp_path, entry("ana"), entry("ana"))

    with pytest.raises(UsageError, match="holds 'ana' twice"):
        read_results(path)


def test_a_score_is_a_mark_only_where_all_of_the_work_was_judged(tmp_path: Path) -> None:
    """Not where nothing came, nothing was recognised, or the grader failed anywhere in it."""
    missing = exercise(outcome("missing"))
    students = {
        "done": (entry("done", missing, exercise()), Standing.FINAL),
        "no function": (
            entry("no function", exercise(outcome("missing"), source="ex01_losses.py")),
            Standing.FINAL,
        ),
        "nothing": (entry("nothing", missing, missing), Standing.NOTHING),
        "odd": (entry("odd", missing, unclaimed=["loss_final.py"]), Standing.UNRECOGNISED),
        "fault": (
            entry("fault", missing, exercise(outcome(), outcome("grader_fault"))),
            Standing.FAULT,
        ),
    }
    path = write_results(tmp_path, *(student for student, _ in students.values()))

    found = {each.student: each.standing for each in read_results(path).students}
    assert found == {name: standing for name, (_, standing) in students.items()}


def test_who_has_no_mark_is_left_out_and_named(tmp_path: Path) -> None:
    """Nobody's mark in the LMS is overwritten by a zero for work that we have not seen."""
    missing, fault = exercise(outcome("missing")), exercise(outcome("grader_fault"))
    mail = {"email": "a@b.org"}
    path = write_results(
        tmp_path,
        entry("ana", **mail),
        entry("bo", missing, name="Bo\nLi", **mail),
        entry("cy", fault, **mail),
        entry("dee"),
    )
    result = export("mail", "--results", path)

    with (tmp_path / "mail.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[2] for row in rows] == ["student", "ana"]
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1:] == [
        "Not in it: 1 student (none of the exercises was handed in): Bo Li (bo)",
        "Not in it: 1 student (the grader failed on part of the work): cy",
        "Not in it: 1 student (no e-mail address is known): dee",
    ]
    assert f"Wrote 1 student to {tmp_path / 'mail.csv'}. " in result.stdout


def test_an_export_is_replaced_by_the_next_one(tmp_path: Path) -> None:
    """What `export` wrote is its own to replace, wherever it lies."""
    path = write_results(tmp_path, entry("ana", email="a@b.org"))
    target = tmp_path / "elsewhere" / "marks.csv"
    target.parent.mkdir()

    for _ in range(2):
        result = export("mail", "--results", path, "--output", target)

        assert result.exit_code == 0
    assert [each.name for each in target.parent.iterdir()] == ["marks.csv"]


@pytest.mark.parametrize("kind", ["another file", "changed since", "link"])
def test_a_file_that_is_not_ours_stays(tmp_path: Path, kind: str) -> None:
    """It is replaced only with --force; the message says so."""
    path = write_results(tmp_path, entry("ana", email="a@b.org"))
    target = tmp_path / "mail.csv"
    if kind != "another file":
        export("mail", "--results", path)
    if kind == "link":
        target.rename(tmp_path / "mine.csv")
        target.symlink_to(tmp_path / "mine.csv")
    else:
        target.write_text("mine", encoding="utf-8")
    before = target.read_bytes()

    assert "replace it with --force" in complaint("mail", "--results", path)
    assert before == target.read_bytes()
    assert export("mail", "--results", path, "--force").exit_code == 0
    assert before != target.read_bytes() or kind == "link"


def test_neither_results_nor_a_folder_are_replaced(tmp_path: Path) -> None:
    """Not even with --force."""
    path = write_results(tmp_path, entry("ana"))

    for target, words in ((path, "holds the results themselves"), (tmp_path, "is a folder")):
        assert words in complaint("mail", "--results", tmp_path, "--output", target, "--force")
    assert len(read_results(path).students) == 1


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """An export that can't be written says so in one line, and leaves nothing behind."""
    path = write_results(tmp_path, entry("ana"))
    target = tmp_path / "no" / "mail.csv"

    assert "can't be written: No such file" in complaint(
        "mail", "--results", path, "--output", target
    )
    assert [path] == list(tmp_path.iterdir())


def test_a_file_name_may_be_no_text(tmp_path: Path) -> None:
    """Its bytes are as the user gave them, and it is known again."""
    path = write_results(tmp_path, entry("ana"))
    target = tmp_path / os.fsdecode(b"m\xff.csv")

    for _ in range(2):
        assert export("mail", "--results", path, "--output", target).exit_code == 0
    assert target.is_file()


def test_an_export_whose_place_can_not_be_noted_is_written(tmp_path: Path) -> None:
    """As in a folder of reports that can only be read."""
    path = write_results(tmp_path, entry("ana"))
    (tmp_path / LEDGER).mkdir()

    assert export("mail", "--results", path).exit_code == 0
    assert "--force" in complaint("mail", "--results", path)


def test_options_that_a_format_can_not_follow_are_refused(tmp_path: Path) -> None:
    """Each with a line that says what it can't do."""
    path = write_results(tmp_path, entry("ana"))

    assert "there is no format 'excel'; there are" in complaint("excel", "--results", path)
    assert "fills in no file" in complaint("mail", "--results", path, "--into", path)
    assert "takes no --for" in complaint("mail", "--results", path, "--for", "canvas")
    assert "--into" in complaint("mail", "--results", path, "--column", "Lab")


def test_the_help_says_what_every_format_is() -> None:
    """What can be asked for stands where one asks."""
    said = " ".join((exporting.export.__doc__ or "").split())
    formats = [f"{each.name} ({each.summary})" for each in FORMATS.values()]

    assert not [each for each in formats if each not in said]


def test_an_error_is_one_line_on_the_command_line() -> None:
    """Exit code 2, one line, no traceback."""
    command = [sys.executable, "-m", "grader", "export", "mail", "--results", "no.json"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("grader: there is no ")
    assert run.stderr.count("\n") == 1
