"""Grade a class: read submissions, have an engine grade them, keep what comes back."""

from __future__ import annotations

import platform
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.judge.worker import WorkerSettings
from grader.results.verdicts import newest
from grader.runs.deciding.applying import Decisions
from grader.runs.engines.local import LocalEngine
from grader.runs.graded_students import GradedStudents, Place
from grader.runs.grading_run import GradingRun
from grader.runs.history.adopting import adopt_class
from grader.runs.history.kept_runs import KeptRuns, RunRecord
from grader.runs.history.ledger import Ledger
from grader.runs.history.stuck import stuck_students
from grader.runs.jobs import Job, Jobs, UnderWay
from grader.runs.kept_class import Circumstances, KeptClass
from grader.runs.manual import ManualPoints
from grader.runs.store import Store, result_key, suite_digest, under_of, work_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.courses import Course, Exercise
    from grader.results.verdicts import ExerciseResult, StudentResult
    from grader.runs.engines.engine import Engine
    from grader.runs.history.keeping import Keeping
    from grader.sandbox.command import Isolation
    from grader.sandbox.limits import Limits
    from grader.submissions import Submission

__all__ = ["Plan", "Progress", "grade_class", "worker_settings"]


@dataclass(frozen=True)
class Plan:
    """How a class is to be graded.

    Attributes:
        exercises: those of the course that count.
        device: `cpu` or `cuda`.
        fresh: whether to grade what was graded before, too.
        title: of the hand-in, as its reports name it.
        manual: what persons gave for parts that no test judges.
        decisions: what people decided over what is graded.
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
    decisions: Decisions = field(default_factory=Decisions)


class Progress:
    """What the engine tells whoever watches; this one keeps silent."""

    def begin(self, total: int) -> None:
        """Say how many submissions there are."""

    def started(self, student: str) -> None:
        """Say whose submission is being graded, as people read it."""

    def finished(self, result: StudentResult) -> None:
        """Say that a submission is done."""

    def note(self, sentence: str) -> None:
        """Say what else happens."""


def grade_class(
    submissions: Sequence[Submission],
    plan: Plan,
    store: Store,
    progress: Progress,
    others: Mapping[str, Place] | None = None,
    engine: Engine | None = None,
    keeping: Keeping | None = None,
) -> GradingRun:
    """Grade a class; what is done is in the store, whatever happens afterwards.

    The run's students are read from the store, which has to stay open as long as they are.

    An interrupt (Ctrl-C) ends the workers; the run that is returned then names who was not graded.

    `others` belong to the class, too, and are not graded now: where their results are. Without an
    `engine` it is this machine's; it is stopped when the class is done.

    Where `keeping` says how, the run is kept and compared with the one before.

    Raises:
        InfrastructureError: there is no worker, and there will be none.
    """
    class_ = {each.student: Place(each.record) for each in submissions} | dict(others or {})
    students = sorted(class_)
    known = {student: place for student, place in class_.items() if place.keys}
    done = GradedStudents(store, students, known, plan.manual, plan.decisions)
    ledger = _ledger(plan, store, keeping) if keeping else None
    grading = _Grading(submissions, plan, store, progress, done, ledger)
    engine = engine or LocalEngine(worker_settings(plan), plan.jobs)
    progress.begin(len(submissions))
    try:
        grading.run(engine)
    except KeyboardInterrupt:
        grading.collect_known()
    finally:
        engine.stop()
    is_whole = len(done) == len(students)
    with store.database.as_one():
        if ledger:
            ledger.note_kept(done, known)
        changes = ledger.close(done, is_whole=is_whole) if ledger else None
        stuck = stuck_students(KeptRuns(store.database)) if keeping and is_whole else ()
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
        nothing_new=not grading.anew,
        changes=changes,
        stuck=stuck,
    )


def _ledger(plan: Plan, store: Store, keeping: Keeping) -> Ledger:
    """Return the ledger of a run; a class that no run is kept of becomes the first one."""
    adopt_class(store, plan.manual)
    place = plan.device, plan.isolation.value, plan.limits
    run = RunRecord(
        number=0,
        at=_now(),
        circumstances=_circumstances(plan),
        versions=versions(),
        under={each.name: under_of(each, *place) for each in plan.exercises},
    )
    return Ledger(store, run, keeping)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


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


class _Grading:
    """What is left of a class; it hears from an engine what came of the rest."""

    def __init__(
        self,
        submissions: Sequence[Submission],
        plan: Plan,
        store: Store,
        progress: Progress,
        done: GradedStudents,
        ledger: Ledger | None,
    ) -> None:
        self._left = deque(submissions)
        self._plan = plan
        self._store = store
        self._progress = progress
        self._suites = {exercise: suite_digest(exercise) for exercise in plan.exercises}
        self._again: list[Job] = []
        self._under_way = UnderWay()
        self._graded: set[str] = set()
        self._done = done
        self._ledger = ledger
        self.anew = False

    def _pending(self) -> Iterator[Job]:
        """Read the submissions that are left; put together what was graded before."""
        while self._left:
            job = self._job(self._left.popleft())
            if job.todo:
                self.anew = True
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

    def run(self, engine: Engine) -> None:
        """Have every submission graded; what is to be tried once more comes last, each alone."""
        engine.grade(Jobs(self._pending(), self._left), self)
        if self._again:
            engine.grade(iter(self._again), self, alone=True)

    def begun(self, job: Job) -> None:
        """Say whose submission is being graded."""
        self._progress.started(job.submission.record.shown)

    def note(self, sentence: str) -> None:
        """Pass on what happens."""
        self._progress.note(sentence)

    def take(self, job: Job, results: Sequence[ExerciseResult]) -> None:
        """Keep the results that count, and give them to whoever has the same work.

        What is left to do is done when nobody else is graded.
        """
        now = _now()
        counting = job.take([replace(result, graded_at=now) for result in results])
        self._store.put(counting)
        self._graded.update(counting if self._plan.fresh else ())  # who asks is in `_job`
        if job.todo:
            self._again.append(job)
        elif job.done:
            self._finish(job)
        for other in self._under_way.end(counting):
            self._finish(other)

    def _finish(self, job: Job) -> None:
        """Put a submission together."""
        by_key = {key: job.known[name] for name, key in job.keys.items()}
        submission = job.submission
        works = tuple(job.works.values())
        has_files = bool(submission.found)
        result = self._done.add(submission.record, by_key, works, has_files=has_files)
        if self._ledger:
            self._ledger.note(self._done.places[result.student], result)
        self._progress.finished(result)


def worker_settings(plan: Plan) -> WorkerSettings:
    """Return what the workers of a run are told; on which cores they run, their engine says."""
    return WorkerSettings(plan.exercises, plan.device, plan.isolation, plan.limits, ())


def versions() -> dict[str, str]:
    """Return the versions of what a run depends on."""
    names = {"grader": "nn-training-lab", "torch": "torch", "torchvision": "torchvision"}
    found = {name: metadata.version(package) for name, package in names.items()}
    return {"python": platform.python_version(), **found}
