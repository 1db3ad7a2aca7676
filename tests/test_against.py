"""A class by its course's suites before and after a change: who would lose, who would gain."""

from __future__ import annotations

import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import assert_good_page
from proving_course import course_in
from report_samples import HOSTILE_TEXT, exercise_result, outcome
from typer.testing import CliRunner

from grader.cli import app
from grader.courses import carried_course
from grader.errors import GraderError
from grader.files.output_folder import STORE, OutputFolder
from grader.proving.against.comparing import Wanted, compare_class, found_again
from grader.proving.against.comparison import Comparison
from grader.proving.against.earlier import copied_store
from grader.proving.against.page import comparison_page
from grader.proving.against.telling import told
from grader.results.changes import Side
from grader.results.students import ROSTER, StudentRecord
from grader.results.verdicts import Verdict
from grader.runs.engine import Progress
from grader.runs.store import Store, result_key, suite_digest
from grader.sandbox.limits import Limits
from grader.submissions import ClassWork, Submission, find_class

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

    from grader.results.verdicts import TestResult

STEP, PLACE = "test_the_step_goes_down", "test_the_old_place_stays"
PASSED, WRONG, FAULT = Verdict.PASSED, Verdict.WRONG, Verdict.GRADER_FAULT
Tests = dict[str, tuple[Verdict, str | None]]


def hidden(**verdicts: Verdict) -> list[TestResult]:
    """Return hidden tests of two points each."""
    return [outcome(verdict, name=f"test_{name}") for name, verdict in verdicts.items()]


def named(name: str, mistake: str | None) -> TestResult:
    """Return a test that failed, with the mistake that it names."""
    return outcome(WRONG, name=name, mistake=mistake)


def added(
    comparison: Comparison,
    student: str,
    before: list[TestResult],
    after: list[TestResult],
    *,
    work: str = "same",
    key: str = "new",
) -> None:
    """Add what a student had and would have in hw1."""
    sides = (
        Side(exercise_result(*tests, exercise="hw1"), *about)
        for tests, about in ((before, ("old", "same")), (after, (key, work)))
    )
    comparison.add(StudentRecord(id=student, name=student.title()), "hw1", *sides)


@pytest.fixture
def comparison() -> Comparison:
    """Return one in which everything occurs."""
    both = Comparison(
        lacking=("hw2",),
        gone=[StudentRecord(id="zoe")],
        strangers=[StudentRecord(id="new")],
        notes=["A note."],
    )
    all_right = hidden(a=PASSED, b=PASSED, c=WRONG)
    added(both, "ana", all_right, hidden(a=PASSED, b=PASSED, c=WRONG))
    added(both, "ben", all_right, hidden(a=PASSED, b=WRONG, c=WRONG))
    added(both, "cy", all_right, hidden(a=WRONG, b=WRONG, c=WRONG))
    added(both, "dee", hidden(a=WRONG, b=PASSED, c=WRONG), all_right)
    added(both, "eve", all_right, hidden(a=WRONG, b=WRONG, c=WRONG), work="other")
    added(both, "fay", all_right, hidden(a=PASSED, b=FAULT, c=WRONG))
    added(both, "gus", hidden(a=FAULT), all_right)
    for student in ("hal", "ida"):
        tests = hidden(a=PASSED, b=PASSED)
        added(both, student, [*tests, named("test_c", "one")], [*tests, named("test_c", None)])
    return both


def test_who_loses_most_comes_first(comparison: Comparison) -> None:
    """With the tests that cost the points; who handed in anew lost nothing by a test."""
    assert [(e.student.id, e.gain) for e in comparison.losing] == [("cy", -4), ("ben", -2)]
    assert [(e.student.id, e.gain) for e in comparison.gaining] == [("dee", 2)]
    assert [each.student.id for each in comparison.handed_in_anew] == ["eve"]
    assert list(comparison.failed_before) == ["gus"]
    assert comparison.faulty == {"fay"}
    assert comparison.students == {"ana", "ben", "cy", "dee", "eve", "hal", "ida"}


def test_other_names_are_counted_by_what_they_were_and_are(comparison: Comparison) -> None:
    """Each with its students."""
    (naming,) = comparison.namings

    assert (naming.test, naming.before, naming.after) == ("test_c", "one", "")
    assert [each.id for each in naming.students] == ["hal", "ida"]


