"""Tests of `grader.judge.plugin`, with small suites of their own."""

from __future__ import annotations

import sys
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
import torch
from the_lab import LAB, exercise_named

from grader.asking.discretion import Discretion, HandedIn
from grader.courses import Exercise
from grader.courses.mistakes import hint_of, known_mistakes
from grader.errors import InfrastructureError, SubmissionError
from grader.guest.crossing.values import Value, pack
from grader.guest.crossing.wire import Call, Probe, Rejected, Reply, Request, Returned
from grader.judge.local import LocalAttempt
from grader.judge.plugin import MAX_MESSAGE, SuiteRunner, run_suites
from grader.results.verdicts import Verdict, totals
from grader.sandbox.failures import GuestDiedError, GuestGarbledError, GuestTimeoutError

if TYPE_CHECKING:
    from pathlib import Path

    from grader.asking.refusals import Channel
    from grader.judge.plugin import Attempt, Outcome
    from grader.results.verdicts import TestResult

EXERCISE = Exercise("ex_sample", "A sample", LAB.folder)
IMPORTS = """
import itertools
import pytest
import torch
from grader.expecting.expect import expect
from grader.asking.probes import points, probe
"""
ONE_TEST = '''
@points(2)
def test_answer(student):
    """The answer is two."""
    expect(student.f(torch.ones(2))).equals(2.0, mistakes={"sum-not-mean": 4.0})
'''


@dataclass
class Scripted:
    """An attempt whose channel gives one reply to everything, or raises."""

    reply: Reply | Exception
    device: str = "cpu"
    asked: list[Request] = field(default_factory=list)
    cell_error: SubmissionError | None = None
    discretion: Discretion | None = None

    def channel(self, cell: str = "") -> Channel:
        """Return what answers."""
        del cell
        return self

    def ask(self, request: Request) -> Reply:
        """Note the request, and reply."""
        self.asked.append(request)
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply


def suite(folder: Path, tests: str, kind: str = "hidden") -> Path:
    """Write a suite of the sample exercise."""
    file = folder / kind / f"{EXERCISE.name}.py"
    file.parent.mkdir()
    file.write_text(IMPORTS + textwrap.dedent(tests), encoding="utf-8")
    return file


def handed_in(folder: Path, code: str) -> LocalAttempt:
    """Load a submission with this code."""
    file = folder / f"{EXERCISE.name}.py"
    file.write_text(code, encoding="utf-8")
    return LocalAttempt(EXERCISE, file)


def run(file: Path, *attempts: Attempt) -> list[Outcome]:
    """Collect a suite once and run it for one attempt after the other."""
    outcomes: list[Outcome] = []

    def serve(runner: SuiteRunner) -> None:
        public = file.parent.name == "checks"
        outcomes.extend(runner.run(EXERCISE, attempt, public=public) for attempt in attempts)

    run_suites([file], serve)
    return outcomes


def only_result(file: Path, attempt: Attempt) -> TestResult:
    """Run a suite of one test."""
    (outcome,) = run(file, attempt)
    (result,) = outcome.results
    return result


def verdicts(outcome: Outcome) -> list[Verdict]:
    """Return the verdicts of an outcome in the suite's order."""
    return [result.verdict for result in outcome.results]


def test_a_right_answer_gets_the_points_of_its_test(tmp_path: Path) -> None:
    """A pass needs no words."""
    result = only_result(suite(tmp_path, ONE_TEST), handed_in(tmp_path, "def f(x): return 2.0"))

    assert result.name == "test_answer"
    assert result.title == "The answer is two."
    assert (result.verdict, result.score, result.max_score) == (Verdict.PASSED, 2.0, 2.0)
    assert (result.message.text, result.mistake) == ("", None)
    assert not result.public


