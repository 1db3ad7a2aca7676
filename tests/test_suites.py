"""The standing proofs about every suite: stubs, solutions, wrong and right works, junk.

Suites are collected once, and every file is graded in that one session.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field
from importlib import import_module
from itertools import combinations
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest
from lab_notebooks import junk_labs, small_mnist, solved_lab
from lab_works import all_works, name_of, write_work
from the_lab import EXERCISES, LAB, exercise_named

from grader.answers.difference import difference
from grader.asking.probes import ProbeFunction
from grader.courses.mistakes import known_mistakes
from grader.expecting import expect as expectations
from grader.expecting.expect import Expectation
from grader.guest import rails
from grader.judge.local import LocalAttempt, run_locally
from grader.judge.plugin import SuiteRunner, run_suites
from grader.results.verdicts import TestResult, Verdict, totals
from kit.digits_data import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.answers.tolerances import Tolerance
    from grader.courses import Exercise, Work

ROOT = Path(__file__).resolve().parents[1]
WORKS = all_works()
RIGHT = [work for work in WORKS if work.is_right]
WRONG = [work for work in WORKS if not work.is_right]
PRICED = [work for work in WRONG if work.lost]
OF_ONE_SUITE = {"checking", "judging", "probes"}  # modules of the kit
OF_THE_JUDGE = re.compile(rb"(?:checks|hidden|grader\.judge)\.(?:ex\d|lab_|[a-z]+_)\w+")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
JUNK = {
    "none": "None",
    "list": "[1.0, 2.0]",
    "numpy-array": "__import__('numpy').zeros((2, 3))",
    "wrong-shape": "torch.full((7, 1, 2), 0.3)",
    "wrong-dtype": "torch.ones(2, 3, dtype=torch.int64)",
    "nan": "torch.tensor(float('nan'))",
    "str": "'done'",
    "dict": "{'0.weight': None, 'output': 'done'}",
}

# To recognise these, a check would have to hold half a solution, or patch PyTorch in the student's
# own process; and one keeps the hidden tests' positions, which have run before the checks here.
CAUGHT_WITHOUT_A_NAME = {
    "arrays-not-tensors",
    "lengths-differ",
    "mean-of-true-and-false",
    "older-positions-kept",
    "one-prediction-for-all",
    "tensor-assigned-to-parameter",
}

OF_THE_RIGHT_SHAPE = """
import torch

def updated(weight, gradient, lr):
    return torch.rand_like(weight)

def update_parameters(model, lr):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += lr

def clear_gradients(model):
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)

def training_step(model, criterion, images, labels, lr):
    update_parameters(model, lr)
    return 1.4