def test_a_test_that_none_passes_is_told_with_how_it_was(comparison: Comparison) -> None:
    """Of those whose work could be judged; one that some pass is not told."""
    (passing,) = comparison.telling_nobody_apart

    assert (passing.test, passing.tried, passing.passed) == ("test_c", 9, 0)
    assert (passing.tried_before, passing.was_so_before) == (8, True)


def test_the_terminal_has_the_worst_news_first(comparison: Comparison) -> None:
    """Who loses, by how much and by which test; then all else."""
    text = "\n".join(told(comparison))
    news = [
        "hw1: 2 of 7 students would lose points, 1 would gain. The grader failed on the work of 1",
        "The grader failed, so these are not compared:",
        "Would lose:\n  Cy (cy): hw1 4 → 0 of 6 (−4)\n      test_a: passed → wrong, −2",
        "  Ben (ben): hw1 4 → 2 of 6 (−2)\n      test_b: passed → wrong, −2\n\nWould gain:",
        "  Dee (dee): hw1 2 → 4 of 6 (+2)\n      test_a: wrong → passed, +2\n\nAnother name",
        "  one → no name in hw1, test_c: Hal (hal), Ida (ida)\n",
        "  hw1, test_c: none of 9 passes (before: 0 of 8)\n",
        "  Eve (eve): hw1 4 → 0 of 6 (−4)\n",
        "  hw2: not compared, as there are no earlier results of it.",
        "  1 student with earlier results and no work in this class: zoe.",
        "  1 student with work in this class and no earlier results: new.",
        "  1 student whose work the grader had failed on before: Gus (gus).",
        "  A note.",
    ]
    places = [text.find(words) for words in news]

    assert -1 not in places, text
    assert places == sorted(places)


def test_of_a_large_class_the_terminal_has_the_first_lines_and_the_page_all() -> None:
    """And says how many more there are."""
    many = Comparison()
    for number in range(2_000):
        added(many, f"s{number:04}", hidden(a=PASSED), hidden(a=WRONG))
    text = "\n".join(told(many))

    assert "2,000 of 2,000 students would lose points, none would gain" in text
    assert "  and 1,990 more; --page FILE writes all of them" in text
    assert len(text) < 2_000


def test_where_the_points_differ_shares_are_compared() -> None:
    """Whoever had all loses nothing by a test more that they pass, and the change is told."""
    more = Comparison()
    added(more, "ana", hidden(a=PASSED), hidden(a=PASSED, b=PASSED))
    added(more, "ben", hidden(a=PASSED), hidden(a=PASSED, b=WRONG))
    text = "\n".join(told(more))

    assert "  Ben (ben): hw1 2 of 2 → 2 of 4 (−2)\n      test_b: new: wrong, −2" in text
    assert "  hw1: 2 points before, 4 now; an earlier score counts as its share" in text
    assert "Ana" not in text


def test_a_test_that_is_worth_less_says_so() -> None:
    """Who failed it loses less by it."""
    less = Comparison()
    after = [outcome(WRONG, name="test_a", max_score=1), outcome(score=3, max_score=3)]
    added(less, "ana", [*hidden(a=WRONG), outcome()], after)
    text = "\n".join(told(less))

    assert "  Ana (ana): hw1 2 → 3 of 4 (+1)\n      test_a: wrong, worth 2 → 1 points, +1" in text


def test_many_exercises_are_counted() -> None:
    """A part that all suites share may have changed."""
    many = Comparison()
    for number in range(4):
        before, after = (exercise_result(outcome(), exercise=f"hw{number}") for _ in range(2))
        student = StudentRecord(id="ana")
        many.add(student, before.exercise, Side(before, "old"), Side(after, "new"))

    assert next(told(many)) == "4 exercises: none of 1 student would lose or gain points."