@pytest.mark.parametrize(
    ("code", "verdict", "words"),
    [
        ("def f(x): return 3.0", Verdict.WRONG, "the value is wrong"),
        (
            "def f(x): raise NotImplementedError",
            Verdict.NOT_STARTED,
            "written yet (ex_sample.py:1)",
        ),
        ("def f(x): return 1 / 0", Verdict.CRASHED, "ZeroDivisionError: division by zero"),
        ("def f(): return 2.0", Verdict.CRASHED, "TypeError"),
        ("1 / 0", Verdict.CRASHED, "`import ex_sample.py` raised ZeroDivisionError"),
        ("def ff(x): return 2.0", Verdict.MISSING, "did you mean your `ff`"),
        ("def f(x) return 2.0", Verdict.UNREADABLE, "ex_sample.py:1: SyntaxError"),
    ],
)
def test_what_became_of_the_students_code_is_the_verdict(
    tmp_path: Path, code: str, verdict: Verdict, words: str
) -> None:
    """Each kind of failure has its verdict and a sentence, and no points."""
    result = only_result(suite(tmp_path, ONE_TEST), handed_in(tmp_path, code))

    assert result.verdict is verdict
    assert words in result.message.text
    assert (result.score, result.max_score) == (0.0, 2.0)


@pytest.mark.parametrize(
    ("failure", "verdict", "words"),
    [
        (GuestTimeoutError(2.0), Verdict.TIMED_OUT, "took more than 2 s"),
        (GuestDiedError("was ended by SIGSEGV"), Verdict.CRASHED, "was ended by SIGSEGV"),
        (GuestGarbledError(), Verdict.CRASHED, "something that is not a result"),
        (Rejected("It is unfit."), Verdict.WRONG, "It is unfit."),
    ],
)
def test_what_became_of_the_guest_is_the_verdict(
    tmp_path: Path, failure: Reply | Exception, verdict: Verdict, words: str
) -> None:
    """Silence, death and nonsense are the student's side."""
    result = only_result(suite(tmp_path, ONE_TEST), Scripted(failure))

    assert result.verdict is verdict
    assert words in result.message.text


