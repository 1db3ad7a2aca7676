"""One class as every LMS lets it be downloaded: the same students, and the same work counts."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
from demo import ONE_JOB
from lms import sheets
from lms.brightspace import french
from lms.canvas import canvas
from lms.downloads import DOWNLOADS
from lms.packing import Form, write
from lms.people import CLASS
from lms.taking_back.canvas import import_gradebook
from lms.work import EX01, EX03
from results_samples import export
from the_lab import LAB, find_class
from typer.testing import CliRunner

from grader.cli import app
from grader.submissions.given import is_stub

if TYPE_CHECKING:
    from pathlib import Path

    from lms.packing import Download

    from grader.submissions import ClassWork, Submission

IN_EVERY_FORM = ("canvas", "sakai", "github", "drive", "names", "decomposed", "macos")
FORMS = [
    (download, form)
    for name, download in DOWNLOADS.items()
    for form in (download.forms if name in IN_EVERY_FORM else (Form.ZIP,))
]
POINTS = {EX01: 10.0, EX03: 15.0}


@pytest.fixture(
    scope="module", params=FORMS, ids=[f"{each.name}-{form.value}" for each, form in FORMS]
)
def read(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Download, ClassWork]:
    """Return a download, and what the grader makes of it."""
    download, form = request.param
    return download, find_class(write(download, form, tmp_path_factory.mktemp("lms")))


def test_a_download_gives_the_class(read: tuple[Download, ClassWork]) -> None:
    """Each student once, and what the download tells of each."""
    download, found = read
    records = {each.student: each.record for each in found.submissions}

    assert not found.doubt
    assert {each.id for each in download.expected} == set(records)
    for expected in download.expected:
        record = records[expected.id]
        for known in ("name", "email", "login", "group", "attempt"):
            assert getattr(expected, known) in {"", 0, getattr(record, known)}
        assert expected.late is None or record.late is expected.late
        if expected.submitted_at:
            told = datetime.fromisoformat(record.submitted_at).replace(tzinfo=None)
            assert told.replace(second=0) == expected.submitted_at.replace(tzinfo=None)


def test_the_same_work_counts_in_every_download(read: tuple[Download, ClassWork]) -> None:
    """So that everybody has the same score, wherever the class came from."""
    download, found = read
    graded = {each.student: worked_on(each) for each in found.submissions}

    assert graded == {
        each.id: {exercise: [content] for exercise, content in each.graded.items()}
        for each in download.expected
    }


def test_what_does_not_count_is_listed(read: tuple[Download, ClassWork]) -> None:
    """Files of no exercise, and whoever only wrote a text: nobody handed in nothing."""
    download, found = read
    records = {each.student: each.record for each in found.submissions}

    for expected in download.expected:
        record = records[expected.id]
        listed = {PurePosixPath(path).name for path in record.unclaimed}
        assert set(expected.unclaimed) <= listed
        assert not listed & {file.name for file in expected.person.files} - set(expected.unclaimed)
        assert not expected.text or record.unclaimed or record.notes


@pytest.mark.parametrize("name", ["canvas", "sakai-flat", "gradescope", "name-dash-file"])
def test_a_download_beside_its_zip_is_no_class_of_two(name: str, tmp_path: Path) -> None:
    """Nor are those of two weeks: it is asked which one is meant."""
    for form in (Form.FOLDER, Form.ZIP):
        path = write(DOWNLOADS[name], form, tmp_path)
        path.rename(tmp_path / f"{form.value}{path.suffix}")

    assert re.search(r"pass one of (them|these)", find_class(tmp_path).doubt)


def test_an_attempt_whose_time_cannot_be_read_is_not_called_the_newest(tmp_path: Path) -> None:
    """Folders of a French site: the student's page says that the order is not known."""
    found = find_class(write(french(), Form.ZIP, tmp_path))
    notes = {each.record.name: each.record.notes for each in found.submissions}

    assert "which of 2 attempts is the newest" in " ".join(notes["Priya Patel"])
    assert not notes["Kim Park"]