def test_a_suite_that_is_broken_is_told_and_nobody_loses_by_it() -> None:
    """There is no table of losers: nobody's score is known."""
    broken = Comparison()
    fault = outcome(FAULT, name="grading", message="hw1.py: line 3: no 'x'", max_score=0)
    for student in ("ana", "ben"):
        added(broken, student, hidden(a=PASSED), [fault])
    text = "\n".join(told(broken))

    assert text.startswith("hw1: nothing can be compared: the grader failed on the work of 2 stud")
    assert "  hw1, grading: hw1.py: line 3: no 'x'\n      Ana (ana), Ben (ben)" in text
    assert "lose" not in text


def test_what_comes_from_a_class_steers_no_page_and_no_terminal(
    comparison: Comparison, browser: Browser, tmp_path: Path
) -> None:
    """Names and messages are cut and shown as text; the page is good for all its readers."""
    course = course_in(tmp_path / "course")
    hostile = StudentRecord(id="x" * 500, name=HOSTILE_TEXT * 9)
    said = outcome(WRONG, name="test_a", message=HOSTILE_TEXT * 50)
    before = Side(exercise_result(*hidden(a=PASSED)), "old", "w")
    comparison.add(hostile, "hw1", before, Side(exercise_result(said), "new", "w"))
    page = comparison_page(course, comparison)
    (tmp_path / "page.html").write_text(page, "utf-8")

    assert max(map(len, "\n".join(told(comparison)).splitlines())) < 400
    assert "\x1b" not in "".join(told(comparison))
    assert len(page) < 60_000
    assert "<script" not in page
    assert "x" * 61 not in page
    assert_good_page(browser, tmp_path / "page.html")


# What follows runs the command: the class and its results are real, the earlier grading is made up.

SOURCE = "import torch\n\n\ndef stepped(x, lr):\n    return {}\n"
RIGHT, UPHILL, IN_PLACE = "x - lr", "x + lr", "x.sub_(lr)"
FORGETS_ZERO = "x - lr if lr else None"  # what the earlier tests did not see
FOUND: dict[str, Tests] = {
    RIGHT: {STEP: (PASSED, None), PLACE: (PASSED, None)},
    UPHILL: {STEP: (WRONG, "step-uphill"), PLACE: (WRONG, None)},
    IN_PLACE: {STEP: (PASSED, None), PLACE: (WRONG, None)},
    FORGETS_ZERO: {STEP: (PASSED, None), PLACE: (PASSED, None)},
}
CLASS = {"ana": RIGHT, "ben": UPHILL, "cy": IN_PLACE, "dee": FORGETS_ZERO, "eve": RIGHT}


def hand_in(folder: Path, work: dict[str, str]) -> None:
    """Write what students handed in."""
    for student, formula in work.items():
        (folder / student).mkdir(parents=True, exist_ok=True)
        (folder / student / "hw1.py").write_text(SOURCE.format(formula), "utf-8")


def graded(folder: Path) -> Path:
    """Write a course, a class and its reports, as if it had been graded; return the folder."""
    course = course_in(folder / "course")
    hand_in(folder / "class", CLASS)
    (exercise,) = course.exercises
    (folder / "reports").mkdir()
    with Store(folder / "reports" / STORE) as store:
        for submission in find_class(folder / "class", course).submissions:
            suite, work = suite_digest(exercise), submission.hand_in(exercise, course)
            limits = Limits().asked({"call": 30.0})
            key = result_key(exercise, work, suite, "cpu", "bubblewrap", limits)
            found = FOUND[CLASS[submission.student]]
            tests = [
                outcome(v, name=name, mistake=m, max_score=of, score=of if v is PASSED else 0.0)
                for (name, (v, m)), of in zip(found.items(), (2.0, 1.0), strict=True)
            ]
            store.put({key: exercise_result(*tests, exercise="hw1", source="hw1.py")})
    where = "--course", f"{folder}/course", "--output", f"{folder}/reports"
    how = "--device", "cpu", "--limit", "call=30"
    done = CliRunner().invoke(app, ["grade", f"{folder}/class", *where, *how])
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course, a class and its reports."""
    return graded(tmp_path_factory.mktemp("against") / "before")


@pytest.fixture
def folder(before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of them; temporary files lie in a folder of the test's own."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return shutil.copytree(before, tmp_path / "copy")


def prove(folder: Path, *more: str, class_: str = "class") -> tuple[int, str]:
    """Compare; return the exit code and what was said, or why nothing was."""
    where = "--course", f"{folder}/course", "--output", f"{folder}/reports"
    done = CliRunner().invoke(app, ["prove", "--against", f"{folder}/{class_}", *where, *more])
    if isinstance(done.exception, GraderError):
        return 2, str(done.exception)
    assert isinstance(done.exception, SystemExit | None), done.exception
    return done.exit_code, done.output


def state(folder: Path) -> dict[str, str]:
    """Return a digest of every file."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): sha256(path.read_bytes()).hexdigest() for path in files}