def test_no_traceback_is_formatted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads one, and to make it takes longer than most tests."""

    def formatted(*_: object, **__: object) -> None:
        raise AssertionError("a traceback is formatted")

    with monkeypatch.context() as patch:
        patch.setattr(pytest.ExceptionInfo, "getrepr", formatted)
        result = only_result(suite(tmp_path, ONE_TEST), Scripted(Returned(4.0)))

    assert result.verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("code", "raised"),
    [
        ("def f(x): return 1 / 0", "zero-division-error"),
        ("class OwnError(KeyError): pass\ndef f(x): raise OwnError", "key-error"),
        ("class TypeMisspelt(Exception): pass\ndef f(x): raise TypeMisspelt", "any-exception"),
        ("def f(x): return x.shpe", ""),
        ("def f(x): return x + 1", ""),
    ],
)
def test_a_crash_without_a_mistake_has_the_hint_of_its_kind(
    tmp_path: Path, code: str, raised: str
) -> None:
    """What has a name, or is no crash, has none of these."""
    result = only_result(suite(tmp_path, ONE_TEST), handed_in(tmp_path, code))

    assert raised == result.raised
    assert bool(hint_of(result, LAB)) == bool(result.raised or result.mistake)


def test_a_process_that_died_has_its_own_hint(tmp_path: Path) -> None:
    """No exception is there to be explained."""
    died = only_result(suite(tmp_path, ONE_TEST), Scripted(GuestDiedError("was ended by SIGSEGV")))

    assert died.raised == "process-ended"


def test_a_recognised_mistake_is_kept_without_its_words(tmp_path: Path) -> None:
    """The slug alone: whoever shows the result looks them up."""
    two_numbers = ONE_TEST.replace("2.0", "[2.0, 1.0]").replace("4.0", "[4.0, 2.0]")
    student = handed_in(tmp_path, "def f(x): return [4.0, 2.0]")
    result = only_result(suite(tmp_path, two_numbers), student)

    assert result.mistake == "sum-not-mean"
    assert known_mistakes(LAB)["sum-not-mean"].sentence not in result.message.text


def test_a_mistake_that_the_table_does_not_have_is_not_named(tmp_path: Path) -> None:
    """A guest may claim anything, at any length."""
    claim = Rejected("x" * 10**6, "<b>no-such-mistake</b>")
    result = only_result(suite(tmp_path, ONE_TEST), Scripted(claim))

    assert result.mistake is None
    assert len(result.message.text) <= MAX_MESSAGE


def test_a_public_check_shows_values_and_is_worth_nothing(tmp_path: Path) -> None:
    """Also where somebody gave it points."""
    attempt = handed_in(tmp_path, "def f(x): return 3.0")
    result = only_result(suite(tmp_path, ONE_TEST, "checks"), attempt)

    assert result.public
    assert (result.score, result.max_score) == (0.0, 0.0)
    assert "yours: 3" in result.message.text


@pytest.mark.parametrize(("kind", "shown"), [("hidden", False), ("checks", True)])
def test_an_exception_carries_no_hidden_data_out(tmp_path: Path, kind: str, shown: bool) -> None:
    """A submission may raise what it was given; only a public check says so."""
    attempt = handed_in(tmp_path, "def f(x): raise ValueError(f'given {x} and {x.sum() / 3:.6f}')")
    result = only_result(suite(tmp_path, ONE_TEST, kind), attempt)

    assert "raised ValueError: given tensor(" in result.message.text
    assert ("[1., 1.]" in result.message.text) == shown
    assert ("0.666667" in result.message.text) == shown


def test_lines_that_errors_name_are_kept_for_the_report(tmp_path: Path) -> None:
    """Once each, whatever the number of tests."""
    tests = ONE_TEST + ONE_TEST.replace("test_answer", "test_again")
    (outcome,) = run(suite(tmp_path, tests), handed_in(tmp_path, "\ndef f(x):\n    return 1 / 0"))

    assert outcome.lines == {3}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def test_x(:", "SyntaxError"),
        ("import no_such_module", "No module named 'no_such_module'"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_broken_suite_is_a_fault_of_ours_with_the_reason(
    tmp_path: Path, text: str, reason: str
) -> None:
    """Nothing is graded with it."""
    file = suite(tmp_path, text)

    with pytest.raises(InfrastructureError, match=reason) as broken:
        run(file, Scripted(Returned(2.0)))

    assert file.name in str(broken.value)


def test_a_broken_suite_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    """It is named by those who run it, with the line, and nobody else."""
    fine, broken = suite(tmp_path, ONE_TEST), suite(tmp_path, "1 / 0", kind="checks")
    outcomes: list[Outcome] = []

    def serve(runner: SuiteRunner) -> None:
        outcomes.append(runner.run(EXERCISE, Scripted(Returned(2.0)), public=False))
        runner.run(EXERCISE, Scripted(Returned(2.0)), public=True)

    with pytest.raises(InfrastructureError, match=r"line \d+: ZeroDivisionError") as told:
        run_suites([broken, fine, tmp_path / "hidden" / "ex_other.py"], serve)

    assert verdicts(outcomes[0]) == [Verdict.PASSED]
    assert f"could not be collected: {broken}" in str(told.value)


def test_a_misspelt_marker_breaks_a_suite(tmp_path: Path) -> None:
    """A test would be worth nothing otherwise."""
    file = suite(tmp_path, "@pytest.mark.pionts(2)\ndef test_x(student): ...")

    with pytest.raises(InfrastructureError, match="'pionts' not found"):
        run(file, Scripted(Returned(2.0)))


def test_a_suite_that_is_not_there_is_a_fault_of_ours(tmp_path: Path) -> None:
    """The path is named."""
    with pytest.raises(InfrastructureError, match="could not be collected"):
        run(tmp_path / "hidden" / "ex_sample.py", Scripted(Returned(2.0)))


@pytest.mark.parametrize(
    "test",
    [
        "def test_x(student): 1 / 0",
        "def test_x(student): assert 1 == 2; expect(student.f()).equals(2.0)",
        "def test_x(student): expect(student.f()).equals(2.0); raise SystemExit",
        "def test_x(student, no_such_fixture): ...",
        "@pytest.fixture\ndef data(): raise ValueError\ndef test_x(student, data): ...",
        "@pytest.fixture\ndef data(): yield; raise ValueError\n"
        "def test_x(student, data): expect(student.f()).equals(2.0)",
        "def test_x(student): expect(student.f()).equals(torch.ones(1) @ torch.ones(2))",
    ],
    ids=["test", "assertion", "exit", "no fixture", "fixture", "teardown", "oracle"],
)
def test_an_exception_of_ours_is_a_grader_fault_and_stops_nothing(
    tmp_path: Path, test: str
) -> None:
    """The tests before and after it have their own verdicts."""
    one, two = ONE_TEST.replace("test_answer", "test_a"), ONE_TEST.replace("test_answer", "test_z")
    (outcome,) = run(suite(tmp_path, f"{one}\n{test}\n{two}"), Scripted(Returned(2.0)))

    assert verdicts(outcome) == [Verdict.PASSED, Verdict.GRADER_FAULT, Verdict.PASSED]
    assert outcome.results[1].message.text
    assert outcome.results[1].score == 0


def test_what_went_wrong_first_is_the_verdict(tmp_path: Path) -> None:
    """A fixture that fails after a wrong answer does not hide it."""
    tests = """
        @pytest.fixture
        def data(): yield; raise ValueError
        def test_x(student, data): expect(student.f()).equals(3.0)
    """

    assert only_result(suite(tmp_path, tests), Scripted(Returned(2.0))).verdict is Verdict.WRONG


@pytest.mark.parametrize(
    "test",
    [
        "def test_x(student): ...",
        "def test_x(student): student.f()",
        "def test_x(student): expect(student.f())",
        "def test_x(student): student.f(); assert 1 == 1",
        "def test_x(student): assert student",
        "def test_x(student):\n for _ in student.f().value[2:]: assert 1 == 1",
        "def test_x(): ...",
    ],
)
def test_a_test_that_compares_nothing_has_not_passed(tmp_path: Path, test: str) -> None:
    """A positive match is needed."""
    answer = Scripted(Returned(pack([2.0, 1.0])))
    result = only_result(suite(tmp_path, f"@points(2)\n{test}"), answer)

    assert result.verdict is Verdict.GRADER_FAULT
    assert result.message.text == "the test ended without comparing anything"


@pytest.mark.parametrize(
    "test",
    [
        "def test_x(student): expect(student.f()).equals(2.0); pytest.skip('later')",
        "@pytest.mark.skip\ndef test_x(student): expect(student.f()).equals(2.0)",
        "@pytest.mark.skipif(True, reason='no')\ndef test_x(student): ...",
        "def test_x(student): expect(student.f()).equals(2.0); pytest.xfail('later')",
        "@pytest.mark.xfail(run=False)\ndef test_x(student): ...",
    ],
)
def test_a_skipped_test_has_not_passed(tmp_path: Path, test: str) -> None:
    """Whatever pytest makes of it, a score needs a comparison."""
    result = only_result(suite(tmp_path, test), Scripted(Returned(2.0)))

    assert result.verdict is Verdict.GRADER_FAULT


def test_a_test_that_is_expected_to_fail_gets_its_verdict_all_the_same(tmp_path: Path) -> None:
    """A marker does not turn a wrong answer into something else."""
    test = "@pytest.mark.xfail\ndef test_x(student): expect(student.f()).equals(3.0)"

    assert only_result(suite(tmp_path, test), Scripted(Returned(2.0))).verdict is Verdict.WRONG


def test_each_parameter_is_a_test_of_its_own(tmp_path: Path) -> None:
    """A parametrised test gives a result for each case."""
    test = """
        @points(1)
        @pytest.mark.parametrize("right", [1.0, 2.0])
        def test_x(student, right): expect(student.f()).equals(right)
    """
    (outcome,) = run(suite(tmp_path, test), Scripted(Returned(2.0)))

    assert verdicts(outcome) == [Verdict.WRONG, Verdict.PASSED]


def test_a_suite_is_collected_once_for_all_attempts(tmp_path: Path) -> None:
    """Its module keeps counting from one submission to the next."""
    test = "COUNT = itertools.count()\ndef test_x(student): expect(student.f()).equals(next(COUNT))"
    outcomes = run(suite(tmp_path, test), *(Scripted(Returned(count)) for count in range(4)))

    assert [verdicts(outcome) for outcome in outcomes] == [[Verdict.PASSED]] * 4


def test_fixtures_are_set_up_anew_for_each_attempt(tmp_path: Path) -> None:
    """What one submission's tests share reaches no other submission."""
    tests = """
        @pytest.fixture(scope="session")
        def seen(): return []

        @pytest.mark.parametrize("count", [1, 2])
        def test_x(student, seen, count):
            seen.append(student.f().value)
            expect(student.f()).equals(len(seen) + seen[0] - count)
    """
    outcomes = run(suite(tmp_path, tests), *(Scripted(Returned(value)) for value in (7, 8, 7)))

    assert [verdicts(outcome) for outcome in outcomes] == [[Verdict.PASSED] * 2] * 3