def worked_on(submission: Submission) -> dict[str, list[bytes]]:
    """Return the files that were taken for each exercise, without what was given out."""
    taken = {exercise: submission.read(exercise, LAB).files for exercise in POINTS}
    work = {
        exercise: [file.content for file in files if not is_stub(file.content, file.kind, LAB)]
        for exercise, files in taken.items()
    }
    return {exercise: files for exercise, files in work.items() if files}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade the class as Canvas gives it, once; in all other downloads the same work counts."""
    folder = tmp_path_factory.mktemp("graded")
    download = write(canvas(), Form.ZIP, folder)
    output = folder / "reports"
    named = ("--exercise", "ex01", "--exercise", "ex03")
    where = ("grade", str(download), "--output", str(output), "--device", "cpu")
    run = CliRunner().invoke(app, [*where, *named, *ONE_JOB])
    assert run.exit_code == 0, run.output
    return output


def scores(reports: Path) -> dict[int, dict[str, float]]:
    """Return the points for each exercise that was handed in, by the student's number."""
    students: list[dict[str, Any]] = json.loads((reports / "results.json").read_bytes())["students"]
    return {
        int(each["student"]): {
            exercise["exercise"]: exercise["score"]
            for exercise in each["exercises"]
            if exercise["verdict"] != "missing"
        }
        for each in students
    }


def test_right_work_has_all_points_whatever_its_name_is(reports: Path) -> None:
    """And wrong work fewer; only a file of the newest attempt is graded."""
    for student in CLASS:
        given = scores(reports).get(student.number, {})
        assert set(given) == set(student.graded)
        for exercise, score in given.items():
            is_right = (student.login, exercise) not in {("jsmith2", EX03), ("meiling", EX01)}
            assert is_right == (score == POINTS[exercise])


def test_notes_stand_with_whom_they_are_about(reports: Path) -> None:
    """On what was assumed, and which of several files was graded; nobody else has any."""
    results = json.loads((reports / "results.json").read_bytes())
    notes = {int(each["student"]): " ".join(each["notes"]) for each in results["students"]}
    said = {
        "jrewing": "drafts.7z is an archive of a kind that is not read",
        "patel": "ex03_log_softmax-1.py was graded",
        "lucia": "ex03_log_softmax.py is as it was given out",
        "kpark": "ex01.py was taken for ex01_losses",
        "ivanova": "ex03_log_softmax_final.py was taken for ex03_log_softmax",
    }

    for student in CLASS:
        about = notes.get(student.number, "")
        assert said.get(student.login, "") in about
        assert bool(about) == (student.login in said)


def test_a_dry_run_shows_the_files_that_are_graded(reports: Path) -> None:
    """And those alone: of a notebook and an untouched stub the notebook."""
    (download,) = reports.parent.glob("*.zip")
    run = CliRunner().invoke(app, ["grade", str(download), "--dry-run"])
    students = json.loads((reports / "results.json").read_bytes())["students"]
    lines = [re.split(r"  +", line) for line in run.stdout.splitlines()]

    for student in students:
        (line,) = (line for line in lines if line[0].endswith(f"({student['student']})"))
        graded = [each["source"] for each in student["exercises"] if each["source"]]
        assert line[2].replace(" *", "") == (", ".join(graded) or "-")


def test_canvas_takes_the_marks_of_the_class_that_it_gave(reports: Path) -> None:
    """Whoever handed in no work keeps the mark that Canvas has."""
    given = reports.parent / "gradebook.csv"
    given.write_bytes(sheets.canvas())
    run = export("canvas", "--results", reports, "--into", given)
    assert run.exit_code == 0, run.exception
    book = import_gradebook(given.with_name("gradebook-filled.csv").read_bytes())

    marks = {number: mark for number, mark in book.scores[sheets.TITLE].items() if mark is not None}
    assert marks == {number: sum(each.values()) for number, each in scores(reports).items() if each}
