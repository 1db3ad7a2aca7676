"""`prove` stops at each thing that it proves: every test below breaks one of them."""

from __future__ import annotations

from contextlib import closing
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from proving_course import course_in, notebook_in
from several_course import course_in as several_in

from grader.errors import UsageError
from grader.proving.cases import Kind, cases_of
from grader.proving.certificate import Certificate
from grader.proving.mutation import Fate
from grader.proving.page import proof_page
from grader.proving.proof import Proof
from grader.proving.running import prove_here
from grader.proving.telling import chances, details, line_of
from grader.proving.trying.graded import Graded
from grader.proving.trying.grading import LEAST_CPU_S, MOST_CPU_S, Grading
from grader.proving.trying.room import with_suites

if TYPE_CHECKING:
    from pathlib import Path

    from grader.judge.plugin import SuiteRunner

HIDDEN, CHECKS, SOLUTION, MISTAKES = "hidden/hw1.py", "checks/hw1.py", "hw1.py", "mistakes.toml"
IN_PLACE = '[[hw1]]\noperator = "in-place"\nfunction = "stepped"\nnow = "return x.sub_(lr)"\n'
STEP = '"step-uphill": lambda x, lr: x + lr'


def proof_of(folder: Path, *changes: tuple[str, str, str]) -> Proof:
    """Prove the course that was changed."""
    course = course_in(folder, *changes)
    return prove_here(course, course.exercises[0])


def found(folder: Path, kind: Kind, *changes: tuple[str, str, str]) -> list[str]:
    """Return what is found in the course that was changed, tried with one kind alone."""
    course = course_in(folder, *changes)
    proof = prove_here(course, course.exercises[0], kinds={kind, Kind.WRONG})
    return [each.words for each in proof.findings if each.kind == kind]


def test_a_suite_that_shows_all_holds(tmp_path: Path) -> None:
    """All that the suite is tried with gets what it must, and every mutant is caught."""
    proof = proof_of(tmp_path)

    assert proof.holds
    assert {Fate.CAUGHT, Fate.NAMED} == {each.fate for each in proof.mutants}
    assert {"two-steps", "step-uphill"} == set(proof.of_kind(Kind.WRONG))
    named = {each.mutant.operator: each.names for each in proof.mutants if each.names}
    assert named == {"sign-turned": ("step-uphill",), "in-place": ("changes-its-arguments",)}


RATE = '''

@points(1)
def test_the_rate(student):
    """The rate is there."""
    expect(student["RATE"]).equals(0.5)
'''

TO_NAME = '[{}]\nsentence = "So."\nhints = ["A.", "B.", "C."]\n'
LOW = """    low = expect(answer).tensor().min().item()
    expect(answer).satisfies(low < -0.5, "too high.", "step-uphill")
"""
ATTEMPTS = """

from grader.guest.probing import attempt
from grader.suite import probe


@probe("stepped(x, lr), called twice,")
def walks(student, x, longer, lr):
    \"\"\"Take two steps.\"\"\"
    def run(*given):
        return [student.stepped(each, lr) for each in given]
    return attempt(lambda: run(x, longer), {"three-only": REPAIRED})


@points(1)
def test_steps_of_any_size(student):
    \"\"\"Any size will do.\"\"\"
    three, five = numbers(6, 3), numbers(7, 5)
    expect(walks(student, three, five, 0.5)).equals([three - 0.5, five - 0.5])
"""
THREE_ONLY = """
[[three-only.wrong]]
exercise = "hw1"
edit = ["x - lr", "x - lr * x.new_ones(3)"]
test = "test_steps_of_any_size"
verdict = "crashed"
"""


def attempts(repairs: str) -> list[tuple[str, str, str]]:
    """Return a test with an attempt, what it tries instead, and a work that is named by it."""
    test = ATTEMPTS.replace("REPAIRED", repairs)
    mistakes = TO_NAME.format("three-only") + TO_NAME.format("all-the-same") + THREE_ONLY
    return [(HIDDEN, "", test), (MISTAKES, "", mistakes)]


OTHER_WEIGHTS = """
[[wrong]]
exercise = "grad"
name = "other-weights"
test = "test_weights"
"""
OTHER = "def other(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n"