def test_an_attempt_is_not_affected_by_the_one_before(tmp_path: Path) -> None:
    """A crash, a pass and a timeout each stay with their submission."""
    attempts: list[Attempt] = [
        Scripted(GuestDiedError("exited")),
        handed_in(tmp_path, "def f(x): return 2.0"),
        Scripted(GuestTimeoutError(1.0)),
        Scripted(Returned(2.0)),
    ]
    outcomes = run(suite(tmp_path, ONE_TEST), *attempts)

    assert [verdicts(outcome) for outcome in outcomes] == [
        [Verdict.CRASHED],
        [Verdict.PASSED],
        [Verdict.TIMED_OUT],
        [Verdict.PASSED],
    ]


def test_seeds_are_a_tests_own_and_the_same_for_everybody(tmp_path: Path) -> None:
    """A submission's luck does not depend on who was graded before it."""
    tests = """
        @probe("f()")
        def probed(student): return 2.0

        def test_a(student):
            expect(student.f()).equals(2.0)
            expect(probed(student)).equals(2.0)

        def test_b(student): expect(student.f()).equals(2.0)
    """
    attempts = [Scripted(Returned(2.0)), Scripted(Returned(2.0))]
    run(suite(tmp_path, tests), *attempts)
    one, other = (
        [ask.seed for ask in each.asked if isinstance(ask, Call | Probe)] for each in attempts
    )

    assert one == other
    assert len(set(one)) == 3


