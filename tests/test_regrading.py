"""What a run may do to the class that its output folder holds, through the real command line.

Everything is in the store before, so no worker and no sandbox is started.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from read_page import page_of
from the_lab import LAB, exercise_named, find_submissions
from typer.testing import CliRunner

from grader.cli import app
from grader.errors import GraderError, UsageError
from grader.files.output_folder import STORE
from grader.results.page_names import former_page_name
from grader.results.students import StudentRecord
from grader.results.verdicts import ExerciseResult, Verdict
from grader.runs.graded_students import Place
from grader.runs.kept_class import Circumstances, KeptClass
from grader.runs.regrading import _named, _with_a_page
from grader.runs.store import Store, result_key, suite_digest
from grader.sandbox.limits import Limits
from grader.submissions import Submission

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.courses import Exercise

EXERCISE = exercise_named("ex04")
FILE = f"{EXERCISE.name}.py"
CLASS = ("ana", "ben", "cy")


def hand_in(folder: Path, *students: str) -> Path:
    """Write what students handed in."""
    for student in students:
        (folder / student).mkdir(parents=True, exist_ok=True)
        (folder / student / FILE).write_text(f"name = {student!r}\n", encoding="utf-8")
    return folder


def store_results(work: Path, output: Path, score: float, exercise: Exercise = EXERCISE) -> None:
    """Keep a result for each submission, as if it had been graded."""
    keep_results(find_submissions(work), output, score, Verdict.PASSED, exercise)


def keep_results(
    submissions: Sequence[Submission],
    output: Path,
    score: float,
    verdict: Verdict,
    exercise: Exercise = EXERCISE,
    source: str | None = FILE,
) -> None:
    """Keep a result for each of some submissions."""
    result = ExerciseResult(
        exercise=exercise.name,
        verdict=verdict,
        score=score,
        max_score=10.0,
        source=source,
        seconds=0.1,
        tests=(),
    )
    works = [submission.read(exercise.name, LAB) for submission in submissions]
    about = (suite_digest(exercise), "cpu", "bubblewrap", Limits())
    output.mkdir(exist_ok=True)
    with Store(output / STORE) as store:
        store.put({result_key(exercise, work, *about): result for work in works})


def grade(work: Path, output: Path, *options: str) -> str:
    """Run `grade`; return what it printed, or the one line that it complained with."""
    arguments = ["grade", str(work), "--output", str(output), "--device", "cpu", *options]
    done = CliRunner().invoke(app, arguments)
    if isinstance(done.exception, GraderError):
        return f"error: {done.exception}"
    assert done.exit_code == 0, done.output
    return done.output


def scores(output: Path) -> dict[str, float]:
    """Return the score of everybody in the reports."""
    record = json.loads((output / "results.json").read_text("utf-8"))
    return {student["student"]: student["score"] for student in record["students"]}


def state(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but for the database and the lock."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in files if not path.name.startswith(".grader")}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade a class of three; return the folder that holds the class and its reports."""
    folder = tmp_path_factory.mktemp("graded")
    work = hand_in(folder / "work", *CLASS)
    store_results(work, folder / "reports", 4)
    grade(work, folder / "reports", "--exercise", "4")
    return folder


@pytest.fixture
def folder(graded: Path, tmp_path: Path) -> Path:
    """Return a copy of that folder."""
    return Path(shutil.copytree(graded, tmp_path / "copy"))


def test_one_students_folder_does_not_replace_the_class(folder: Path) -> None:
    """One line says who would be lost and how to go on, and nothing is written."""
    before = state(folder)
    said = grade(folder / "work" / "ben", folder / "reports")

    assert "2 students who would be removed" in said
    assert "ana, cy. To regrade only some of that class, add --student ben; for another" in said
    assert state(folder) == before


def test_a_student_is_named_by_id_or_by_the_exact_name() -> None:
    """An id comes first; a name that several have is refused with their ids."""
    people = [("4", "Jane Smith"), ("5", "Jane Smith"), ("6", "4"), ("7", "Ana")]
    found = [Submission(StudentRecord(id=student, name=name)) for student, name in people]

    assert [_named(name, found) for name in ("4", "5", "Ana")] == ["4", "5", "7"]
    with pytest.raises(UsageError, match="2 students are called 'Jane Smith': add --student 4 or"):
        _named("Jane Smith", found)
    with pytest.raises(UsageError, match=r"did you mean Ana \(7\)\?"):
        _named("Anna", found)
    with pytest.raises(UsageError, match=r"there are Jane Smith \(4\), Jane Smith \(5\), 4 \(6\)"):
        _named("xyz", found)