BROKEN = {
    "a stub that passes": (
        [(SOLUTION, "import torch\n", "import torch\n\nRATE = 0.5\n"), (HIDDEN, "", RATE)],
        Kind.STUB,
        "the stub is passed in test_the_rate, not not started",
    ),
    "a function without hints for the blank page": (
        [
            (SOLUTION, "def stepped", f"{OTHER}\n\ndef stepped"),
            (MISTAKES, "", '\n[not-started.hw1]\nstepped = ["a", "b", "c"]\n'),
        ],
        Kind.STUB,
        "other has no hints under [not-started.hw1]",
    ),
    "a solution that loses a point": (
        [(SOLUTION, "return x - lr", "return x - lr * 1.001")],
        Kind.SOLUTION,
        "the solution is wrong in test_the_step_goes_down",
    ),
    "a right work that loses a point": (
        [(MISTAKES, "x + (-lr)", "(x + (-lr)).float()")],
        Kind.RIGHT,
        "harmless-sum is wrong in test_the_step_goes_down",
    ),
    "a test that does not name": (
        [(HIDDEN, f"mistakes={{{STEP}}},", "")],
        Kind.WRONG,
        "step-uphill: test_the_step_goes_down does not name it; it is step-uphill",
    ),
    "a test that names what is another's": (
        [
            (HIDDEN, "x + lr}", "x + lr, 'lr-twice': lambda x, lr: x - 2 * lr}"),
            (MISTAKES, "", TO_NAME.format("lr-twice")),
        ],
        Kind.WRONG,
        "two-steps: test_the_step_goes_down names it lr-twice; it is to have no name",
    ),
    "a work that another test catches": (
        [
            (MISTAKES, "two-steps", "in-place"),
            (MISTAKES, "x - 2 * lr", "x.sub_(lr)"),
        ],
        Kind.WRONG,
        "in-place: test_the_step_goes_down says passed, not wrong",
    ),
    "a work that costs something else": (
        [(MISTAKES, "lost = 3", "lost = 2")],
        Kind.WRONG,
        "step-uphill: it costs 3 points, not 2",
    ),
    "two mistakes that coincide": (
        [(HIDDEN, "x + lr}", "x + lr, 'lr-twice': lambda x, lr: x + 2 * lr - lr}")],
        Kind.SOLUTION,
        "test_the_step_goes_down: step-uphill and lr-twice give the same for",
    ),
    "a mistake that coincides with the right answer": (
        [(HIDDEN, "0.5), (numbers(2, 4), 0.25)", "0.0)")],
        Kind.SOLUTION,
        "test_the_step_goes_down: the right answer and step-uphill give the same for",
    ),
    "a constant as an alternative": (
        [(HIDDEN, "x + lr}", "x + lr, 'lr-twice': lambda x, lr: 0.5}")],
        Kind.SOLUTION,
        "test_the_step_goes_down: lr-twice gives the same for every case",
    ),
    "a range as an alternative": (
        [
            (
                HIDDEN,
                "    expect(answer).equals(numbers(3",
                LOW + "    expect(answer).equals(numbers(3",
            )
        ],
        Kind.SOLUTION,
        "test_the_old_place_stays: step-uphill is named for different answers: a hundredth",
    ),
    "a rule that is left aside without need": (
        [("accepted.toml", "", '[constants.hw1]\nstep-uphill = "It is not."\n')],
        Kind.SOLUTION,
        "accepted.toml lists what is not so: step-uphill under constants",
    ),
    "an attempt that does less than the run that failed": (
        attempts("lambda: run(x)"),
        Kind.WRONG,
        "test_steps_of_any_size: the attempt for three-only makes 1 of the test's 2 calls",
    ),
    "a repair that changes more than one thing": (
        attempts("lambda: run(x, longer[:3]), 'all-the-same': lambda: run(x * 0, longer[:3] * 0)"),
        Kind.WRONG,
        "test_steps_of_any_size: where three-only is named, the repair for all-the-same would do",
    ),
    "two names for one mutant": (
        [
            (HIDDEN, "3, 3) - 1.0)\n", "3, 3) - 1.0, {'lr-twice': numbers(3, 3) + 1.0})\n"),
            (MISTAKES, "", TO_NAME.format("lr-twice")),
        ],
        Kind.MUTANT,
        "lr-twice and step-uphill are both named for `x + lr` instead of `x - lr`",
    ),
    "a name of a public check's for what no hidden test sees": (
        [
            (HIDDEN, "0.5), (numbers(2, 4), 0.25)", "0.0), (numbers(2, 4), 0.0)"),
            (HIDDEN, "1.0", "0.0"),
            (CHECKS, "- 0.5)", "- 0.5, {'step-uphill': numbers(4, 2) + 0.5})"),
        ],
        Kind.MUTANT,
        "step-uphill is named where no hidden test sees `x + lr` instead of `x - lr`",
    ),
    "junk that is a fault of the suite's": (
        [
            (
                HIDDEN,
                "answer = student.stepped(numbers(3, 3), 1.0)",
                "answer = student.stepped(numbers(3, 3), 1.0)\n    float(answer.value[0])",
            )
        ],
        Kind.JUNK,
        "stepped-none: test_the_old_place_stays is a grader fault",
    ),
    "a mutant that is not caught": (
        [(HIDDEN, "    expect(answer).leaves_arguments_alone()\n", "")],
        Kind.MUTANT,
        "no test sees this: `x.sub_(lr)` instead of `x - lr` (stepped, line 9, in-place)",
    ),
    "a list of equivalent mutants that is out of date": (
        [
            (
                "accepted.toml",
                "",
                f'{IN_PLACE}reason = "None."\n',
            )
        ],
        Kind.MUTANT,
        "accepted.toml lists what is not so: in-place in stepped",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_found(tmp_path: Path, what: str) -> None:
    """The finding says what it is about, and in which test."""
    changes, kind, words = BROKEN[what]
    findings = found(tmp_path, kind, *changes)

    assert [each for each in findings if each.startswith(words)], findings


def test_a_constant_may_be_accepted_with_a_reason(tmp_path: Path) -> None:
    """Whoever gives it has made that mistake, whatever the data are."""
    constant = (HIDDEN, "x + lr}", "x + lr, 'lr-twice': lambda x, lr: 0.5}")
    accepted = ("accepted.toml", "", '[constants.hw1]\nlr-twice = "It is."\n')

    assert proof_of(tmp_path, constant, accepted).holds


def test_an_attempt_that_does_as_much_and_changes_one_thing_is_right(tmp_path: Path) -> None:
    """The name of what it repairs is given for it alone."""
    findings = found(tmp_path, Kind.WRONG, *attempts("lambda: run(x, longer[:3])"))

    assert not [each for each in findings if "three-only" in each]


def test_declared_files_are_handed_in_as_the_course_or_a_work_has_them(tmp_path: Path) -> None:
    """What is no module counts, too; nothing of one case is there in the next."""
    overlay = {"mistakes.toml": OTHER_WEIGHTS, "wrong/grad/other-weights/weights.bin": "\x01"}
    course = several_in(tmp_path, overlay)
    proof = prove_here(course, course.exercise_named("grad"), kinds={Kind.WRONG, Kind.RIGHT})

    assert proof.holds, proof.findings


def test_cells_of_a_notebook_have_mutants_and_names_are_theirs(tmp_path: Path) -> None:
    """Of each operator a cell has one, which is tried with the tests that are about the cell."""
    course = notebook_in(tmp_path)
    proof = prove_here(course, course.exercises[0])

    fates = {(each.mutant.function, each.mutant.operator): each.fate for each in proof.mutants}
    assert fates == {
        ("first", "number-changed"): Fate.NAMED,
        ("second", "in-place"): Fate.SURVIVED,
        ("second", "number-changed"): Fate.CAUGHT,
        ("second", "operand-left-out"): Fate.CAUGHT,
        ("second", "sign-turned"): Fate.NAMED,
    }
    words = (
        "twice-as-much, a mistake in first, is named for `x - 1.0` instead of `x + 1.0` (second,"
    )
    assert [each for each in proof.findings if each.words.startswith(words)]


def test_a_name_that_is_given_falsely_where_no_cell_has_an_id_is_found(tmp_path: Path) -> None:
    """Classrooms hand such notebooks in: what a later cell leaves is judged there."""
    later = ("nb.py", "y = x + 1.0\n", "y = x + 1.0\nx = torch.tensor([7.0, 2.5])\n")
    words = 'sentence = "It is seven."\nhints = ["How much?", "Look at the number.", "Less."]\n'
    named = "torch.tensor([3.0, 2.5]), 'as-if-seven': torch.tensor([7.0, 2.5])"
    course = notebook_in(
        tmp_path,
        later,
        ("mistakes.toml", "", f"\n[as-if-seven]\n{words}"),
        ("hidden/nb.py", "torch.tensor([3.0, 2.5])", named),
    )
    proof = prove_here(course, course.exercises[0], kinds={Kind.WRONG, Kind.WITHOUT_IDS})

    findings = [(each.kind, each.words) for each in proof.findings if each.kind != Kind.MUTANT]
    assert findings == [
        (Kind.WITHOUT_IDS, "twice-as-much: as-if-seven is named in test_the_first, which it is not")
    ]


def test_a_name_that_is_given_to_another_functions_mutant_is_found(tmp_path: Path) -> None:
    """What is a mistake in one function must not be named where another one is wrong."""
    other = '''

def twice(x: torch.Tensor, lr: float) -> torch.Tensor:
    """Take two steps down."""
    ### BEGIN SOLUTION
    return stepped(x, lr) - lr
    ### END SOLUTION
'''
    test = '''

@points(1)
def test_two_steps_go_down(student):
    """Two steps go down."""
    expect(student.twice(numbers(5, 3), 0.5)).equals(
        numbers(5, 3) - 1.0, mistakes={"step-uphill": numbers(5, 3)}
    )
'''
    findings = found(tmp_path, Kind.MUTANT, (SOLUTION, "", other), (HIDDEN, "", test))

    words = "step-uphill, a mistake in stepped, is named for `stepped(x, lr) + lr` instead of"
    assert [each for each in findings if each.startswith(words)]


def test_an_equivalent_mutant_is_listed_with_its_reason(tmp_path: Path) -> None:
    """It is no hole; the reason goes along with it."""
    seen = (HIDDEN, "    expect(answer).leaves_arguments_alone()\n", "")
    proof = proof_of(tmp_path, seen, ("accepted.toml", "", f'{IN_PLACE}reason = "It may."\n'))

    assert proof.holds
    assert [e.reason for e in proof.mutants if e.fate is Fate.EQUIVALENT] == ["It may."]


@pytest.mark.parametrize(
    ("entry", "words"),
    {
        '[[hw2]]\noperator = "rebound"': "line 1: there is no exercise 'hw2'; did you mean 'hw1'",
        '[[hw1]]\noperator = "in-plac"\nnow = "x"\nreason = "x"': "did you mean 'in-place'",
        '[[hw1]]\noperator = "in-place"\nnow = "x"': "line 1: the mutant has no 'reason'",
        "[constants.hw1]\nlr-twice = 3": "names of mistakes, each with a reason",
        '[hw1]\noperator = "in-place"': r"write a table `\[\[hw1\]\]` for each mutant",
    }.items(),
)
def test_a_list_of_equivalent_mutants_with_a_typo_is_told(
    tmp_path: Path, entry: str, words: str
) -> None:
    """The message names the line, and what was meant."""
    course = course_in(tmp_path, ("accepted.toml", "", entry))

    with pytest.raises(UsageError, match=words):
        prove_here(course, course.exercises[0], kinds={Kind.STUB})


def test_a_case_that_ends_its_process_is_found(tmp_path: Path) -> None:
    """It costs the case that the process was at, and no other."""
    course = course_in(tmp_path)
    graded = list(prove_here(course, course.exercises[0], kinds={Kind.RIGHT}).graded)
    graded[-1] = (graded[-1][0], Graded(()))
    proof = Proof(course.exercises[0], tuple(graded))

    words = ["harmless-sum: it ended the process that graded it"]
    assert words == [each.words for each in proof.findings]


def test_a_mutant_that_runs_for_ever_is_ended_soon(tmp_path: Path) -> None:
    """It has a multiple of the solution's time; the solution, whatever it takes, has a minute."""
    course = course_in(tmp_path)
    solution, *others = cases_of(course, course.exercises[0])
    mutant = next(case for case in others if case.mutant)
    limits: list[float] = []

    def serve(runner: SuiteRunner) -> None:
        with closing(Grading(runner, solution, limits.append)) as grading:
            grading.grade(solution)
            grading.grade(mutant)

    with_suites(course.exercises, serve)

    assert limits[:2] == [MOST_CPU_S, MOST_CPU_S]
    assert LEAST_CPU_S <= limits[2] < MOST_CPU_S


def test_the_terminal_and_the_page_say_what_was_found(tmp_path: Path) -> None:
    """A line says how much there is, the next ones what; the page has the mutants as well."""
    unseen = (HIDDEN, "    expect(answer).leaves_arguments_alone()\n", "")
    course = course_in(tmp_path, unseen)
    proof = prove_here(course, course.exercises[0])
    certificate = Certificate(proof.exercise, 200, {"test_the_step_goes_down": 1})
    page = proof_page(course, [proof], {proof.exercise: certificate})

    line = (
        "\N{BALLOT X} hw1: 2 wrong works, 1 right, 6 mutants "
        "(1 named, 4 caught, 0 equivalent, 1 survived); 1 found"
    )
    assert line == line_of(proof)
    detail, _, _, entry = details(proof)
    assert detail.startswith("  mutant: no test sees this: `x.sub_(lr)` instead of `x - lr`")
    accepting = course_in(tmp_path / "accepting", unseen, ("accepted.toml", "", dedent(entry)))
    assert prove_here(accepting, accepting.exercises[0]).holds
    assert "return x.sub_(lr)" in page
    assert "test_the_step_goes_down" in page
    assert "2.35%" in page
    assert "2.35%" in "".join(chances(certificate))


def test_one_case_of_a_test_with_parameters_is_enough(tmp_path: Path) -> None:
    """The course names the test; its cases have names of their own."""
    cases = "import pytest\n\nfrom kit.numbers import numbers"
    course = course_in(
        tmp_path,
        (HIDDEN, "from kit.numbers import numbers", cases),
        (HIDDEN, "@points(2)", '@pytest.mark.parametrize("seed", [1, 5])\n@points(1)'),
        (HIDDEN, "goes_down(student)", "goes_down(student, seed)"),
        (HIDDEN, "(numbers(1, 3), 0.5)", "(numbers(seed, 3), 0.5)"),
    )

    assert prove_here(course, course.exercises[0], kinds={Kind.WRONG}).holds