def test_what_serving_raises_comes_out(tmp_path: Path) -> None:
    """Pytest does not swallow it."""

    def serve(runner: SuiteRunner) -> None:
        del runner
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_suites([suite(tmp_path, ONE_TEST)], serve)


@pytest.mark.parametrize(
    ("uses", "named"),
    [
        ("difference(1, 2)", "grader.answers.difference.difference"),
        ("networks.layers(1)", "kit.networks"),
        ("helper()", "tables.rows"),
    ],
)
def test_a_probe_that_a_submission_can_not_run_breaks_its_suite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uses: str, named: str
) -> None:
    """It would fail there, in the student's name; what it refers to is named."""
    (tmp_path / "tables.py").write_text("def rows(): return 3", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "networks.py").write_text("def layers(n): return n", encoding="utf-8")
    test = f"""
        from kit import networks
        from grader.answers.difference import difference
        from tables import rows
        def helper(): return rows()
        @probe("f()")
        def probed(student): return {uses}
        def test_x(student): expect(probed(student)).equals(3)
    """
    with pytest.raises(InfrastructureError, match="nothing of that is beside a submission") as told:
        run(suite(tmp_path, test), Scripted(Returned(3)))

    assert f"{EXERCISE.name}.py: The probe `probed` refers to {named}, " in str(told.value)