@pytest.mark.parametrize("path", ["work", "work/ben"])
def test_one_student_is_regraded_within_the_class(folder: Path, path: str) -> None:
    """From the class's folder or from the student's own; the others keep what they have."""
    (folder / "work" / "ben" / FILE).write_text("better = True\n")
    (folder / "work" / "ana" / FILE).write_text("changed, and not to be graded now\n")
    store_results(folder / "work" / "ben", folder / "reports", 9)
    printed = grade(folder / path, folder / "reports", "--student", "ben")

    assert printed.startswith("ben ")
    assert scores(folder / "reports") == {"ana": 4, "ben": 9, "cy": 4}
    assert len(list((folder / "reports" / "students").iterdir())) == 3


def test_who_handed_in_the_same_has_the_same_result(folder: Path) -> None:
    """Also where one of them alone is graded again."""
    work, output = folder / "work", folder / "reports"
    for student in ("ana", "ben"):
        (work / student / FILE).write_text("shared = True\n")
    store_results(work, output, 5)
    grade(work, output, "--exercise", "4")
    store_results(work / "ben", output, 9)
    grade(work, output, "--student", "ben")

    assert scores(output) == {"ana": 9, "ben": 9, "cy": 5}


def test_fewer_exercises_than_before_are_named_with_the_way_back(folder: Path) -> None:
    """One line, in the run that leaves them out alone."""
    work, output = folder / "work", folder / "reports"
    other = exercise_named("ex06")
    store_results(work, output, 3, other)
    both = ("--exercise", "4,6")
    assert "now hold" not in grade(work, output, *both)

    said = grade(work, output, "--exercise", "4").splitlines()[-1]
    assert said == (
        f"The reports now hold {EXERCISE.name} alone; before, they held 2 exercises. To get those "
        f"back, run this command with --exercise {EXERCISE.name},{other.name}: their results are "
        "kept."
    )
    assert "now hold" not in grade(work, output, "--exercise", "4")
    assert "now hold" not in grade(work, output, *both)
    assert scores(output) == {"ana": 7, "ben": 7, "cy": 7}


def test_the_title_is_what_was_passed_unless_another_is_named(folder: Path) -> None:
    """A student who is regraded alone does not rename the hand-in of the others."""
    results = folder / "reports" / "results.json"
    assert json.loads(results.read_text("utf-8"))["title"] == "work"

    grade(folder / "work", folder / "reports", "--exercise", "4", "--title", "Homework 3")
    grade(folder / "work" / "ben", folder / "reports", "--student", "ben")
    assert json.loads(results.read_text("utf-8"))["title"] == "Homework 3"


def test_a_run_in_which_nothing_changed_changes_no_file(folder: Path) -> None:
    """What a result's time is was kept with the result."""
    before = state(folder)
    grade(folder / "work", folder / "reports", "--exercise", "4")

    assert state(folder) == before


def test_the_next_run_knows_the_class_after_some_were_regraded(folder: Path) -> None:
    """The whole class is there again when all are graded."""
    grade(folder / "work", folder / "reports", "--student", "ben", "--student", "cy")

    assert "would be removed" in grade(folder / "work" / "ben", folder / "reports")
    assert "3 submissions" in grade(folder / "work", folder / "reports", "--exercise", "ex04")


def test_a_student_who_came_late_is_added(folder: Path) -> None:
    """Whoever is in PATH may be named; the class grows."""
    late = hand_in(folder / "late", "dan")
    store_results(late, folder / "reports", 7)
    grade(late, folder / "reports", "--student", "dan")

    assert scores(folder / "reports") == {"ana": 4, "ben": 4, "cy": 4, "dan": 7}


def test_a_student_whose_page_was_deleted_is_let_go(folder: Path) -> None:
    """That is how a student is removed; it is named in the line that stops other ways."""
    shutil.rmtree(folder / "work" / "cy")
    assert "delete their pages" in grade(folder / "work", folder / "reports", "--exercise", "ex04")

    (folder / "reports" / "students" / "cy.html").unlink()
    said = grade(folder / "work", folder / "reports", "--exercise", "ex04")
    assert "No longer in the class, as they had no page and no work here: cy." in said
    assert list(scores(folder / "reports")) == ["ana", "ben"]


def test_who_moves_all_pages_away_removes_nobody(folder: Path) -> None:
    """They are mailed, or put on a web server; the class is what it was."""
    (folder / "reports" / "students").rename(folder / "on the web")
    before = state(folder)
    said = grade(folder / "work" / "ben", folder / "reports")

    assert "2 students who would be removed" in said
    assert state(folder) == before


