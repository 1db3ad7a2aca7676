"""`grader learn`: an answer that students share becomes a named mistake, or nothing changes."""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING, Any

import pytest
import torch
from proving_course import course_in
from results_samples import entry, exercise, outcome, write_results
from typer.testing import CliRunner

from grader.authoring.scaffolding import Said
from grader.cli import app
from grader.errors import UsageError
from grader.learning.changes import Search
from grader.learning.expressions import NotComputable
from grader.learning.naming import namings
from grader.learning.teaching import Failed, Lesson, teach
from grader.proving.cases import Kind
from grader.proving.running import prove_here
from grader.results.unnamed import SharedAnswer

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course
    from grader.proving.proof import Proof

TEST = "test_the_step_goes_down"
ONE, OTHER = "00000000000000aa", "00000000000000bb"
SLUG = "the-new-one"
HEAD = "import torch\n\n\n"


def suite_of(*lines: str) -> str:
    """Return a suite with one test."""
    return "\n".join(["import torch", "", "", "def test_it(student):", *lines, ""])


def added(suite: str, changed: str = "", given: str = "") -> str:
    """Return what becomes of a suite in the first way of naming a mistake."""
    return namings(suite, "test_it", SLUG, changed, given)[0].suite


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["    expect_each(student.f, c, r)"], ['r, mistakes={"the-new-one": new})']),
        (["    expect_each(student.f, c, r, {})"], ['r, {"the-new-one": new})']),
        (
            ['    expect_each(student.f, c, r, mistakes={"é-é": (a)})'],
            ['mistakes={"the-new-one": new, "é-é": (a)})'],
        ),
        (
            ["    expect_each(", "        student.f,", "        c,", "        r", "    )"],
            ["        r,", '        mistakes={"the-new-one": new},', "    )"],
        ),
        (
            [
                "    expect_each(student.f, c, r, mistakes={",
                "        # why",
                '        "a-b": b,  # so',
                "    })",
            ],
            ["        # why", '        "the-new-one": new,', '        "a-b": b,  # so', "    })"],
        ),
        (
            ["    expect(student.f(x)).equals(r, mistakes=lambda: {'a-b': 1})"],
            ["lambda: {\"the-new-one\": new, 'a-b': 1})"],
        ),
        (
            [f"    expect(student.f(x)).equals({'r' * 60})"],
            [", mistakes={", '        "the-new-one": new,', "    })"],
        ),
    ],
)
def test_a_mistake_is_added_where_the_others_stand(before: list[str], after: list[str]) -> None:
    """All else of the text stays as it is, and it is Python."""
    suite = suite_of(*before)

    text = added(suite, given="new")

    assert "\n".join(after) in text
    ast.parse(text)
    assert [line for line in suite.splitlines() if line not in text.splitlines()][1:] == []


@pytest.mark.parametrize(
    "line",
    [
        "    assert student.f(x)",
        "    expect_each(student.f, c, r, mistakes=MISTAKES)",
        "    expect_each(student.f, c, r, mistakes={**others})",
    ],
)
def test_a_test_without_a_place_for_it_is_left_alone(line: str) -> None:
    """A dict that is made elsewhere, or no dict, is the author's to change."""
    with pytest.raises(NotComputable):
        added(suite_of(line), given="new")


EACH = suite_of("    expect_each(student.f, c, r)")
ASKED = suite_of("    answer = student.f(a, lr=b)", "    expect(answer).equals(r)")


def test_one_expression_is_a_lambda() -> None:
    """Docstrings and annotations stay in the solution."""
    function = "def f(x: torch.Tensor, n: int = 2) -> torch.Tensor:"
    changed = f'{HEAD}{function}\n    """Do."""\n    return x * n\n'

    assert f'"{SLUG}": lambda x, n=2: x * n' in added(EACH, changed)


def test_more_than_an_expression_is_a_function_at_the_end() -> None:
    """With what it needs of the solution; the test's own arguments are asked again."""
    changed = (
        "import math\n\nimport torch\n\nHALF = 0.5\n\n\ndef g(x):\n    return HALF * x\n\n\n"
        "def f(x, lr):\n    y = g(x)\n    return math.pi * torch.abs(y) * lr\n"
    )

    text = added(ASKED, changed)

    assert f'"{SLUG}": lambda: _the_new_one(a, lr=b)' in text
    scope: dict[str, Any] = {"torch": torch}
    exec(text[text.index("def _the_new_one") :], scope)  # noqa: S102 - written by ours
    assert scope["_the_new_one"](torch.tensor(-3.0), lr=2) == pytest.approx(3 * math.pi)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("    x -= 1\n    return x\n", "changes something in place"),
        ("    return x.add_(1)\n", "changes something in place"),
        ("    x[0] = 1\n    return x\n", "changes something in place"),
        ("    return f(x - 1)\n", "calls itself"),
        ("    yield x\n", "keeps something between calls"),
        ("    return Net()(x)\n\n\nclass Net:\n    pass\n", "uses the class `Net`"),
    ],
)
def test_what_may_change_its_arguments_is_not_moved(body: str, why: str) -> None:
    """It would change what the submission is asked, or what others are compared with."""
    with pytest.raises(NotComputable, match=why):
        added(EACH, f"def f(x):\n{body}")