def test_a_probe_may_use_what_its_own_file_defines(tmp_path: Path) -> None:
    """And Python, torch, NumPy, and what probes are made of."""
    test = """
        import collections
        import numpy as np
        from grader.guest.probing import works
        THREE = collections.Counter(a=3)
        def three(): return THREE["a"] if works(lambda: torch.ones(1) @ np.ones(1)) else 3
        @probe("f()")
        def probed(student): return three()
        def test_x(student): expect(probed(student)).equals(3)
    """
    assert only_result(suite(tmp_path, test), handed_in(tmp_path, "")).verdict is Verdict.PASSED


PROBED = """
    @probe("f(x)")
    def probed(student, x): return student.f(x).shape[0]
    def test_x(student): expect(probed(student, torch.ones(2))).equals(2)
"""


def test_what_a_probe_can_not_go_on_with_is_told(tmp_path: Path) -> None:
    """Where no line of the student's has raised, the answer is what is wrong."""
    file = suite(tmp_path, PROBED)
    nothing = only_result(file, handed_in(tmp_path, "def f(x): ..."))
    many = only_result(file, handed_in(tmp_path, "def f(x): return [x.shape, x]"))
    own = only_result(file, handed_in(tmp_path, "def f(x): return x.nothing"))

    assert [each.verdict for each in (nothing, many, own)] == [Verdict.CRASHED] * 3
    assert nothing.message.text == (
        "`f(x)` with x (2,) float32: `f` returned None. Using it raised "
        "AttributeError: 'NoneType' object has no attribute 'shape'"
    )
    assert "`f` returned a list. Using it raised" in many.message.text
    assert "` with x (2,) float32 raised AttributeError" in own.message.text


def test_what_the_reference_gets_wrong_is_the_suites_fault(tmp_path: Path) -> None:
    """A probe that fails on right work, above all."""
    solution = handed_in(tmp_path, "def f(x): return None")
    results: list[TestResult] = []

    def serve(runner: SuiteRunner) -> None:
        for reference in (True, False):
            results.extend(
                runner.run(EXERCISE, solution, public=False, reference=reference).results
            )

    run_suites([suite(tmp_path, PROBED)], serve)

    assert [each.verdict for each in results] == [Verdict.GRADER_FAULT, Verdict.CRASHED]
    assert "`f` returned None" in results[0].message.text


ASSERTS = """
    @pytest.fixture
    def right(): return 2.0

    @points(2)
    @pytest.mark.parametrize("at", [0, 1])
    def test_numbers(student, right, at):
        numbers = student.f().value
        assert len(numbers) == 2, "There are two numbers."
        assert numbers[at] == right
"""


@pytest.mark.parametrize(
    ("value", "each"),
    [
        ([2.0, 2.0], [Verdict.PASSED, Verdict.PASSED]),
        ([2.0, 3.25], [Verdict.PASSED, Verdict.WRONG]),
        ([2.0], [Verdict.WRONG, Verdict.WRONG]),
        (None, [Verdict.WRONG, Verdict.WRONG]),
        (torch.ones(2, 2), [Verdict.WRONG, Verdict.WRONG]),
    ],
    ids=["right", "one wrong", "short", "nothing", "tensor"],
)
def test_an_assert_is_a_verdict_about_what_came_back(
    tmp_path: Path, value: object, each: list[Verdict]
) -> None:
    """One that holds counts, and one that can't be computed does not hold."""
    (outcome,) = run(suite(tmp_path, ASSERTS), Scripted(Returned(pack(value))))

    assert verdicts(outcome) == each
    assert [result.score for result in outcome.results] == [2.0 * (v == "passed") for v in each]


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("hidden", [2.0], "`f()` returned a list of 1 item: There are two numbers."),
        ("hidden", [3.25, 1.0], "`f()` returned a list of 2 items: it is not as required."),
        ("hidden", None, "`f()` returned None: it can't be used there (TypeError)."),
        (
            "checks",
            [2.0],
            "`f()` returned a list of 1 item: There are two numbers.\n    assert 1 == 2\n"
            "     +  where 1 = len(a list of 1 item [2])",
        ),
        (
            "checks",
            [3.25, 1.0],
            "`f()` returned a list of 2 items: it is not as required.\n    assert 3.25 == 2",
        ),
        (
            "checks",
            None,
            "`f()` returned None: it can't be used there (TypeError).\n"
            "    object of type 'NoneType' has no len()",
        ),
    ],
)
def test_an_assert_shows_values_only_in_a_public_check(
    tmp_path: Path, kind: str, value: object, message: str
) -> None:
    """A hidden test says what the suite wrote, and not the statement: it holds what is right."""
    (outcome,) = run(suite(tmp_path, ASSERTS, kind), Scripted(Returned(pack(value))))

    assert outcome.results[0].message.text == message