def test_who_was_never_graded_is_not_missed(folder: Path, tmp_path: Path) -> None:
    """A run of the wrong folder that was stopped at once is no reason to refuse the right one."""
    output = tmp_path / "stopped"
    output.mkdir()
    with Store(output / STORE) as store:
        known = {"eve": Place(record=StudentRecord(id="eve"))}
        KeptClass(store.database).keep(Circumstances((EXERCISE.name,), "cpu", "bubblewrap"), known)
    store_results(folder / "work", output, 4)

    assert "No longer in the class" in grade(folder / "work", output, "--exercise", "4")
    assert list(scores(output)) == ["ana", "ben", "cy"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--student", "bne"), "there is no student 'bne' here; did you mean ben?"),
        (("--student", "xxxx"), "there is no student 'xxxx' here; there are ana, ben, cy"),
        (("--student", "ben", "--exercise", "6"), "was graded with --exercise ex04_autograd"),
        (("--student", "ben", "--sandbox", "none"), "was graded with --sandbox bubblewrap"),
    ],
)
def test_what_does_not_fit_the_class_is_refused(
    folder: Path, options: tuple[str, ...], words: str
) -> None:
    """The class has one set of exercises, one device and one sandbox."""
    before = state(folder)

    assert words in grade(folder / "work", folder / "reports", *options)
    assert state(folder) == before


def test_a_page_by_the_name_of_an_earlier_version_is_a_page(tmp_path: Path) -> None:
    """Its student is not let go; whose page is under neither name was removed by somebody."""
    (tmp_path / "students").mkdir()
    for name in (former_page_name("Cy B"), "jane-smith-4.html"):
        (tmp_path / "students" / name).touch()
    people = (("Cy B", ""), ("4", "Jane Smith"), ("5", "Ana"))
    records = [StudentRecord(id=student, name=name) for student, name in people]

    assert _with_a_page(records, tmp_path) == {"Cy B", "4"}


def test_a_class_of_an_earlier_version_is_graded_whole_first(folder: Path) -> None:
    """Its rows hold other things; nothing is said to be damaged."""
    with Store(folder / "reports" / STORE) as store:
        store.database.put("students", {"ana": b'["ana",["key"],[],null]'})
    said = grade(folder / "work", folder / "reports", "--student", "ben")

    assert "an earlier version kept the work of ana; grade the whole class once" in said
    assert "3 submissions" in grade(folder / "work", folder / "reports", "--exercise", "4")


def test_what_the_first_version_wrote_is_a_class_too(folder: Path) -> None:
    """Its store knew no students; they stand in its results."""
    (folder / "reports" / STORE).unlink()
    (folder / "reports" / STORE).write_bytes(first_store(folder))

    assert "2 students who would be removed" in grade(folder / "work" / "ben", folder / "reports")
    said = grade(folder / "work", folder / "reports", "--student", "ben")
    assert "grade the whole class once" in said


def first_store(folder: Path) -> bytes:
    """Return a database as the first version made it."""
    path = folder / "first"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE results_1 (key TEXT PRIMARY KEY, result BLOB NOT NULL)")
        database.commit()
    return path.read_bytes()


def test_reports_inside_of_the_class_are_no_student(folder: Path) -> None:
    """Again and again, and from a zip; what was left out is said."""
    work = folder / "work"
    shutil.move(folder / "reports", work / "reports")
    printed = grade(work, work / "reports", "--exercise", "ex04")
    assert "3 submissions: nothing new to grade." in printed
    assert "left out" not in printed

    other = folder / "other"
    store_results(work, other, 5)
    printed = grade(work, other, "--exercise", "ex04")
    assert "reports was left out: it holds reports of the grader." in printed
    assert "reports was left out" in (other / "index.html").read_text("utf-8")

    with zipfile.ZipFile(folder / "class.zip", "w") as archive:
        for path in work.rglob("*"):
            archive.write(path, path.relative_to(folder))
    printed = grade(folder / "class.zip", other, "--exercise", "ex04")
    assert "3 submissions: nothing new to grade." in printed
    assert "reports was left out" in printed


def test_an_output_folder_that_is_empty_yet_is_no_student(tmp_path: Path) -> None:
    """Made before the first run, inside of the class."""
    work = hand_in(tmp_path, *CLASS)
    store_results(work, tmp_path.parent / "known", 5)
    (work / "reports").mkdir()
    (tmp_path.parent / "known" / STORE).rename(work / "reports" / STORE)

    assert "3 submissions: nothing new to grade." in grade(
        work, work / "reports", "--exercise", "ex04"
    )
    assert list(scores(work / "reports")) == list(CLASS)


def test_the_class_folder_is_no_output_folder_and_reports_are_no_class(folder: Path) -> None:
    """Whichever way they are mixed up, nothing is written."""
    before = state(folder)

    assert "not the grader's" in grade(folder / "work", folder / "work", "--exercise", "ex04")
    said = grade(folder / "reports", folder / "reports")
    assert "holds reports of the grader: pass a folder with hand-ins alone" in said
    assert state(folder) == before


