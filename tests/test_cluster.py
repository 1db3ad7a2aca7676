"""Who of a cluster's workers grades what, and what becomes of it when they come and go.

The cluster is a script here: it decides who is there, and who ends with what.
"""

from __future__ import annotations

import asyncio
import pickle
import signal
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest
from msgspec.structs import replace
from report_samples import exercise_result, outcome
from the_lab import LAB, exercise_named

from grader.cluster import connection, engine, seat
from grader.cluster.connection import Connection, LostError
from grader.cluster.engine import DaskEngine
from grader.cluster.order import Facts, Graded, Order, Proof
from grader.errors import InfrastructureError
from grader.judge.worker import WorkerSettings
from grader.results.students import StudentRecord
from grader.results.verdicts import Verdict
from grader.runs.jobs import Job, Jobs
from grader.sandbox.command import Isolation
from grader.sandbox.limits import Limits
from grader.submissions import HandIn, Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.results.verdicts import ExerciseResult

EXERCISE = exercise_named("ex04")
ORDER = Order.of(LAB, WorkerSettings((EXERCISE,), "cpu", Isolation.NONE, Limits(), ()))
PASSED = (exercise_result(outcome(Verdict.PASSED), exercise=EXERCISE.name),)


@dataclass
class Cluster:
    """A cluster that acts by a script.

    Attributes:
        there: addresses of workers, with how many threads each has, or its problem.
        act: what happens when a worker is to grade a student: it may change who is there; what
            it returns is what came of it, nothing if that is never known.
        takes_s: how long each takes, as the workers say.
        asked: whom each worker was to grade.
        batches: who was graded together.
        retiring: workers that leave in peace.
        most: how many were graded at once on a machine.
        called: how many submissions were said to be left, look for look.
    """

    there: dict[str, int | str]
    act: Callable[[str, str], Graded | None] = lambda *_: Graded(PASSED)
    takes_s: float = 1.0
    asked: list[tuple[str, str]] = field(default_factory=list)
    batches: list[list[str]] = field(default_factory=list)
    retiring: set[str] = field(default_factory=set)
    running: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    called: list[int] = field(default_factory=list)
    address: str = "tcp://nowhere:8786"

    async def open(self) -> None:
        """Be there."""

    async def close(self) -> None:
        """Do nothing."""

    async def workers(self) -> dict[str, dict[str, Any]]:
        """Return who is there."""
        return {
            address: {
                "name": address,
                "host": address.partition(":")[0],
                "nthreads": threads if isinstance(threads, int) else 1,
                "status": "closing_gracefully" if address in self.retiring else "running",
            }
            for address, threads in self.there.items()
        }

    def call(self, function: object, count: int) -> None:
        """Note how many are called for."""
        assert function is seat.grade
        self.called.append(count)

    async def do(self, worker: str, function: object, *values: Any) -> bytes:
        """Prove, or grade as the script has it."""
        if function is seat.prove:
            problem = self.there[worker]
            proof = Proof(worker[0], worker, problem if isinstance(problem, str) else "")
            return msgspec.msgpack.encode(proof)
        students = [each.student for each in pickle.loads(values[2])]  # noqa: S301 - the engine's own
        self.batches.append(students)
        self.asked += ((worker, student) for student in students)
        host = worker.partition(":")[0]
        self.running[host] += 1
        self.most[host] = max(self.most[host], self.running[host])
        await asyncio.sleep(0)  # whoever else has something to do goes first
        self.running[host] -= 1
        all_graded = [self.act(worker, student) for student in students]
        if None in all_graded:
            await asyncio.Event().wait()
        return msgspec.json.encode(
            [replace(each, took_s=each.took_s or self.takes_s) for each in all_graded if each]
        )