def test_a_probe_is_the_authors_to_compute() -> None:
    """No function of the solution gives its answer alone."""
    with pytest.raises(NotComputable, match="no function by its name"):
        added(suite_of("    expect(probe(student)).equals(r)"), "def f(x):\n    return x\n")


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, Proof]:
    """Prove a course once, in this process."""
    course = course_in(tmp_path_factory.mktemp("learning") / "course")
    return course, prove_here(course, course.exercises[0], {Kind.MUTANT, Kind.WRONG})


def answer(fingerprint: str) -> SharedAnswer[str]:
    """Return an answer that two students gave."""
    return SharedAnswer("hw1", TEST, "The step goes down.", fingerprint, ("ana", "ben"))


def fingerprint_of(proof: Proof, operator: str) -> str:
    """Return what a mutant's answer is known by."""
    return next(
        got.hidden[TEST].fingerprint
        for case, got in proof.graded
        if case.mutant and case.mutant.operator == operator
    )


def test_the_change_that_gives_an_answer_is_found(proved: tuple[Course, Proof]) -> None:
    """By what it computes; another answer is not found."""
    _, proof = proved
    found = Search(proof, answer(fingerprint_of(proof, "operands-swapped")))

    (change,) = found.changes
    assert (change.file, change.mutant.now) == ("hw1.py", "return lr - x")
    assert Search(proof, answer(ONE)).changes == ()
    assert not found.is_broken


def test_a_mistake_that_can_not_be_proved_changes_nothing(proved: tuple[Course, Proof]) -> None:
    """To the byte, and no folder stays; what was found says why."""
    course, before = proved
    (exercise,) = course.exercises
    said = Said("It is wrong.", ("One.", "Two.", "Three."), TEST)
    wrong = course.solution_of(exercise).read_text("utf-8")
    changed = wrong.replace(
        "    return x - lr", "    a = x\n    b = lr\n    c = a\n    return b - c"
    )
    lesson = Lesson(course, exercise, "lr-minus-x", said, "hw1.py", changed)
    suite = exercise.hidden_suite.read_text("utf-8")
    (way, *_) = namings(suite, TEST, "lr-minus-x", given="lambda x, lr: x")
    files = {file: file.read_bytes() for file in course.folder.rglob("*") if file.is_file()}
    there = sorted(each for each in course.folder.rglob("*") if "__pycache__" not in each.parts)

    with pytest.raises(Failed) as failed:
        teach(lesson, way.suite, before, 1)

    assert "does not name it" in failed.value.findings[0].words
    assert {file: file.read_bytes() for file in files} == files
    left = sorted(each for each in course.folder.rglob("*") if "__pycache__" not in each.parts)
    assert left == there


def learn(*words: object) -> str:
    """Return what the command complains of."""
    done = CliRunner().invoke(app, ["learn", *map(str, words)])
    assert isinstance(done.exception, UsageError), done.output
    return str(done.exception)


def test_answers_are_listed_with_the_most_students_first(tmp_path: Path) -> None:
    """Without a fingerprint it lists what there is."""
    known = {"ana": ONE, "ben": OTHER, "cy": OTHER}
    students = (
        entry(each, exercise(outcome("wrong", fingerprint=digits)))
        for each, digits in known.items()
    )
    write_results(tmp_path, *students)

    done = CliRunner().invoke(app, ["learn", "--output", str(tmp_path)])

    assert done.exit_code == 0
    assert [line.split(":")[0] for line in done.output.splitlines()[1:3]] == [
        f"{OTHER}  2 students",
        f"{ONE}  1 student",
    ]


def test_what_can_not_be_learned_is_said_in_a_sentence(tmp_path: Path) -> None:
    """No results, none with a fingerprint, and one that is not there."""
    assert "there are no results in" in learn("--output", tmp_path)
    write_results(tmp_path, entry("ana", exercise(outcome("wrong"))))
    assert "no fingerprint of a wrong answer" in learn("--output", tmp_path)
    write_results(tmp_path, entry("ana", exercise(outcome())))
    assert "there is nothing to learn" in learn("--output", tmp_path)
    write_results(tmp_path, entry("ana", exercise(outcome("wrong", fingerprint=ONE))))
    assert f"there are {ONE}" in learn(OTHER, "--output", tmp_path)
    assert f"16 digits from 0 to f, not 'x'; there are {ONE}" in learn("x", "--output", tmp_path)
    assert "must be a Python expression" in learn(ONE, "--expression", "x +", "--output", tmp_path)