def left_behind() -> set[str]:
    """Return what is in the folder for temporary files."""
    return set(os.listdir(tempfile.gettempdir()))


def test_a_class_is_graded_by_a_changed_test_in_the_sandbox(folder: Path, tmp_path: Path) -> None:
    """One loses, one gains, one has another name, and nothing of the class is touched."""
    hand_in(folder / "class", {"eve": UPHILL})
    suite = folder / "course" / "hidden" / "hw1.py"
    text = suite.read_text("utf-8").replace("leaves_arguments_alone()", "equals(answer.value)")
    text = text.replace("x + lr}", "x + 2 * lr}")
    text = text.replace("4), 0.25)]", "4), 0.25), (numbers(5, 2), 0.0)]")
    suite.write_text(text, "utf-8")
    was = state(folder / "reports"), state(folder / "class")
    page = tmp_path / "page.html"
    code, said = prove(folder, "hw1", "--jobs", "1", "--page", str(page))

    assert code == 1, said
    assert said.startswith("hw1: 1 of 5 students would lose points, 1 would gain.\n")
    assert "lose:\n  dee: hw1 3 → 1 of 3 (−2)\n      test_the_step_goes_down: passed" in said
    assert "gain:\n  cy: hw1 2 → 3 of 3 (+1)\n      test_the_old_place_stays: wrong" in said
    assert "step-uphill → no name in hw1, test_the_step_goes_down: ben\n" in said
    assert "\n  eve: hw1 3 → 0 of 3 (−3)\n" in said
    assert (state(folder / "reports"), state(folder / "class")) == was
    assert "expected" in page.read_text("utf-8")


def test_where_nothing_has_changed_nothing_is_graded(folder: Path) -> None:
    """Not even a worker is started; limits that the command line of `grade` set still hold."""
    words = "hw1: nothing has changed that decides a score, so nothing was graded."

    assert prove(folder) == (0, f"{words}\n")


def _another_course(folder: Path) -> None:
    changed = (folder / "course" / "course.toml").read_text("utf-8").replace("Steps", "Strides")
    shutil.move(folder / "course", folder / "moved")
    shutil.copytree(folder / "moved", folder / "course")
    (folder / "course" / "course.toml").write_text(changed, "utf-8")


def _another_class(folder: Path) -> None:
    shutil.rmtree(folder / "class")
    hand_in(folder / "class", {"fay": RIGHT, "gus": RIGHT})


def _one_exercise_more(folder: Path) -> None:
    for file in ("hw1.py", "hidden/hw1.py", "checks/hw1.py"):
        shutil.copy(folder / "course" / file, folder / "course" / file.replace("hw1", "hw2"))
    with (folder / "course" / "course.toml").open("a", encoding="utf-8") as listed:
        listed.write('\n[[exercises]]\nname = "hw2"\ntitle = "Another"\n')


def _a_package_more(folder: Path) -> None:
    file = folder / "course" / "course.toml"
    needs = 'requires = ["nosuch_package"]\n\n[[exercises]]'
    file.write_text(file.read_text("utf-8").replace("[[exercises]]", needs, 1), "utf-8")


def _no_student(folder: Path) -> None:
    shutil.rmtree(folder / "class")
    (folder / "class").mkdir()