@dataclass
class Heard:
    """Keeps what came of everybody, and what else was said."""

    verdicts: dict[str, list[Verdict]] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def begun(self, job: Job) -> None:
        """Keep who is begun."""
        self.jobs.append(job)

    def take(self, job: Job, results: Sequence[ExerciseResult]) -> None:
        """Keep the verdict."""
        student = job.submission.student
        self.verdicts.setdefault(student, []).append(results[0].verdict)
        self.messages[student] = str(results[0].tests[0].message)

    def note(self, sentence: str) -> None:
        """Keep a sentence."""
        self.notes.append(sentence)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at who is there again and again."""
    monkeypatch.setattr(engine, "LOOKING_TIME_S", 0.01)


def job_of(student: str) -> Job:
    """Return a submission of which one exercise is to be graded."""
    return Job(Submission(StudentRecord(id=student)), todo={EXERCISE.name: HandIn()})


def grade(cluster: Cluster, students: int = 6, *, alone: bool = False) -> Heard:
    """Grade a class on a cluster."""
    heard = Heard()
    graded = DaskEngine(ORDER)
    graded._connection = cast("Connection", cluster)
    try:
        graded.grade((job_of(f"s{number}") for number in range(students)), heard, alone=alone)
    finally:
        graded.stop()
    return heard


def all_once(heard: Heard, students: int = 6) -> bool:
    """Tell whether everybody has passed, once."""
    return heard.verdicts == {f"s{number}": [Verdict.PASSED] for number in range(students)}


def test_what_a_worker_was_at_when_it_ended_is_graded_elsewhere() -> None:
    """What it was at and what waited there; nobody is graded twice."""
    cluster = Cluster({"a:1": 2, "b:1": 1})

    def act(worker: str, student: str) -> Graded | None:
        """Let a end with the second that it is given."""
        del student
        if worker == "a:1" and sum(each == "a:1" for each, _ in cluster.asked) >= 2:
            cluster.there.pop("a:1", None)
        return Graded(PASSED) if worker in cluster.there else None

    cluster.act = act
    heard = grade(cluster, 20)

    assert all_once(heard, 20)
    assert len(cluster.asked) > 20


def test_a_submission_that_ends_workers_is_stopped_after_three() -> None:
    """It is a fault that says so; those that waited behind it are graded."""
    cluster = Cluster({f"{name}:1": 1 for name in "abcde"})

    def act(worker: str, student: str) -> Graded | None:
        """Let a worker end with s0, and never answer again."""
        if student == "s0":
            del cluster.there[worker]
        return Graded(PASSED) if worker in cluster.there else None

    cluster.act = act
    heard = grade(cluster)

    assert [student for _, student in cluster.asked].count("s0") == 3
    assert len(cluster.there) == 2
    assert heard.verdicts.pop("s0") == [Verdict.GRADER_FAULT]
    assert heard.messages["s0"].startswith("3 workers ended while grading this")
    assert all(each == [Verdict.PASSED] for each in heard.verdicts.values())


def test_what_takes_next_to_no_time_goes_to_a_worker_together() -> None:
    """Up to sixteen at once; what takes longer, and what a worker has lost, goes alone."""
    quick, slow = Cluster({"a:1": 1}, takes_s=0.001), Cluster({"a:1": 1}, takes_s=0.4)
    few = Cluster({"a:1": 1}, takes_s=0.11)

    assert all(all_once(grade(each, 200), 200) for each in (quick, slow, few))
    assert {len(batch) for batch in quick.batches} >= {1, 16}
    assert len(quick.batches) < 30
    assert max(map(len, quick.batches)) == 16
    assert max(map(len, slow.batches)) == 1
    assert max(map(len, few.batches)) == 4


def test_a_slow_submission_is_followed_by_few() -> None:
    """How many go together is what half a second holds, by the last batch."""
    cluster = Cluster({"a:1": 1}, takes_s=0.001)

    def act(worker: str, student: str) -> Graded:
        """Take a while with s100."""
        del worker
        return Graded(PASSED, took_s=2.0 if student == "s100" else 0.0)

    cluster.act = act
    heard = grade(cluster, 200)
    sizes = [len(batch) for batch in cluster.batches]
    slow = next(place for place, batch in enumerate(cluster.batches) if "s100" in batch)

    assert all_once(heard, 200)
    assert sizes[slow] == 16
    assert sizes[slow + 2] == 3  # a batch was waiting there


def test_a_submission_that_ends_workers_costs_its_batch_nothing() -> None:
    """After the first time each goes alone; three workers have ended then, and no more."""
    cluster = Cluster({f"{name}:1": 1 for name in "abcde"}, takes_s=0.001)

    def act(worker: str, student: str) -> Graded | None:
        """Let a worker end with s150."""
        if student == "s150":
            del cluster.there[worker]
        return Graded(PASSED) if worker in cluster.there else None

    cluster.act = act
    heard = grade(cluster, 200)
    with_it = [batch for batch in cluster.batches if "s150" in batch]

    assert [len(batch) > 1 for batch in with_it] == [True, False, False]
    assert heard.verdicts.pop("s150") == [Verdict.GRADER_FAULT]
    assert len(heard.verdicts) == 199
    assert all(each == [Verdict.PASSED] for each in heard.verdicts.values())


def test_one_whose_judge_ends_goes_to_another_worker_first() -> None:
    """Where one machine has too little memory, the next has it; one worker alone tries again."""
    lost = Graded(lost="its process ended (exit code -9)")
    two = Cluster(
        {"a:1": 1, "b:1": 1}, lambda worker, _: lost if worker == "a:1" else Graded(PASSED)
    )
    one = Cluster({"a:1": 1}, lambda _, student: lost if student == "s3" else Graded(PASSED))

    assert all_once(grade(two))
    assert all(two.asked.count(("a:1", f"s{number}")) <= 1 for number in range(6))
    assert grade(one).verdicts["s3"] == [Verdict.GRADER_FAULT]
    assert one.asked.count(("a:1", "s3")) == 3


def test_a_worker_that_leaves_in_peace_has_ended_with_nothing() -> None:
    """However often; an adaptive cluster takes workers away and starts others."""
    cluster = Cluster({"a:1": 1})

    def act(worker: str, student: str) -> Graded | None:
        """Let s2's worker retire, four times; there is a new one each time."""
        number = int(worker.partition(":")[2])
        if student == "s2" and number < 5:
            cluster.retiring.add(worker)
            cluster.there[f"a:{number + 1}"] = 1
            return None
        return Graded(PASSED)

    cluster.act = act

    assert all_once(grade(cluster))
    assert [student for _, student in cluster.asked].count("s2") == 5