def test_a_hidden_student_folder_is_named(folder: Path) -> None:
    """Folders that programs make are left out without a word."""
    for name in (".dan", ".git", ".ipynb_checkpoints", ".DS_Store", "__MACOSX"):
        hand_in(folder / "work", name)
    printed = grade(folder / "work", folder / "reports", "--exercise", "ex04")

    assert ".dan was not read, since its name begins with a dot" in printed
    assert ".dan was not read" in (folder / "reports" / "index.html").read_text("utf-8")
    assert printed.count("begins with a dot") == 1


def test_a_folder_around_the_class_is_not_one_student(tmp_path: Path) -> None:
    """The line says which folder to pass, and what to do if it is one student."""
    hand_in(tmp_path / "class" / "HW3", "ana", "ben")
    said = grade(tmp_path / "class", tmp_path / "reports")

    assert "a class, some folders down: HW3/ with 2 folders that hold the same exercise" in said
    assert "pass that folder itself, or add --student 'HW3' if it is one student" in said
    assert not (tmp_path / "reports" / "index.html").exists()


def test_the_whole_lab_handed_in_is_one_student(tmp_path: Path) -> None:
    """Its checks are named like exercises, and are nobody's work."""
    hand_in(tmp_path / "class" / "ana", "exercises")
    checks = tmp_path / "class" / "ana" / "grader" / "lab" / "checks"
    checks.mkdir(parents=True)
    shutil.copy(EXERCISE.public_checks, checks)
    store_results(tmp_path / "class", tmp_path / "reports", 6)
    grade(tmp_path / "class", tmp_path / "reports", "--exercise", "ex04")

    assert scores(tmp_path / "reports") == {"ana": 6}


def test_the_rest_of_the_class_is_not_lost_where_it_is_damaged(folder: Path) -> None:
    """One line says how to go on; nothing is written."""
    with closing(sqlite3.connect(folder / "reports" / STORE)) as database:
        database.execute("UPDATE results_2 SET checksum = checksum + 1")
        database.commit()
    before = state(folder)
    said = grade(folder / "work", folder / "reports", "--student", "ben")

    assert "what was kept of ana is damaged; grade the whole class once, without" in said
    assert state(folder) == before


def test_who_was_on_the_roster_alone_is_not_missed(tmp_path: Path) -> None:
    """Without a list there is nobody to keep: nothing was handed in."""
    hand_in(tmp_path / "work", "ana", "ben")
    (tmp_path / "list.csv").write_text("id,name\nana,Ana\nben,Ben\ncy,Cy Twombly\n")
    store_results(tmp_path / "work", tmp_path / "reports", 5)
    keep_results([Submission(StudentRecord(id="cy"))], tmp_path / "reports", 0, Verdict.MISSING)
    only = ("--exercise", "ex04")
    said = grade(
        tmp_path / "work", tmp_path / "reports", *only, "--roster", f"{tmp_path / 'list.csv'}"
    )
    assert "1 of 3 on the roster with nothing in this hand-in: Cy Twombly (cy)." in said
    assert scores(tmp_path / "reports") == {"ana": 5, "ben": 5, "cy": 0}

    grade(tmp_path / "work", tmp_path / "reports", *only, "--roster", "none")
    assert scores(tmp_path / "reports") == {"ana": 5, "ben": 5}


def test_who_loses_points_as_a_file_is_gone_is_told_so(tmp_path: Path) -> None:
    """Ben is still on the roster; his points go once somebody has said that this is meant."""
    work, output = hand_in(tmp_path / "work", "ana", "ben"), tmp_path / "reports"
    (tmp_path / "list.csv").write_text("id,name\nana,Ana\nben,Ben\n")
    store_results(work, output, 5)
    keep_results([Submission(StudentRecord(id="ben"))], output, 0, Verdict.MISSING, source=None)
    options = ("--exercise", "ex04", "--roster", f"{tmp_path / 'list.csv'}")
    grade(work, output, *options)
    shutil.rmtree(work / "ben")
    refused = grade(work, output, *options)
    assert "1 student who would have 0 points" in refused
    assert scores(output) == {"ana": 5, "ben": 5}

    page_of(output, "ben").unlink()
    said = grade(work, output, *options)
    assert "new hand-in" not in said
    assert "1 of 2 students lost points, none gained.\nDifferent: 1 file no longer there." in said
    assert "Ben (ben): ex04_autograd 5 → 0 of 10 (−5); file no longer there" in said
    assert "1 student handed in a file that is no longer there: Ben (ben)." in said
    assert "An exercise without a file has 0 points." in said
    assert scores(output) == {"ana": 5, "ben": 0}