"""

ACCURACIES_OF_ZERO = {
    "smallest": "guess = scores.argmin(dim=1); right += int((guess == labels).sum())",
    "from-one": "guess = scores.argmax(dim=1) + 1; right += int((guess == labels).sum())",
    "whole-division": "right += int((scores.argmax(dim=1) == labels).sum()); total += 0.5",
    "identity": "guess = scores.argmax(dim=1); right += float(guess is labels)",
    "nothing": "right += 0",
}
ACCURACY = """
def accuracy(model, loader):
    right = total = 0
    model.eval()
    for images, labels in loader:
        scores = model(images.flatten(start_dim=1))
        total += len(labels)
        {}
    return float(right // total)
"""


of_each_wrong_work = pytest.mark.parametrize("work", WRONG, ids=name_of)
by_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


@dataclass
class Record:
    """What became of every file.

    Attributes:
        hidden: results of the hidden tests, by file or work.
        public: results of the public checks, by file or work.
        coinciding: pairs of reference answers that one suite's data can't tell apart.
    """

    hidden: dict[Path | Work, list[TestResult]] = field(default_factory=dict)
    public: dict[Path | Work, list[TestResult]] = field(default_factory=dict)
    coinciding: list[str] = field(default_factory=list)


def solution_of(exercise: Exercise) -> Path:
    """Return the solution's file."""
    return ROOT / "solutions" / f"{exercise.name}.py"


def stub_of(exercise: Exercise) -> Path:
    """Return the file that students start from."""
    return ROOT / "exercises" / exercise.file_names[0]


def functions_of(exercise: Exercise) -> list[str]:
    """Return the names of the functions that an exercise asks for."""
    tree = ast.parse(solution_of(exercise).read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def slugs_in(file: Path) -> set[str]:
    """Return the slugs in a suite: its only strings of small words with hyphens between."""
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    cells = {cell for exercise in EXERCISES for cell in exercise.cells}
    return {text for text in texts if isinstance(text, str) and SLUG.fullmatch(text)} - cells


def slugs_of(exercise: Exercise, suite: Path) -> set[str]:
    """Return the slugs in a suite, and in the part of the kit that is its alone."""
    behind = (PurePosixPath(file) for file in exercise.code.behind(suite))
    own = [exercise.folder / file for file in behind if file.stem in OF_ONE_SUITE]
    return set().union(*map(slugs_in, [suite, *own]))


def write_junk(exercise: Exercise, folder: Path) -> list[Path]:
    """Write the solution once for each function and kind of junk that the function then returns."""
    if exercise.cells:
        return list(junk_labs(folder, JUNK))
    solution = solution_of(exercise).read_text(encoding="utf-8")
    files = []
    for function in functions_of(exercise):
        for kind, junk in JUNK.items():
            file = folder / f"{exercise.name}-{function}-{kind}.py"
            text = f"{solution}\n\ndef {function}(*args):\n    return {junk}\n"
            file.write_text(text, encoding="utf-8")
            files.append(file)
    return files


def auditing(
    coinciding: list[str], judge: Callable[..., None]
) -> Callable[[Expectation, Sequence[object], Mapping[str, Sequence[object]], object], None]:
    """Return a `_judge` that also notes which reference answers are equal."""

    def audited(
        expectation: Expectation,
        rights: Sequence[object],
        alternatives: Mapping[str, Sequence[expectations._Lazy]],
        tolerance: Tolerance | None,
    ) -> None:
        for place, right in enumerate(rights):
            values = {slug: wrongs[place].value() for slug, wrongs in alternatives.items()}
            for one, other in combinations([("right", right), *values.items()], 2):
                if not difference(one[1], other[1], tolerance):
                    call = expectation._answers[place].call
                    coinciding.append(f"{call}: {one[0]} and {other[0]}")
        judge(expectation, rights, alternatives, tolerance)

    return audited  # type: ignore[return-value] # the lazy values are typed in here only


def grade(
    runner: SuiteRunner, exercise: Exercise, what: Path | Work, record: Record, form: Path
) -> None:
    """Grade one file or work, in the form that it is handed in, by the suites of an exercise."""
    attempt = LocalAttempt(exercise, form)
    for results, public in ((record.hidden, False), (record.public, True)):
        results[what] = list(runner.run(exercise, attempt, public=public).results)


def grade_everything(runner: SuiteRunner, record: Record, folder: Path) -> None:
    """Grade every file that a test below asks about; the solutions under audit."""
    for exercise in EXERCISES:
        with pytest.MonkeyPatch.context() as patch:
            audited = auditing(record.coinciding, Expectation._judge)
            patch.setattr(Expectation, "_judge", audited)
            solution = solution_of(exercise)
            form = solved_lab(folder) if exercise.cells else solution
            grade(runner, exercise, solution, record, form)
        for file in [stub_of(exercise), *write_junk(exercise, folder)]:
            grade(runner, exercise, file, record, file)
        for work in [each for each in WORKS if each.exercise == exercise]:
            form = write_work(work, folder / "works" / name_of(work))
            grade(runner, exercise, work, record, form)


@pytest.fixture(scope="module")
def junk_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the modules with junk are."""
    return tmp_path_factory.mktemp("junk")


@pytest.fixture(scope="module")
def record(junk_folder: Path) -> Record:
    """Grade everything once."""
    kept = Record()
    suites = [exercise.hidden_suite for exercise in EXERCISES]
    checks = [exercise.public_checks for exercise in EXERCISES]
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(small_mnist(junk_folder)))
        warnings.simplefilter("ignore")  # students' code may warn; pytest made that an error here
        run_suites([*suites, *checks], lambda runner: grade_everything(runner, kept, junk_folder))
    return kept


@by_exercise
def test_stub_is_not_started_in_every_hidden_test(record: Record, exercise: Exercise) -> None:
    """An untouched stub is not started, whatever a test begins with."""
    verdicts = {result.verdict for result in record.hidden[stub_of(exercise)]}

    assert {Verdict.NOT_STARTED} == verdicts


@by_exercise
def test_solution_passes_everything_with_full_points(record: Record, exercise: Exercise) -> None:
    """A solution passes at least eight hidden tests and two checks, for the exercise's points."""
    hidden, public = record.hidden[solution_of(exercise)], record.public[solution_of(exercise)]

    assert not [result for result in hidden + public if result.verdict is not Verdict.PASSED]
    assert exercise.points == sum(result.score for result in hidden)
    assert exercise.points == sum(result.max_score for result in hidden)
    assert len(hidden) >= (2 * len(exercise.cells) or 8)
    assert len(public) >= 2


@of_each_wrong_work
def test_mistake_is_caught_by_the_test_it_names(record: Record, work: Work) -> None:
    """A work with one mistake gets its verdict and the mistake's name, and no other name."""
    results = record.hidden[work]
    caught = {result.name: result for result in results}[work.test]

    assert (work.verdict, work.mistake) == (caught.verdict, caught.mistake)
    assert {work.mistake} - {None} == {result.mistake for result in results} - {None}


@pytest.mark.parametrize("work", PRICED, ids=name_of)
def test_a_mistake_costs_points_in_proportion(record: Record, work: Work) -> None:
    """One line that is wrong is charged once, and the exercise's own lesson has its weight."""
    score, maximum = totals(record.hidden[work])

    assert work.lost == maximum - score


@of_each_wrong_work
def test_public_checks_name_what_they_catch(record: Record, work: Work) -> None:
    """Where a check fails, one of the checks says which mistake it is."""
    caught = any(result.verdict is not Verdict.PASSED for result in record.public[work])
    named = any(result.mistake for result in record.public[work])

    assert named == (caught and work.name not in CAUGHT_WITHOUT_A_NAME)


@of_each_wrong_work
def test_no_public_check_names_another_mistake(record: Record, work: Work) -> None:
    """What a student reads on the desk is what the report says later."""
    named = {result.mistake for result in record.public[work]} - {None}

    assert named <= {work.mistake}


@pytest.mark.parametrize("work", RIGHT, ids=name_of)
def test_right_work_loses_nothing(record: Record, work: Work) -> None:
    """What is right in another style passes every hidden test and every check."""
    results = record.hidden[work] + record.public[work]

    assert not [result for result in results if result.verdict is not Verdict.PASSED]


@by_exercise
def test_junk_is_the_students_and_never_passes_all(
    record: Record, junk_folder: Path, exercise: Exercise
) -> None:
    """Whatever a function returns, it is no grader fault, and it loses points."""
    files = list(junk_folder.glob(f"{exercise.name}-*"))
    faults = [
        (file.stem, result.name, result.message)
        for file in files
        for result in record.hidden[file] + record.public[file]
        if result.verdict is Verdict.GRADER_FAULT
    ]
    scores = {file.stem: sum(result.score for result in record.hidden[file]) for file in files}

    assert not faults
    assert not [name for name, score in scores.items() if score >= exercise.points]
    assert len(files) == len(JUNK) * len(exercise.cells or functions_of(exercise))


def test_a_change_that_is_no_step_earns_nothing(tmp_path: Path) -> None:
    """Who changes something, of the right shape, has not kept the rest in order by that."""
    file = tmp_path / "ex06_manual_update.py"
    file.write_text(OF_THE_RIGHT_SHAPE, encoding="utf-8")
    results = run_locally(exercise_named("ex06"), file, hidden=True)

    assert {(result.verdict, result.score) for result in results} == {(Verdict.WRONG, 0.0)}


def test_what_ends_in_an_accuracy_of_zero_has_no_name(tmp_path: Path) -> None:
    """Many lines make every answer wrong; none of them compares probabilities with labels."""
    exercise = exercise_named("ex10")
    solution = solution_of(exercise).read_text(encoding="utf-8")
    named: dict[str, set[str | None]] = {}

    def serve(runner: SuiteRunner) -> None:
        for slip, line in ACCURACIES_OF_ZERO.items():
            file = tmp_path / f"{slip}.py"
            file.write_text(solution + ACCURACY.format(line), encoding="utf-8")
            record = Record()
            grade(runner, exercise, file, record, file)
            results = record.hidden[file] + record.public[file]
            named[slip] = {each.mistake for each in results if "share" in each.name}

    run_suites([exercise.hidden_suite, exercise.public_checks], serve)

    assert {slip: {None} for slip in ACCURACIES_OF_ZERO} == named


def test_no_two_reference_answers_coincide(record: Record) -> None:
    """On every suite's data the right answer and all mistakes differ from each other."""
    assert not record.coinciding


@by_exercise
def test_a_probe_takes_nothing_of_the_judge_along(exercise: Exercise) -> None:
    """In the sandbox it finds what its own file defines, `beside` and `grader.guest`, no more."""
    for kind in ("hidden", "checks"):
        suite = import_module(f"{kind}.{exercise.name}")
        probes = [each for each in vars(suite).values() if isinstance(each, ProbeFunction)]
        for probe in probes:
            named = set(OF_THE_JUDGE.findall(probe.code))
            assert named <= {probe.__wrapped__.__module__.encode()}, probe.calls


@by_exercise
def test_every_slug_of_a_suite_is_known_and_has_a_work(exercise: Exercise) -> None:
    """A mistake that a suite names is in the table, and a work makes it."""
    hidden = slugs_of(exercise, exercise.hidden_suite)
    public = slugs_of(exercise, exercise.public_checks)
    made = {work.mistake for work in WRONG if work.exercise == exercise} - {None}

    assert set() == (hidden | public) - known_mistakes(LAB).keys()
    assert set() == hidden - made
    assert len(made) >= 8


def test_every_mistake_in_the_table_is_used() -> None:
    """The table holds no mistake that nothing can name."""
    suites = [slugs_of(exercise, exercise.hidden_suite) for exercise in EXERCISES]
    kit = sorted((LAB.folder / "kit").rglob("*.py"))
    machine = [Path(str(module.__file__)) for module in (expectations, rails)]
    used = set().union(*suites, *map(slugs_in, [*machine, *kit]))

    assert set() == known_mistakes(LAB).keys() - used


@pytest.mark.parametrize("work", WORKS, ids=name_of)
def test_passing_all_public_checks_is_worth_half_the_points(record: Record, work: Work) -> None:
    """They are worth passing: whoever does has at least the basic half."""
    score, maximum = totals(record.hidden[work])
    passed = all(result.verdict is Verdict.PASSED for result in record.public[work])

    assert not passed or 2 * score >= maximum
