"""What counts of a submission that ran out of time, and what is graded once more."""

from __future__ import annotations

import pytest
from report_samples import exercise_result, outcome

from grader.guest.process.limits import OF_THE_GPU
from grader.results.message import Message
from grader.results.students import StudentRecord
from grader.results.verdicts import ExerciseResult, Verdict, fault
from grader.runs.jobs import Job, UnderWay
from grader.submissions import HandIn, Submission


def result(exercise: str, *verdicts: Verdict) -> ExerciseResult:
    """Return a result of an exercise; each test is worth the same."""
    return exercise_result(*map(outcome, verdicts), exercise=exercise)


PASSED = result("one", Verdict.PASSED, Verdict.PASSED)
LATE = result("one", Verdict.PASSED, Verdict.TIMED_OUT)
WORSE = result("one", Verdict.CRASHED, Verdict.TIMED_OUT)


@pytest.fixture
def job() -> Job:
    """Return a submission of which two exercises are to be graded, others beside it."""
    names = ("one", "two")
    return Job(
        Submission(StudentRecord(id="ana")),
        keys={name: f"key of {name}" for name in names},
        todo=dict.fromkeys(names, HandIn()),
        crowded=True,
    )


def test_what_ran_out_of_time_in_company_does_not_count_yet(job: Job) -> None:
    """It is not among the results to be stored; all else is, and is not graded again."""
    other = result("two", Verdict.WRONG)

    assert job.take([LATE, other]) == {"key of two": other}
    assert list(job.todo) == ["one"]


def test_what_ran_out_of_a_gpu_s_memory_in_company_does_not_count_yet(job: Job) -> None:
    """Another submission may have taken it."""
    message = Message(f"exceeded the limit of {OF_THE_GPU}.")
    full = exercise_result(outcome(Verdict.CRASHED, message=message), exercise="one")
    job.take([full, result("two", Verdict.PASSED)])

    assert list(job.todo) == ["one"]


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        (LATE, PASSED, PASSED),
        (LATE, WORSE, LATE),
        (WORSE, LATE, LATE),
        (LATE, fault("one", "it ended"), fault("one", "it ended")),
    ],
)
def test_the_better_of_two_tries_counts(
    job: Job, first: ExerciseResult, second: ExerciseResult, counts: ExerciseResult
) -> None:
    """Once it was graded alone; where that ended in a fault of ours, the fault stands."""
    job.take([first, result("two", Verdict.PASSED)])

    assert job.take([second]) == {"key of one": counts}
    assert not job.todo
    assert job.known["one"] == counts


def test_who_has_the_same_work_waits_for_its_result(job: Job) -> None:
    """What else is to be graded of the two is not held up by it."""
    under_way = UnderWay()
    other = Job(Submission(StudentRecord(id="ben")), todo={"two": HandIn()})
    assert under_way.begin("key of one", job, "one")
    assert not under_way.begin("key of one", other, "one")

    assert list(under_way.end({"key of one": PASSED})) == []
    assert other.known == {"one": PASSED}
    assert (other.awaited, list(other.todo)) == (set(), ["two"])
    assert under_way.begin("key of one", job, "one")


def test_what_ran_out_of_time_alone_counts_at_once(job: Job) -> None:
    """Nobody beside it took its time."""
    job.crowded = False

    assert job.take([LATE]) == {"key of one": LATE}
    assert not job.todo
