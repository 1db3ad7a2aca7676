"""`grader learn`: an answer that students share becomes a named mistake, or nothing changes."""

from __future__ import annotations

import ast
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import torch
from proving_course import course_in, notebook_in
from results_samples import entry, exercise, outcome, write_results
from term_class import EXERCISE, TermClass
from term_class import TEST as TEST_OF_7
from terminal import Terminal
from typer.testing import CliRunner

from grader.authoring.differing import edit_between
from grader.authoring.scaffolding import Said
from grader.cli import app
from grader.errors import UsageError
from grader.learning.changes import Search
from grader.learning.stripping import Stripped, strip_each
from grader.learning.teaching import Failed, Lesson, teach
from grader.learning.unnamed import alike
from grader.learning.writing.expressions import NotComputable
from grader.learning.writing.naming import Unnamed, namings
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
SOLVED = "def f(x):\n    return 0\n"


def suite_of(*lines: str) -> str:
    """Return a suite with one test."""
    return "\n".join(["import torch", "", "", "def test_it(student):", *lines, ""])


def added(suite: str, changed: str = "", given: str = "") -> str:
    """Return what becomes of a suite in the first way of naming a mistake."""
    return namings(suite, Unnamed(SLUG, "test_it", SOLVED, changed, given=given))[0].suite


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
            [f"    expect_each(student.f, c, r, mistakes={{'a-b': {'b' * 40},}})"],
            ["mistakes={", '        "the-new-one": new,', f"        'a-b': {'b' * 40},", "    })"],
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
        (["    expect_beside(student.f, c, r, past)"], ['past, mistakes={"the-new-one": new})']),
        (
            [f"    expect_each(student.f, c, r, mistakes={'o' * 60})"],
            ["mistakes={", '        "the-new-one": new,', f"        **{'o' * 60},", "    })"],
        ),
        (["    expect_each(student.f, c, r, OF)"], ['r, {"the-new-one": new, **OF})']),
        (
            ["    expect_each(student.f, c, r, mistakes=lambda: known(c))"],
            ['mistakes=lambda: {"the-new-one": new, **known(c)})'],
        ),
        (
            ["    expect_each(student.f, c, r, mistakes={**a, 'b': b})"],
            ["mistakes={\"the-new-one\": new, **a, 'b': b})"],
        ),
        (
            ["    expect_each(student.f, c, r, mistakes={", "        **a,", "    })"],
            ["mistakes={", '        "the-new-one": new,', "        **a,", "    })"],
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


def test_a_test_without_a_place_for_it_is_left_alone() -> None:
    """An assert names nothing."""
    with pytest.raises(NotComputable, match="takes one more mistake"):
        added(suite_of("    assert student.f(x)"), given="new")


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


def test_a_function_that_is_there_from_another_test_is_used_again() -> None:
    """One that does something else is not."""
    changed = "def f(x):\n    y = x + 1\n    return y\n"
    once = added(EACH, changed)
    first = once.replace("test_it", "test_more")

    again = added(EACH.rstrip() + first[first.index("\n\n\ndef _the") :], changed)

    assert again.count("def _the_new_one") == 1
    other = added(once, changed.replace("+", "-"))
    assert f'"{SLUG}": _the_new_one_2,' in other
    assert "def _the_new_one_2" in other


def asked_by(line: str, function: str, *, reached: str = "f", before: str = "") -> str:
    """Return what stands for a mistake where its answer is asked of a submission with it."""
    suite = suite_of(*before.splitlines(), f"    {line}")
    unnamed = Unnamed(SLUG, "test_it", SOLVED, function, reached=frozenset([reached]))
    way = next(each for each in namings(suite, unnamed) if "student_with" in each.helper)
    ast.parse(way.suite)
    assert "return student_with(f=f)" in way.helper
    return way.value


@pytest.mark.parametrize(
    "body",
    [
        "    x -= 1\n    return x\n",
        "    return x.add_(1)\n",
        "    x[0] = 1\n    return x\n",
        "    return f(x - 1)\n",
        "    torch.manual_seed(1)\n    return x\n",
        "    yield x\n",
        "    return Net()(x)\n\n\nclass Net:\n    pass\n",
    ],
)
def test_what_may_change_its_arguments_is_asked_as_a_submission_is(body: str) -> None:
    """What it is given crosses: it changes no case, and nothing that others are compared with."""
    unnamed = Unnamed(SLUG, "test_it", SOLVED, f"def f(x):\n{body}", reached=frozenset("f"))

    (way,) = namings(EACH, unnamed)

    assert way.value == "_with_the_new_one().f"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("    torch.set_num_threads(1)\n    return x\n", "sets something for all"),
        ("    global y\n    y = x\n    return x\n", "sets something for all"),
    ],
)
def test_what_sets_something_for_all_is_not_moved(body: str, why: str) -> None:
    """It would be set in the judge, too."""
    with pytest.raises(NotComputable, match=why):
        asked_by("expect_each(student.f, c, r)", f"def f(x):\n{body}")


