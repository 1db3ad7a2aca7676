"""Grade a class on this machine: hand submissions to workers, keep what comes back."""

from __future__ import annotations

import multiprocessing
import platform
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from itertools import chain, islice
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from grader.errors import InfrastructureError
from grader.judge.worker import Broken, Done, Ready, Task, WorkerSettings, run_worker
from grader.results.verdicts import fault, newest
from grader.runs.devices import share_of_cores
from grader.runs.graded_students import GradedStudents, Place
from grader.runs.grading_run import GradingRun
from grader.runs.jobs import Job, UnderWay
from grader.runs.kept_class import Circumstances, KeptClass
from grader.runs.manual import ManualPoints
from grader.runs.store import Store, result_key, suite_digest, work_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from grader.courses import Course, Exercise
    from grader.results.verdicts import ExerciseResult, StudentResult
    from grader.sandbox.command import Isolation
    from grader.sandbox.limits import Limits
    from grader.submissions import Submission

__all__ = ["Plan", "Progress", "grade_class"]

JOINING_TIME_S = 10.0


@dataclass(frozen=True)
class Plan:
    """How a class is to be graded.

    Attributes:
        exercises: those of the course that count.
        device: `cpu` or `cuda`.
        fresh: whether to grade what was graded before, too.
        title: of the hand-in, as its reports name it.
        manual: what persons gave for parts that no test judges.
    """

    course: Course
    exercises: tuple[Exercise, ...]
    device: str
    isolation: Isolation
    limits: Limits
    jobs: int
    fresh: bool
    title: str = ""
    manual: ManualPoints = field(default_factory=ManualPoints)


class Progress:
    """What the engine tells whoever watches; this one keeps silent."""

    def begin(self, total: int) -> None:
        """Say how many submissions there are."""

    def started(self, student: str) -> None:
        """Say whose submission is being graded, as people read it."""

    def finished(self, result: StudentResult) -> None:
        """Say that a submission is done."""


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection[Any, Any]
    cores: tuple[int, ...]
    job: Job | None = None
    idle: bool = False


def grade_class(
    submissions: Sequence[Submission],
    plan: Plan,
    store: Store,
    progress: Progress,
    others: Mapping[str, Place] | None = None,
) -> GradingRun:
    """Grade a class; what is done is in the store, whatever happens afterwards.

    The run's students are read from the store, which has to stay open as long as they are.

    An interrupt (Ctrl-C) ends the workers; the run that is returned then names who was not graded.

    `others` belong to the class, too, and are not graded now: where their results are.

    Raises:
        InfrastructureError: no worker can be started.
    """
    class_ = {each.student: Place(each.record) for each in submissions} | dict(others or {})
    students = sorted(class_)
    known = {student: place for student, place in class_.items() if place.keys}
    done = GradedStudents(store, students, known, plan.manual)
    engine = _Engine(submissions, plan, store, progress, done)
    progress.begin(len(submissions))
    try:
        engine.run()
    except KeyboardInterrupt:
        engine.collect_known()
    finally:
        engine.stop()
    class_ |= done.places
    KeptClass(store.database).keep(_circumstances(plan), class_)
    return GradingRun(
        course=plan.course,
        device=plan.device,
        sandbox=plan.isolation.value,
        students=done,
        records=tuple(class_[student].record for student in students),
        ungraded=tuple(student for student in students if student not in done),
        versions=versions(),
        title=plan.title,
        graded_at=newest(place.graded_at for place in done.places.values()),
        nothing_new=not engine.begun,
    )


def _circumstances(plan: Plan) -> Circumstances:
    return Circumstances(
        exercises=tuple(exercise.name for exercise in plan.exercises),
        device=plan.device,
        sandbox=plan.isolation.value,
        title=plan.title,
        course=plan.course.title,
        folder=str(plan.course.folder.resolve()),
        limits=plan.limits,
    )