def test_a_worker_that_can_not_grade_is_named_and_gets_nothing() -> None:
    """As soon as it says so, also in the middle of a run."""
    cluster = Cluster({"a:1": 1, "b:1": "it has no bubblewrap", "c:1": 1})

    def act(worker: str, student: str) -> Graded:
        """Let c find out with s3 that its disk is full."""
        del student
        tired = worker == "c:1" and sum(each == "c:1" for each, _ in cluster.asked) > 2
        return Graded(unfit="its disk is full") if tired else Graded(PASSED)

    cluster.act = act
    heard = grade(cluster, 20)

    assert all_once(heard, 20)
    assert {worker for worker, _ in cluster.asked} == {"a:1", "c:1"}
    assert sorted(heard.notes) == [
        "The worker b:1 on b can't grade and is left out: it has no bubblewrap",
        "The worker c:1 on c can't grade and is left out: its disk is full",
    ]


def test_where_no_worker_can_grade_the_run_ends_and_says_why() -> None:
    """It does not wait for ever."""
    with pytest.raises(InfrastructureError, match=r"can grade: b:1 on b: no; c:1 on c: nor"):
        grade(Cluster({"b:1": "no", "c:1": "nor I"}))


def test_a_cluster_is_told_how_many_are_left() -> None:
    """As long as any are; an adaptive one has workers for so many."""
    cluster, heard = Cluster({"a:1": 1}), Heard()
    left = deque(job_of(f"s{number}") for number in range(20))
    jobs = Jobs((left.popleft() for _ in range(20)), left)
    graded = DaskEngine(ORDER)
    graded._connection = cast("Connection", cluster)
    graded.grade(jobs, heard)
    graded.stop()

    assert all_once(heard, 20)
    assert cluster.called[0] == 20
    assert cluster.called == sorted(cluster.called, reverse=True)