F = "def f(x):\n    return x\n"


@pytest.mark.parametrize(
    ("before", "line", "value"),
    [
        ("", "expect_each(partial(ask, student), c, r)", "partial(ask, {})"),
        ("", "expect_beside(lambda *c: ask(student, *c)[0], c, r, p)", "lambda *c: ask({}, *c)[0]"),
        ("", "expect(ask(student, 1)['a']).equals(r)", "lambda: ask({}, 1)['a']"),
        ("    a = ask(student)", "expect(a['b']).equals(r)", "lambda: ask({})['b']"),
        ("    a, b = ask(student)", "expect(b).equals(r)", "lambda: ask({})[1]"),
        ("    a, b = 1, ask(student)", "expect(b).equals(r)", "lambda: ask({})"),
        (
            "    cs = [c for c in all]\n    a = [ask(student, *c) for c in cs]",
            "expect_each([b['w'] for b in a], cs, r)",
            "lambda *c: ask({}, *c)['w']",
        ),
        ("    a = ask(student)", "expect_each(lambda _: a, c, r)", "lambda _: ask({})"),
        ("    a = ask(student)", "expect_each(lambda _, b=a: b, c, r)", "lambda _: ask({})"),
        ("    a = ask(student)", "expect_each(p(a), c, r)", "lambda *case: p(ask({}))(*case)"),
        (
            "    cs = cases()\n    a = [ask(student, *c) for c in cs]",
            "expect_each([b['w'] for b in a], cases=cs, right=r)",
            "lambda *c: ask({}, *c)['w']",
        ),
        (
            "    b = 1\n    a = [ask(student, b) for b, _ in cases()]",
            "expect_each(a, cases(), r)",
            "lambda b, _: ask({}, b)",
        ),
        (
            "    a = [ask(student, c) for c in cs]",
            "expect(g([c for c in a])).equals(r)",
            "lambda: g([c for c in [ask({}, c) for c in cs]])",
        ),
    ],
)
def test_a_test_asks_a_submission_with_the_mistake_as_its_own(
    before: str, line: str, value: str
) -> None:
    """Through probes, parts of answers and lists of them, by whatever names they have."""
    assert asked_by(line, F, before=before) == value.format("_with_the_new_one()")


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("    a = [ask(student, c) for c in others]", "expect_each(a, cs, r)"),
        ("    a = [ask(student, c) for c in cs if c]", "expect_each(a, cs, r)"),
        ("    a = ask(student)\n    a = ask(student)", "expect(a).equals(r)"),
        ("    ask(student)", "expect(a).equals(r)"),
    ],
)
def test_a_question_that_is_not_known_is_the_authors(before: str, line: str) -> None:
    """Other cases, a name that means two things, an answer from elsewhere."""
    suite = suite_of(*before.splitlines(), f"    {line}")
    changed = "def f(x):\n    x += 1\n    return x\n"

    with pytest.raises(NotComputable, match="no question that it asks once"):
        namings(suite, Unnamed(SLUG, "test_it", SOLVED, changed, reached=frozenset("f")))