@pytest.mark.parametrize(
    "text",
    [
        "assert oracle() == student.f().value",
        "numbers = student.f().value\n    numbers[5]",
        "assert student.f().value == [oracle()]",
        "torch.testing.assert_close(student.f().value, 3.0)",
        "student.f().value; raise AssertionError('no')",
        "student.f().value; pytest.fail('no')",
    ],
)
def test_an_error_that_no_assert_has_raised_is_a_fault_of_ours(tmp_path: Path, text: str) -> None:
    """The suite's own computations, above all."""
    test = f"def oracle():\n    return 1 / 0\ndef test_x(student):\n    {text}"
    result = only_result(suite(tmp_path, test), Scripted(Returned(pack([2.0, 1.0]))))

    assert result.verdict is Verdict.GRADER_FAULT


def test_an_assert_prints_nothing_that_takes_long(tmp_path: Path) -> None:
    """A tensor of many dimensions takes minutes, and lines of text are compared each with each."""
    test = """
        def test_long(student): assert student.f()[0].value == "a\\n" * 50
        def test_deep(student): assert student.f()[1].value is None
        def test_all(student):
            everything = student.f().value
            assert everything
            assert not everything, everything
    """
    value: Value = pack(["ab \n" * 2_000, torch.zeros((2,) * 20)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.Tensor, "__repr__", lambda _: 1 / 0)
        patch.setattr("difflib.ndiff", lambda *_: 1 / 0)
        (outcome,) = run(suite(tmp_path, test, "checks"), Scripted(Returned(value)))

    assert verdicts(outcome) == [Verdict.WRONG] * 3
    assert all(len(each.message.text) < 1_500 for each in outcome.results)


def test_a_suite_that_pytest_itself_has_run_counts_its_asserts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it has kept of the suite was made without counting."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = suite(tmp_path, "def test_x(student): assert student.f().value == 2.0")
    plain = ["-p", "no:cacheprovider", "-p", "no:terminal", "--rootdir", str(tmp_path)]
    pytest.main([*plain, "-c", "/dev/null", str(file)])
    assert list((file.parent / "__pycache__").glob("*-pytest-*.pyc"))

    assert only_result(file, Scripted(Returned(2.0))).verdict is Verdict.PASSED


def test_only_suites_are_rewritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else is imported meanwhile is as its authors wrote it."""
    (tmp_path / "beside.py").write_text("def met(x): assert x", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    test = """
        import beside
        MINE, THEIRS = "@pytest_ar" in globals(), "@pytest_ar" in vars(beside)
        def test_x(student): expect(student.f()).equals(2.0); beside.met(MINE)
        def test_y(student): expect(student.f()).equals(2.0); beside.met(THEIRS)
    """
    (outcome,) = run(suite(tmp_path, test), Scripted(Returned(2.0)))

    assert verdicts(outcome) == [Verdict.PASSED, Verdict.GRADER_FAULT]


def test_a_probe_has_no_assert(tmp_path: Path) -> None:
    """What it returns is judged where no submission can reach."""
    test = """
        @probe("f()")
        def probed(student): assert student.f()
        def test_x(student): expect(probed(student)).equals(None)
    """
    with pytest.raises(InfrastructureError, match="`probed` has an assert"):
        run(suite(tmp_path, test), Scripted(Returned(None)))


TIERS = """
    @points(4)
    def test_training(student):
        \"\"\"Training gets far.\"\"\"
        answer = student.f()
        share = expect(answer).tensor((2,)).mean().item()
        expect(answer).reaches(share, {0.3: 0.25, 0.6: 0.5, 0.9: 1}, f"{share:.0%} are recognised.")
        expect(answer["more"] if share == 0.7 else answer).leaves_arguments_alone()
"""


@pytest.mark.parametrize(
    ("numbers", "verdict", "score", "message"),
    [
        ([1.0, 0.8], Verdict.PASSED, 4.0, ""),
        ([0.5, 0.75], Verdict.WRONG, 2.0, "`f()`: 62% are recognised.\nIt reaches step 2 of 3."),
        ([0.5, 0.125], Verdict.WRONG, 1.0, "`f()`: 31% are recognised.\nIt reaches step 1 of 3."),
        ([0.5, 0.0], Verdict.WRONG, 0.0, "`f()`: 25% are recognised.\nIt reaches step 0 of 3."),
        (
            [0.75, 0.65],
            Verdict.WRONG,
            0.0,
            "`f()` returned a (2,) float64 tensor: it has no item 'more'.",
        ),
    ],
    ids=["all", "half", "a quarter", "nothing", "wrong after it"],
)
def test_a_test_may_give_part_of_its_points(
    tmp_path: Path, numbers: list[float], verdict: Verdict, score: float, message: str
) -> None:
    """For how far one training got, where all else is right."""
    answer = Scripted(Returned(pack(torch.tensor(numbers, dtype=torch.float64))))
    result = only_result(suite(tmp_path, TIERS), answer)

    assert (result.verdict, result.score, result.max_score) == (verdict, score, 4.0)
    assert result.message.text == message
    assert totals([result]) == (score, 4.0)


@pytest.mark.parametrize("tiers", ["{}", "{0.5: 0.5}", "{0.9: 0.5, 0.6: 1}", "{0.5: 1, 0.6: 0.5}"])
def test_tiers_that_do_not_ascend_to_all_points_are_a_fault_of_ours(
    tmp_path: Path, tiers: str
) -> None:
    """The last one is worth the whole test."""
    test = f"@points(4)\ndef test_x(student): expect(student.f()).reaches(0.7, {tiers}, 'far')"
    result = only_result(suite(tmp_path, test), Scripted(Returned(0.7)))

    assert result.verdict is Verdict.GRADER_FAULT
    assert "tiers must ascend" in result.message.text


def test_the_least_of_several_tiers_counts(tmp_path: Path) -> None:
    """And what is not a number reaches none."""
    test = """
        @points(4)
        def test_x(student):
            expect(student.f()).reaches(0.7, {0.6: 0.5, 0.8: 1}, "first")
            expect(student.f()).reaches(0.7, {0.6: 0.25, 0.8: 1}, "second")
            expect(student.f()).reaches(0.7, {0.6: 1}, "third")
        def test_nan(student): expect(student.f()).reaches(float("nan"), {-1.0: 1}, "no number")
    """
    (outcome,) = run(suite(tmp_path, test), Scripted(Returned(0.7)))
    least, nan = outcome.results

    assert (least.verdict, least.score) == (Verdict.WRONG, 1.0)
    assert "second" in least.message.text
    assert (nan.verdict, nan.score) == (Verdict.WRONG, 0.0)


def test_an_assert_repeats_no_words_of_the_submissions(tmp_path: Path) -> None:
    """What it answers may be what it was asked."""
    test = """
        def test_x(student):
            said = student.f().value
            assert said == "loss", f"The function says {said}"
    """
    answer = Scripted(Returned("Zq0f3a loss"))
    answer.discretion = Discretion(exercise_named("ex01"), HandedIn("a.py", "def f(): ..."))
    result = only_result(suite(tmp_path, test), answer)

    assert result.message.text == "`f()` returned a str: The function says … loss"
