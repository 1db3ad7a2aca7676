"""Tests of `grader.results.verdicts`."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.results.verdicts import ExerciseResult, SourceCode, TestResult, Verdict, totals, worst
from grader.text.wording import SIGNS


def result(verdict: Verdict, score: float = 0.0, max_score: float = 2.0) -> TestResult:
    """Return the result of a test."""
    return TestResult(
        name="test_x",
        title="It is right.",
        public=False,
        verdict=verdict,
        score=score,
        max_score=max_score,
    )


def test_the_values_are_those_that_programs_rely_on() -> None:
    """They are part of `results.json`, from worst to best."""
    assert [*Verdict] == [
        "grader_fault",
        "unreadable",
        "missing",
        "crashed",
        "timed_out",
        "not_started",
        "wrong",
        "passed",
    ]


@pytest.mark.parametrize("verdict", Verdict)
def test_people_read_a_verdict_in_words(verdict: Verdict) -> None:
    """No underscore is shown, and every verdict has a sign of its own."""
    assert verdict.words == verdict.value.replace("_", " ")
    assert list(SIGNS.values()).count(SIGNS[verdict]) == 1


@given(st.lists(st.sampled_from(Verdict), min_size=1))
def test_the_worst_verdict_is_the_first_in_order(verdicts: list[Verdict]) -> None:
    """An exercise has the verdict of its worst test."""
    order = [*Verdict]

    assert order.index(worst(verdicts)) == min(map(order.index, verdicts))


def test_of_no_verdicts_the_worst_is_passed() -> None:
    """Nothing went wrong."""
    assert worst([]) is Verdict.PASSED


def test_totals_add_up_scores_and_maxima() -> None:
    """Of every verdict that is the student's."""
    tests = [result(Verdict.PASSED, 2.0), result(Verdict.WRONG), result(Verdict.MISSING)]

    assert totals(tests) == (2.0, 6.0)


def test_a_fault_of_the_graders_counts_in_neither_total() -> None:
    """It neither costs a student points nor gives any."""
    assert totals([result(Verdict.PASSED, 2.0), result(Verdict.GRADER_FAULT)]) == (2.0, 2.0)
    assert totals([]) == (0.0, 0.0)


def test_a_result_survives_being_written_and_read() -> None:
    """The store and the workers hand on records as they are."""
    before = ExerciseResult(
        exercise="ex04_autograd",
        verdict=Verdict.WRONG,
        score=1.5,
        max_score=4.0,
        source="ex04_autograd.py",
        seconds=0.25,
        tests=(result(Verdict.WRONG), result(Verdict.PASSED, 1.5)),
        notes=("A note.",),
        code=SourceCode(text="x = 1\n", marked_lines=(1,)),
    )

    after = msgspec.json.decode(msgspec.json.encode(before), type=ExerciseResult)

    assert after == before
    assert after.tests[0].verdict is Verdict.WRONG