def test_what_a_cell_computes_is_the_authors() -> None:
    """A notebook has been run: there is no function to be asked again."""
    with pytest.raises(NotComputable, match="no function of the solution, only a cell"):
        namings(
            suite_of("    expect(student['y']).equals(r)"),
            Unnamed(SLUG, "test_it", "y = 1\n", "y = 2\n", reached=frozenset({"second"})),
        )


def test_what_a_test_runs_goes_along() -> None:
    """All that is reached, with what it needs; not what the suite has, nor what only others use."""
    changed = (
        "import math\nimport torch\n\nHALF = 0.5\n\n\n@torch.no_grad()\ndef g(x: int) -> int:\n"
        '    """Do."""\n    print(x)\n    return HALF * x\n\n\ndef h(x):\n    return math.pi\n\n\n'
        "def f(x):\n    return g(x)\n"
    )
    unnamed = Unnamed(SLUG, "test_it", SOLVED, changed, reached=frozenset(("f", "g")))

    (way,) = namings(suite_of("    expect(ask(student)).equals(r)"), unnamed)

    assert way.helper.splitlines() == [
        "def _with_the_new_one():",
        '    """Return a submission with the-new-one."""',
        "    from grader.suite import student_with",
        "    HALF = 0.5",
        "",
        "    @torch.no_grad()",
        "    def g(x):",
        "        return HALF * x",
        "",
        "    def f(x):",
        "        return g(x)",
        "    return student_with(g=g, f=f)",
    ]


def test_a_function_that_is_called_by_no_name_is_the_changed_one_or_a_caller() -> None:
    """Which of them it is, the proof says."""
    calling = "\n\n\ndef g(x):\n    return f(x)\n"
    changed = Unnamed(SLUG, "test_it", SOLVED + calling, "def f(x):\n    return x\n" + calling)

    ways = namings(suite_of("    expect_each(answers, c, r)"), changed)

    assert [way.value for way in ways] == ["lambda x: x", "_the_new_one"]
    assert "def f(x):\n        return x" in ways[1].helper


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


def test_a_change_of_a_notebook_is_one_of_its_source(tmp_path: Path) -> None:
    """From which the notebook is made."""
    course = notebook_in(tmp_path / "course")
    proof = prove_here(course, course.exercises[0], {Kind.MUTANT})
    digits = next(
        got.hidden["test_the_second"].fingerprint
        for case, got in proof.graded
        if case.mutant and got.hidden["test_the_second"].fingerprint
    )

    (change, *_) = Search(proof, replace(answer(digits), test="test_the_second")).changes

    assert change.file == "nb.py"
    assert change.mutant.source.startswith('"""Two numbers."""')


def own_files(folder: Path) -> list[Path]:
    """Return what lies in a course's folder, but for what Python compiled."""
    return sorted(each for each in folder.rglob("*") if "__pycache__" not in each.parts)


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
    (way, *_) = namings(suite, Unnamed("lr-minus-x", TEST, given="lambda x, lr: x"))
    there = own_files(course.folder)
    files = {file: file.read_bytes() for file in there if file.is_file()}

    edited = course.folder / "mistakes.toml"
    meanwhile = f"open({str(edited)!r}, 'a').write('# by another hand')\nraise ValueError\n"

    with pytest.raises(UsageError, match=r"toml was changed by others meanwhile .* lr-minus-x out"):
        teach(lesson, meanwhile, before, 1)
    assert edited.read_text("utf-8").endswith("# by another hand")
    edited.write_bytes(files[edited])
    with pytest.raises(Failed) as failed:
        teach(lesson, way.suite, before, 1)

    assert "does not name it" in failed.value.findings[0].words
    assert {file: file.read_bytes() for file in files} == files
    assert own_files(course.folder) == there


ASKING = """\
from functools import partial

from kit.numbers import numbers

from grader.suite import expect_beside, points, probe

PAST = {"step-uphill": lambda x, lr: {"to": x + lr}}


@probe("stepped(x, lr)")
def moved(student, x, lr):
    return {"to": student.stepped(x, lr)}


@points(3)
def test_the_step_goes_down(student):
    \"\"\"The step goes down.\"\"\"
    expect_beside(
        partial(moved, student),
        [(numbers(1, 3), 0.5), (numbers(2, 4), 0.25)],
        right=lambda x, lr: {"to": x - lr},
        past={},
        mistakes=PAST,
    )
"""


