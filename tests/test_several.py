"""Exercises of several files, with given modules, data, and what was written for earlier ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from report_samples import grading_run, student_result
from several_course import FILES, course_in, lay_out

from grader.judge.grading import grade_submission
from grader.judge.local import run_locally
from grader.judge.plugin import run_suites
from grader.leaks import find_leak
from grader.reports.pages import Pages
from grader.results.verdicts import Verdict
from grader.sandbox.command import Isolation
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Sandbox
from grader.submissions import find_class

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course
    from grader.judge.plugin import SuiteRunner
    from grader.results.verdicts import ExerciseResult, TestResult

NN, INIT = "minigrad/nn.py", "minigrad/__init__.py"
WORK = {
    name: text
    for name, text in FILES.items()
    if name in {"units.py", "weights.bin"} or name.startswith("minigrad/")
}


def without(*names: str) -> dict[str, str]:
    """Return right work without some of its files."""
    return {name: text for name, text in WORK.items() if name not in names}


def edited(name: str, old: str, new: str) -> dict[str, str]:
    """Return right work with an edit in one of its files."""
    assert old in WORK[name]
    return WORK | {name: WORK[name].replace(old, new)}


CLASS = {
    "right": WORK | {"helpers.py": "def times(a, b):\n    return 0\n", "minigrad/more.py": "x = 1"},
    "flat": {name.rpartition("/")[2]: text for name, text in without(INIT).items()},
    "wrong": edited(NN, "Value.factor * x", "Value.factor + x"),
    "error": edited(NN, "Value.factor * x", "Value.factor / 0"),
    "open": edited(NN, "return Value.factor * x", "raise NotImplementedError"),
    "typo": edited("minigrad/engine.py", "factor = 3", "factor = = 3"),
    "scrap": WORK | {"minigrad/scrap.py": "def (:"},
    "lacks-code": without(NN),
    "lacks-weights": without("weights.bin"),
    "lacks-units": without("units.py"),
    "writes": edited(NN, "Value.factor * x", "open('data/table.csv', 'w')"),
}
Graded = dict[str, dict[str, "ExerciseResult"]]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course."""
    return course_in(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def graded(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Grade a class; return the results by student and exercise."""
    folder = tmp_path_factory.mktemp("class")
    for student, files in CLASS.items():
        lay_out(folder / student, files)
    found: Graded = {}

    def serve(runner: SuiteRunner) -> None:
        for each in find_class(folder, course).submissions:
            work = {exercise: each.hand_in(exercise, course) for exercise in course.exercises}
            results = grade_submission(sandbox, runner, work, "cpu")
            found[each.student] = {result.exercise: result for result in results}

    suites = [f for each in course.exercises for f in (each.public_checks, each.hidden_suite)]
    with Sandbox(Isolation.BUBBLEWRAP, "cpu", Limits(), course.exercises[0].code) as sandbox:
        run_suites(suites, serve)
    return found


def hidden_test(result: ExerciseResult, name: str) -> TestResult:
    """Return what the hidden test of a name gave."""
    return next(test for test in result.tests if test.name == name and not test.public)


def test_right_work_passes(graded: Graded) -> None:
    """With its package, weights, the given module, data and what it builds on."""
    for result in graded["right"].values():
        assert [test for test in result.tests if test.verdict is not Verdict.PASSED] == []
    assert any("helpers.py was handed in with changes" in n for n in graded["right"]["units"].notes)


def test_folders_that_an_lms_leaves_out_are_found_again(graded: Graded) -> None:
    """And what a student has nothing to write in is taken as it was given out."""
    result = graded["flat"]["grad"]

    assert result.verdict is Verdict.PASSED
    assert result.notes[-1].startswith(f"{INIT} was not handed in: there is nothing to write in it")


def test_an_error_is_told_with_its_file_and_line_and_found_in_what_is_shown(graded: Graded) -> None:
    """The line counts in its file, and in the text of all files for the mark."""
    result = graded["error"]["grad"]
    line = WORK[NN].split("\n").index("    return Value.factor * x") + 1
    message = hidden_test(result, "test_layer").message.text

    assert f"\n{NN}:{line}\n    return Value.factor / 0" in message
    assert result.code is not None
    (marked,) = result.code.marked_lines
    assert result.code.text.split("\n")[marked - 1] == "    return Value.factor / 0"
    assert [cell.file for cell in result.code.cells] == [INIT, "minigrad/engine.py", NN]


@pytest.mark.parametrize(
    ("student", "verdict", "said"),
    [
        ("wrong", Verdict.WRONG, "value is wrong"),
        ("open", Verdict.NOT_STARTED, f"is not written yet ({NN}:10)"),
        ("typo", Verdict.UNREADABLE, "minigrad/engine.py:3: SyntaxError: invalid syntax"),
        ("lacks-code", Verdict.MISSING, f"{NN} was not handed in."),
        ("writes", Verdict.CRASHED, "Read-only file system"),
    ],
)
def test_what_is_wrong_has_its_verdict(
    graded: Graded, student: str, verdict: Verdict, said: str
) -> None:
    """As a single file has."""
    test = hidden_test(graded[student]["grad"], "test_layer")

    assert test.verdict is verdict
    assert said in test.message.text


def test_a_file_that_nothing_imports_costs_nothing(graded: Graded) -> None:
    """Whatever is in it; it is shown as it is."""
    result = graded["scrap"]["grad"]

    assert result.verdict is Verdict.PASSED
    assert result.code is not None
    assert "def (:" in result.code.text


def test_data_that_are_not_handed_in_cost_what_needs_them(graded: Graded) -> None:
    """The rest is judged."""
    result = graded["lacks-weights"]["grad"]

    assert result.notes[0] == "weights.bin was not handed in."
    assert hidden_test(result, "test_layer").verdict is Verdict.PASSED
    assert hidden_test(result, "test_weights").verdict is Verdict.CRASHED


def test_an_earlier_exercise_that_is_not_there_costs_what_needs_it(graded: Graded) -> None:
    """Its import costs its own line."""
    result = graded["lacks-units"]["grad"]

    assert "grad builds on units, which is not there." in result.notes
    assert hidden_test(result, "test_layer").verdict is Verdict.PASSED
    assert hidden_test(result, "test_quadruple").verdict is Verdict.CRASHED


def test_the_solution_passes_here_as_it_does_in_the_sandbox(course: Course) -> None:
    """The same files in the same places."""
    for exercise in course.exercises:
        file = course.folder / exercise.file_names[0]
        for result in run_locally(exercise, file, hidden=True):
            assert result.verdict is Verdict.PASSED, result


@pytest.mark.parametrize(
    ("student", "verdict"), [("lacks-code", Verdict.MISSING), ("open", Verdict.NOT_STARTED)]
)
def test_a_check_sees_what_a_grade_sees(
    course: Course, tmp_path: Path, student: str, verdict: Verdict
) -> None:
    """Whichever of the files is named."""
    lay_out(tmp_path, CLASS[student])
    first, *_ = run_locally(course.exercises[1], tmp_path / "minigrad" / "engine.py")

    assert first.verdict is verdict


def test_the_page_shows_each_file_and_leads_to_the_line_of_an_error(
    graded: Graded, course: Course
) -> None:
    """Numbered as it is by itself; nothing on it is the solution's."""
    result = student_result("kim", *graded["error"].values())
    page = Pages().student(result, replace(grading_run(result), course=course))

    assert "The code that was graded, 3 files" in page
    assert page.count(f'<p class="label">{NN}</p>') == 1
    (anchor,) = set(re.findall(r'id="(grad-line-\d+)"', page))
    assert f'href="#{anchor}"' in page
    assert find_leak(page, result, course) is None


def test_a_line_of_a_solution_of_several_files_is_found_on_a_page(
    graded: Graded, course: Course
) -> None:
    """What is given out as it is, is none."""
    result = student_result("kim", *graded["lacks-code"].values())
    page = Pages().student(result, replace(grading_run(result), course=course))

    assert find_leak(page, result, course) is None
    leak = find_leak(page.replace("</main>", "return double(double(x)) </main>"), result, course)
    assert leak is not None
    assert leak.what.endswith("of minigrad/nn.py")
    given = "def times(a, b): return a * b"
    assert find_leak(page.replace("</main>", f"{given} </main>"), result, course) is None