class _Engine:
    def __init__(
        self,
        submissions: Sequence[Submission],
        plan: Plan,
        store: Store,
        progress: Progress,
        done: GradedStudents,
    ) -> None:
        self._left = deque(submissions)
        self._plan = plan
        self._store = store
        self._progress = progress
        self._suites = {exercise: suite_digest(exercise) for exercise in plan.exercises}
        self._workers: list[_Worker] = []
        self._again: list[Job] = []
        self._under_way = UnderWay()
        self._graded: set[str] = set()
        self._done = done
        self.begun = False

    def _pending(self) -> Iterator[Job]:
        """Read the submissions that are left; put together what was graded before."""
        while self._left:
            job = self._job(self._left.popleft())
            if job.todo:
                self.begun = True
                yield job
            elif job.done:
                self._finish(job)

    def collect_known(self) -> None:
        """Put together every submission that is left and was graded before."""
        for _ in self._pending():
            pass

    def _job(self, submission: Submission) -> Job:
        """Read a submission, and see what of it was graded before."""
        job = Job(submission)
        for exercise, suite in self._suites.items():
            hand_in = submission.hand_in(exercise, self._plan.course)
            plan = self._plan
            key = result_key(
                exercise, hand_in, suite, plan.device, plan.isolation.value, plan.limits
            )
            is_old = plan.fresh and key not in self._graded
            known = None if is_old else self._store.get(key)
            job.keys[exercise.name] = key
            job.works[exercise.name] = work_digest(exercise, hand_in)
            if known is not None:
                job.known[exercise.name] = known
            elif self._under_way.begin(key, job, exercise.name):
                job.todo[exercise.name] = hand_in
        return job

    def run(self) -> None:
        """Keep the workers busy until every submission is done."""
        pending = self._pending()
        first = list(islice(pending, self._plan.jobs))
        for place in range(len(first)):
            self._workers.append(self._start(share_of_cores(place, len(first))))
        self._listen(chain(first, pending))
        if self._again:  # nobody is being graded any more; from now on, one at a time
            again = iter(self._again)
            self._hand_out(self._workers[0], again)
            self._listen(again)

    def _listen(self, waiting: Iterator[Job]) -> None:
        """Hear what workers say, and give them what is waiting, until all are idle."""
        while busy := [worker for worker in self._workers if not worker.idle]:
            heard = wait([worker.connection for worker in busy])
            for worker in busy:
                if worker.connection in heard:
                    self._hear(worker, waiting)

    def _start(self, cores: tuple[int, ...]) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        plan = self._plan
        settings = WorkerSettings(plan.exercises, plan.device, plan.isolation, plan.limits, cores)
        process = context.Process(target=run_worker, args=(theirs, settings), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours, cores)

    def _hear(self, worker: _Worker, waiting: Iterator[Job]) -> None:
        try:
            message: Ready | Done | Broken = worker.connection.recv()
        except (EOFError, OSError):
            self._replace(worker)
            return
        match message:
            case Broken():
                raise InfrastructureError(message.reason)
            case Done() if worker.job is not None:
                self._take(worker.job, message.results)
            case _:
                pass
        self._hand_out(worker, waiting)

    def _hand_out(self, worker: _Worker, waiting: Iterator[Job]) -> None:
        """Give a worker the next submission; note who is not alone from now on."""
        worker.job = next(waiting, None)
        worker.idle = worker.job is None
        if worker.job is None:
            return
        busy = [each for each in self._workers if not each.idle]  # one that starts is busy, too
        for each in busy:
            if each.job is not None and len(busy) > 1:
                each.job.crowded = True
        self._progress.started(worker.job.submission.record.shown)
        with suppress(OSError):  # it is gone, which is heard next
            worker.connection.send(Task(worker.job.submission.student, worker.job.todo))

    def _take(self, job: Job, results: Sequence[ExerciseResult]) -> None:
        """Keep the results that count, and give them to whoever has the same work.

        What is left to do is done when nobody else is graded.
        """
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        counting = job.take([replace(result, graded_at=now) for result in results])
        self._store.put(counting)
        self._graded.update(counting)
        if job.todo:
            self._again.append(job)
        elif job.done:
            self._finish(job)
        for other in self._under_way.end(counting):
            self._finish(other)

    def _replace(self, worker: _Worker) -> None:
        """Start another worker for one that died; what it was grading is a fault of ours."""
        if worker.job is None:
            raise InfrastructureError("a worker process ended before it could grade anything")
        reason = (
            f"the worker process ended (exit code {worker.process.exitcode}) while grading this"
        )
        self._take(worker.job, [fault(name, reason) for name in worker.job.todo])
        self._workers[self._workers.index(worker)] = self._start(worker.cores)

    def _finish(self, job: Job) -> None:
        """Put a submission together."""
        by_key = {key: job.known[name] for name, key in job.keys.items()}
        submission = job.submission
        works = tuple(job.works.values())
        has_files = bool(submission.found)
        result = self._done.add(submission.record, by_key, works, has_files=has_files)
        self._progress.finished(result)

    def stop(self) -> None:
        """End every worker and what it has started."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(JOINING_TIME_S)
            if worker.process.is_alive():
                worker.process.kill()
            worker.connection.close()


def versions() -> dict[str, str]:
    """Return the versions of what a run depends on."""
    names = {"grader": "nn-training-lab", "torch": "torch", "torchvision": "torchvision"}
    found = {name: metadata.version(package) for name, package in names.items()}
    return {"python": platform.python_version(), **found}