def test_a_mistake_is_named_through_a_probe(tmp_path: Path) -> None:
    """By a submission with the change that was found, and its proof holds; it is the first one."""
    course = course_in(tmp_path / "course")
    table = course.folder / "mistakes.toml"
    table.unlink()
    (exercise,) = course.exercises
    exercise.hidden_suite.write_text(ASKING)
    before = prove_here(course, exercise, {Kind.MUTANT})
    found = Search(before, answer(fingerprint_of(before, "operands-swapped")))
    text = course.solution_of(exercise).read_text("utf-8")
    (change, *_) = found.changes
    unnamed = Unnamed("lr-minus-x", TEST, text, change.mutant.source, found.reached)
    said = Said("It is wrong.", ("One.", "Two.", "Three."), TEST)
    lesson = Lesson(course, exercise, "lr-minus-x", said, change.file, change.mutant.source)
    (way, *_) = namings(ASKING, unnamed)

    assert table in teach(lesson, way.suite, before, 1)

    assert way.value == "partial(moved, _with_lr_minus_x())"
    assert 'mistakes={"lr-minus-x": partial(moved, _with_lr_minus_x()), **PAST}' in way.suite


def test_another_test_may_learn_a_mistake_that_is_noted(proved: tuple[Course, Proof]) -> None:
    """Only the suite is changed, and it must name the work that the course has."""
    course, before = proved
    (exercise,) = course.exercises
    other = "test_the_old_place_stays"
    lesson = Lesson(course, exercise, "step-uphill", Said(test=other), "hw1.py", "")
    suite = exercise.hidden_suite.read_text("utf-8")
    table = (course.folder / "mistakes.toml").read_bytes()
    given = "lambda: numbers(3, 3) + 1.0"
    (way,) = namings(suite, Unnamed("step-uphill", other, given=given))

    try:
        assert teach(lesson, way.suite, before, 1) == [exercise.hidden_suite]
        assert given in exercise.hidden_suite.read_text("utf-8")
        assert (course.folder / "mistakes.toml").read_bytes() == table
    finally:
        exercise.hidden_suite.write_text(suite, "utf-8")


def test_the_same_students_answers_in_other_tests_belong_together() -> None:
    """Of one exercise."""
    first, second = answer(ONE), replace(answer(OTHER), test="test_more")
    others = [replace(second, exercise="hw2"), replace(second, students=("ana",))]

    assert alike([first, second, *others], first) == [second]


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


SOLUTION = HEAD + (
    'def double(x):\n    """Return twice x."""\n    ### BEGIN SOLUTION\n    y = 2 * x\n'
    "    return y\n    ### END SOLUTION\n\n\ndef same(x):\n    return x\n"
)
PERSONAL = """\
# Hal Smith
import os

def hals_sum(hals_number):
    '''Hal.'''
    return hals_number + 1

def double(hal: "Hal") -> "Hal":
    print("hal was here")
    hals = hals_sum(hal)  # Hal
    return hals

def same(x):
    return x
"""
WRITTEN = {
    "def double(x):\n    y = 3 * x\n    return y\n": "",
    PERSONAL: "",
    "def double(x):\n    import os\n    return x\n": "it imports something",
    "def double(x):\n    return eval(x)\n": "it uses the built-in `eval`",
    "def double(x):\n    return hal(x)\n": "it uses a name from elsewhere, `hal`",
    "def double(x):\n    return x.__class__\n": "it uses `__class__`",
    "def double(x):\n    torch.set_default_dtype(x)\n    return x\n": "it uses `set_default_dtype`",
    "def double(x):\n    return 'hal'\n": "it holds a text of the student's",
    "def double(x):\n    return f'{x}'\n": "it makes a text",
    "def double(x, open):\n    return open(x)\n": "it gives the built-in `open` another meaning",
    "def double(x):\n" + "    x = x + 1\n" * 80: "it has more than 60 lines",
    "def double(:\n": "its code can't be taken apart",
    "\0": "its code can't be taken apart",
    f"x = {'(' * 5_000}": "its code can't be taken apart",
    f"x = {'+'.join('1' * 20_000)}": "its code can't be taken apart",
    "#" * 50_001: "its code can't be taken apart",
    SOLUTION: "its functions are the solution's: something around them differs",
}