BAD: dict[str, tuple[Callable[[Path], object], tuple[str, ...], str]] = {
    "no results": (
        lambda folder: shutil.rmtree(folder / "reports"),
        (),
        "there are no earlier results in {}/reports, to compare with: name their folder with --out",
    ),
    "results of an earlier version": (
        lambda folder: (folder / "reports" / STORE).write_bytes(b""),
        (),
        "{}/reports keeps no results of any student: `grader grade` writes some: put the tests ba",
    ),
    "damaged results": (
        lambda folder: (folder / "reports" / STORE).write_bytes(b"no database" * 999),
        (),
        "{}/reports/.grader.sqlite3, which keeps what was graded, can't be used: file is not a da",
    ),
    "results of another course": (
        _another_course,
        (),
        "{}/reports holds the reports of another course, 'Steps'",
    ),
    "another class": (
        _another_class,
        (),
        "none of these 2 students has results in {}/reports: is it the class that was graded th",
    ),
    "no student": (_no_student, (), "nothing to grade in {}/class: no student folder; it is empty"),
    "an exercise that was not graded": (
        _one_exercise_more,
        ("hw2",),
        "{}/reports has no results of hw2; it has hw1",
    ),
    "a package that is not there": (
        _a_package_more,
        (),
        "the course requires nosuch_package, which can't be imported here: install it",
    ),
    "runs of solutions": (lambda _: None, ("--runs", "5"), "--runs tries solutions, and --against"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_can_not_be_compared_is_told_in_a_line(folder: Path, what: str) -> None:
    """With what to do; nothing is left behind."""
    spoil, arguments, words = BAD[what]
    spoil(folder)
    was = state(folder / "reports"), left_behind()
    code, said = prove(folder, *arguments)

    assert said.startswith(words.format(folder))
    assert (code, "\n" in said) == (2, False)
    assert (state(folder / "reports"), left_behind()) == was


def test_an_output_folder_without_a_class_is_asked_about() -> None:
    """A proof of solutions has none."""
    done = CliRunner().invoke(app, ["prove", "--output", "reports"])

    assert str(done.exception) == "--output is about a class: add --against CLASS"


def test_without_a_sandbox_nothing_is_compared(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message offers no option that the command does not have."""
    monkeypatch.setenv("PATH", "")
    code, said = prove(folder)

    assert code == 2
    assert said.startswith("bubblewrap is not installed: run `apt-get install bubblewrap`")
    assert "--sandbox" not in said


def test_a_run_that_is_writing_is_waited_for(folder: Path) -> None:
    """What it keeps may be half written."""
    with OutputFolder(folder / "reports"):
        _, said = prove(folder)

    assert said.startswith(f"another grader is writing to {folder}/reports (process ")


def test_what_a_killed_run_kept_is_seen(tmp_path: Path) -> None:
    """Its last results stand in the log beside the store, and stay there."""
    with Store(tmp_path / STORE) as store:
        store.put({"key": exercise_result(outcome())})
        was = state(tmp_path)
        with copied_store(tmp_path) as copy:
            assert copy.get("key") is not None
            copy.put({"other": exercise_result(outcome())})
        assert state(tmp_path) == was


def test_ctrl_c_leaves_nothing_behind(folder: Path) -> None:
    """The copy that was graded into is gone."""

    class Stopped(Progress):
        def begin(self, total: int) -> None:
            assert (total, len(left_behind())) == (len(CLASS), 1 + len(was))
            raise KeyboardInterrupt

    course = course_in(folder / "again")
    work = find_class(folder / "class", course)
    was = left_behind()
    with pytest.raises(KeyboardInterrupt):
        compare_class(Wanted(course, (), work, folder / "reports", 1), Stopped())

    assert left_behind() == was


def test_a_member_of_a_group_is_found_by_what_the_group_handed_in() -> None:
    """The list of the class may have called the same work by each member's id."""
    found = [Submission(StudentRecord(id=each, handed_in_as=each)) for each in ("team", "new")]
    records = [
        StudentRecord(id="4400", name="Ana", handed_in_as="team"),
        StudentRecord(id="4401", name="Ben", handed_in_as="team"),
        StudentRecord(id="4402", name="Cy", handed_in_as="other"),
        StudentRecord(id="4403", name="Dee", reader=ROSTER),
    ]
    wanted = Wanted(carried_course(), (), ClassWork(found), Path("reports"))
    class_ = found_again(wanted, records)

    assert [each.record for each in class_.submissions] == records[:2]
    assert class_.gone == [records[2]]
    assert [each.id for each in class_.strangers] == ["new"]
