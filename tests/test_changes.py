"""What differs between two results, why, and by how much: records alone, nothing is graded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from report_samples import exercise_result, outcome

from grader.results.changes import Change, Points, Reason, Side, change_between
from grader.results.students import StudentRecord
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from grader.results.verdicts import TestResult

ANA = StudentRecord(id="4400", name="Ana")
PASSED, WRONG, FAULT = Verdict.PASSED, Verdict.WRONG, Verdict.GRADER_FAULT


def one(name: str, verdict: Verdict = PASSED, of: float = 2, **changes: Any) -> TestResult:
    """Return a hidden test that has all of its points or none."""
    score = of if verdict is PASSED else 0.0
    return outcome(verdict, **{"name": name, "score": score, "max_score": of, **changes})


def side(*tests: TestResult, key: str = "old", work: str = "same") -> Side:
    """Return one side of a comparison."""
    return Side(exercise_result(*tests), key, work)


def between(before: Side | None, after: Side | None) -> Change:
    """Compare what Ana has."""
    return change_between(ANA, "hw1", before, after)


def judged_anew(before: list[TestResult], after: list[TestResult]) -> Change:
    """Compare what other tests say of the same work."""
    return between(side(*before), side(*after, key="new"))


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (side(one("a")), side(one("a")), Reason.SAME),
        (side(one("a")), side(one("a"), key="new"), Reason.TESTS),
        (side(one("a")), side(one("a"), key="new", work="other"), Reason.WORK),
        (side(one("a"), work=""), side(one("a"), key="new"), Reason.TESTS),
        (side(one("a", FAULT)), side(one("a"), key="new"), Reason.FAULT),
        (side(one("a")), side(one("a", FAULT), key="new", work="other"), Reason.FAULT),
        (None, side(one("a", FAULT)), Reason.FIRST),
        (side(one("a")), None, Reason.GONE),
    ],
)
def test_a_result_may_be_another_for_one_reason(
    before: Side | None, after: Side | None, reason: Reason
) -> None:
    """A fault of ours outranks a new hand-in, and that outranks other tests."""
    assert between(before, after).reason is reason


GAINS: dict[str, tuple[list[TestResult], list[TestResult], float]] = {
    "a test that fails now": ([one("a"), one("b")], [one("a"), one("b", WRONG)], -2),
    "a test that passes now": ([one("a", WRONG)], [one("a")], 2),
    "some of a test's points": ([one("a")], [one("a", WRONG, score=0.5)], -1.5),
    "one for the other": ([one("a"), one("b", WRONG)], [one("a", WRONG), one("b")], 0),
    "all points of more": ([one("a")], [one("a"), one("b", of=3)], 0),
    "no point of more": ([one("a", WRONG)], [one("a", WRONG), one("b", WRONG)], 0),
    "a new test that fails": ([one("a")], [one("a"), one("b", WRONG)], -2),
    "a test is gone that passed": ([one("a"), one("b")], [one("a")], 0),
    "a test is gone that failed": ([one("a"), one("b", WRONG)], [one("a")], 1),
    "a third of three": ([one("a", of=1), one("b", WRONG)], [one("a", of=1)], 2 / 3),
    "no points before": ([one("a", of=0)], [one("a", WRONG)], 0),
}


@pytest.mark.parametrize("what", GAINS)
def test_what_a_student_gains_is_counted_in_points_of_now(what: str) -> None:
    """With other points in all, an earlier score counts as its share of them."""
    before, after, gain = GAINS[what]

    assert judged_anew(before, after).gain == pytest.approx(gain, abs=1e-6)


def test_nothing_is_gained_where_there_is_one_side() -> None:
    """Who had no result before has gained none."""
    first, gone = between(None, side(one("a"))), between(side(one("a")), None)

    assert (first.before, first.after, first.gain) == (None, Points(2, 2), 0)
    assert (gone.before, gone.after, gone.gain) == (Points(2, 2), None, 0)


def test_the_tests_that_differ_come_with_the_one_that_costs_most_first() -> None:
    """One that is as before is not there; a public check costs nothing."""
    check = one("check", of=0, public=True)
    before = [
        one("same"),
        one("gains", WRONG),
        one("costs"),
        one("gone"),
        check,
    ]
    after = [
        one("same"),
        one("gains"),
        one("costs", WRONG),
        one("new", WRONG, of=1),
        one("check", WRONG, of=0, public=True),
    ]
    change = judged_anew(before, after)

    found = [(each.name, each.gain) for each in change.tests]
    assert found == [("costs", -2), ("new", -1), ("check", 0), ("gone", 0), ("gains", 2)]
    assert [each.name for each in change.tests if each.public] == ["check"]
    assert [each.name for each in change.tests if each.before is None] == ["new"]
    assert [each.name for each in change.tests if each.after is None] == ["gone"]


def test_a_check_and_a_hidden_test_of_one_name_are_two() -> None:
    """Both suites may ask the same."""
    check = one("a", of=0, public=True)
    change = judged_anew([one("a"), check], [one("a", WRONG), check])

    assert [(each.name, each.public) for each in change.tests] == [("a", False)]


@pytest.mark.parametrize(
    ("before", "after", "otherwise"),
    [
        (one("a", WRONG, mistake="one"), one("a", WRONG, mistake="two"), True),
        (one("a", WRONG, mistake="one"), one("a", WRONG), True),
        (one("a", Verdict.CRASHED), one("a", WRONG, mistake="two"), True),
        (one("a"), one("a", WRONG, mistake="two"), False),
        (one("a", WRONG, mistake="one"), one("a"), False),
        (one("a", WRONG, mistake="one"), one("a", WRONG, mistake="one", of=3), False),
    ],
)
def test_a_mistake_has_another_name_where_its_test_failed_both_times(
    before: TestResult, after: TestResult, *, otherwise: bool
) -> None:
    """A name that comes or goes with a point is no news of its own."""
    (change,) = judged_anew([before], [after]).tests

    assert change.is_named_otherwise is otherwise