@pytest.fixture(scope="module")
def stripped() -> dict[str, Stripped]:
    """Strip what students may have written, all in one process."""
    return dict(zip(WRITTEN, strip_each(SOLUTION, list(WRITTEN)), strict=True))


@pytest.mark.parametrize("text", WRITTEN)
def test_code_is_taken_that_only_computes(stripped: dict[str, Stripped], text: str) -> None:
    """Whatever else it does or says keeps it out of the course; so does what can't be read."""
    found = stripped[text]

    assert found.refused == WRITTEN[text]
    assert bool(found.changed) == (not found.refused)


def test_nothing_of_a_person_is_left(stripped: dict[str, Stripped]) -> None:
    """Names, comments, docstrings, annotations and prints go; what computes stays."""
    found = stripped[PERSONAL]

    assert "hal" not in (found.code + found.changed).lower()
    scope: dict[str, Any] = {}
    exec(found.code, scope)  # noqa: S102 - written above
    assert scope["double"](2) == 3
    assert "def same" not in found.code
    assert list(scope)[1:] == ["helper_1", "double"]


def test_what_differs_in_a_line_is_an_edit(stripped: dict[str, Stripped]) -> None:
    """The solution's own head and markers stay around it."""
    (first, *_) = stripped.values()

    assert edit_between(SOLUTION, first.changed) == ("    y = 2 * x", "    y = 3 * x")
    assert first.distance == 2


@pytest.mark.proof
def test_students_code_is_learned_once_it_was_read(tmp_path: Path) -> None:
    """No change of the solution is what they did: it is shown first, and taken when told to."""
    term = TermClass(tmp_path, {"ana": "2 * x", "hal": "x + 1", "ivy": "1+x"})
    term.suite("[(7,), (5,), (100,)]", three_fold="3 * x")
    term.words("three_fold")
    course = ("--course", str(term.course))
    how = ("--exercise", EXERCISE, "--sandbox", "none", "--jobs", "1", "--device", "cpu")
    grade = ["grade", f"{tmp_path}/hw", "--output", f"{term.reports}", *how, *course]
    assert CliRunner().invoke(app, grade).exit_code == 0
    (test,) = (each for each in term.results["hal"]["exercises"][0]["tests"] if not each["public"])
    words = ["--output", f"{term.reports}", "--jobs", "1", *course]
    before = {file: file.read_bytes() for file in own_files(term.course) if file.is_file()}

    shown = CliRunner().invoke(app, ["learn", test["fingerprint"], *words])
    assert "if you have read it, add --take-code" in str(shown.exception)
    assert "      return x + 1\n" in shown.output
    assert {file: file.read_bytes() for file in before} == before

    command = ["learn", test["fingerprint"], "--take-code", *words]
    with Terminal(tmp_path, command, columns=120) as terminal:
        for question, said in {
            "Name of the mistake": "Two Words",
            "small words with hyphens": "one-more",
            "One sentence": "Your result is one more than x. It should be twice x.",
            "Hint (remind)": "What is twice x?",
            "Hint (point)": "Look at the sum.",
            "Hint (almost)": "Take a product.",
        }.items():
            terminal.wait_for(question)
            terminal.press(said, "Enter")
        screen = terminal.wait_for("LEFT 0")
    assert '"one-more": lambda x: x + 1' in screen

    again = CliRunner().invoke(app, grade).output
    assert f"  no name → one-more in double, {TEST_OF_7}: hal, ivy" in again
    assert "hal" not in (term.course / "mistakes.toml").read_text("utf-8")