def test_no_more_is_read_than_workers_have_room_for() -> None:
    """Whatever the size of the class: one at each thread, and one that waits there."""
    cluster = Cluster({"a:1": 2, "b:1": 1})
    read, taken, most = 0, Heard(), 0

    def jobs() -> Iterator[Job]:
        nonlocal read, most
        for number in range(100):
            read += 1
            most = max(most, read - len(taken.verdicts))
            yield job_of(f"s{number}")

    graded = DaskEngine(ORDER)
    graded._connection = cast("Connection", cluster)
    graded.grade(jobs(), taken)
    graded.stop()

    assert all_once(taken, 100)
    assert 3 < most <= 3 + 2


def test_second_tries_have_a_machine_for_themselves() -> None:
    """Others are graded meanwhile, on other machines."""
    cluster, crowd = (Cluster({"a:1": 2, "a:2": 1, "b:1": 1}) for _ in range(2))
    heard = grade(cluster, alone=True)
    grade(crowd)

    assert all_once(heard)
    assert cluster.most == {"a": 1, "b": 1}
    assert crowd.most["a"] > 1
    assert not any(job.crowded for job in heard.jobs)
    assert all(job.crowded for job in grade(Cluster({"a:1": 1})).jobs)


def test_what_the_cluster_has_lost_is_asked_again() -> None:
    """A scheduler that was started again knows of nothing; its workers prove themselves anew."""
    cluster = Cluster({"a:1": 1})
    lost = iter([True, True])

    def act(worker: str, student: str) -> Graded:
        """Lose the first."""
        del worker, student
        if next(lost, False):
            raise LostError
        return Graded(PASSED)

    cluster.act = act

    assert all_once(grade(cluster))


def test_a_run_waits_for_workers_and_says_so() -> None:
    """A queue may take its time."""
    cluster = Cluster({})

    async def workers() -> dict[str, dict[str, Any]]:
        """Have one from the third look on."""
        looks.append(1)
        return await Cluster.workers(cluster) if len(looks) > 2 else {}

    looks: list[int] = []
    cluster.there["a:1"] = 1
    cluster.workers = workers  # type: ignore[method-assign] # for this test alone
    heard = grade(cluster)

    assert all_once(heard)
    assert heard.notes == ["Waiting for workers at tcp://nowhere:8786."]


def test_after_ctrl_c_nothing_more_is_heard() -> None:
    """Neither while the engine leaves its cluster: the report is of what is done by then."""
    cluster = Cluster({"a:1": 1})

    class Stopped(Heard):
        def take(self, job: Job, results: Sequence[ExerciseResult]) -> None:
            super().take(job, results)
            if len(self.verdicts) == 3:
                signal.raise_signal(signal.SIGINT)

    heard = Stopped()
    graded = DaskEngine(ORDER)
    graded._connection = cast("Connection", cluster)
    with pytest.raises(KeyboardInterrupt):
        graded.grade((job_of(f"s{number}") for number in range(6)), heard)
    graded.stop()

    assert all_once(heard, 3)


def test_no_cluster_is_needed_where_nothing_is_to_be_graded() -> None:
    """What was graded before needs nobody."""
    nowhere = DaskEngine(ORDER, "tcp://127.0.0.1:1")
    nowhere.grade(iter([]), Heard())
    nowhere.stop()


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do about it."""
    monkeypatch.setattr(connection, "CONNECTING_TIME_S", 0.3)
    nowhere = DaskEngine(ORDER, "tcp://127.0.0.1:1")

    with pytest.raises(
        InfrastructureError, match=r"no Dask scheduler answers at tcp://127.0.0.1:1"
    ):
        nowhere.grade(iter([job_of("ana")]), Heard())
    nowhere.stop()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, ""),
        ({"grader": "0.0.1"}, "it has grader 0.0.1, and the run "),
        ({"python": "3.9.0"}, "it has Python 3.9.0, and the run "),
        (
            {"packages": ("torch-1.0",)},
            "its packages are others than the run's: it has torch-1.0, ",
        ),
        (
            {"suites": {EXERCISE.name: "x"}},
            f"its suites are others than the run's: {EXERCISE.name}",
        ),
    ],
)
def test_what_decides_verdicts_must_be_the_same(change: dict[str, Any], said: str) -> None:
    """The first difference is named."""
    wanted = Facts.here([EXERCISE])
    found = msgspec.structs.replace(wanted, **change).difference(wanted)

    assert found.startswith(said)
    assert bool(found) == bool(said)
