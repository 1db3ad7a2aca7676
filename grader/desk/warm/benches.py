"""Two warm processes: while one checks, or has died of what it checked, the other is there."""

from __future__ import annotations

import re
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from grader.desk.records import Checked, Place
from grader.desk.warm.messages import Broken, Finished, Job, Ready, Result, Stuck
from grader.desk.warm.process import Process
from grader.errors import InfrastructureError
from grader.results.message import Message as Said
from grader.results.verdicts import TestResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from grader.courses import Course, Exercise
    from grader.desk.warm.messages import Message
    from grader.desk.warm.process import Heard
    from grader.sandbox.limits import Limits

__all__ = ["Benches"]

BENCHES = 2
SILENCE_S = 300.0  # beyond all limits of its own a process hangs where nothing can interrupt it


class Benches:
    """Checks files in warm processes. A context manager; for one thread, which hears messages."""

    def __init__(
        self, course: Course, limits: Limits, hear: Callable[[Heard], None], most: int = BENCHES
    ) -> None:
        self._most = most
        self._options = [msgspec.json.encode(limits).decode(), str(course.folder)]
        self._hear = hear
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._numbers = count(1)
        self._waiting: list[Job] = []
        self._checks: dict[str, tuple[tuple[str, str], ...]] = {}
        self._processes: list[Process] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.end()
            process.exit_code()
        self._folder.cleanup()

    def _new_process(self) -> Process:
        printed = Path(self._folder.name, f"printed-{next(self._numbers)}")
        return Process(printed, self._options, self._hear)

    def ask(self, exercise: Exercise, file: Path, *, first: bool) -> None:
        """Have a file checked; what was asked about the exercise before counts no more.

        Args:
            exercise: what the file is checked for.
            file: the student's.
            first: whether it goes before all others, since somebody waits for it.
        """
        job = Job(exercise.name, str(file), first)
        self._waiting = [each for each in self._waiting if each.exercise != job.exercise]
        self._waiting.insert(0 if first else len(self._waiting), job)
        for process in self._processes:
            if process.job and process.job.exercise == job.exercise:
                self._replace(process)
                process.end()
        self._start_waiting()

    def _start_waiting(self) -> None:
        for job in list(self._waiting):
            idle = next((process for process in self._processes if process.idle), None)
            if idle and (job.first or not self._works_on_others()):
                idle.start(job)
                self._waiting.remove(job)
        if len(self._processes) < self._most and all(each.ready for each in self._processes):
            self._processes.append(self._new_process())  # one after the other: somebody waits

    def _works_on_others(self) -> bool:
        return any(process.job and not process.job.first for process in self._processes)

    def stop_the_silent(self) -> None:
        """End what has worked longer than any limit allows."""
        for process in self._processes:
            if process.busy_s > SILENCE_S:
                process.stuck_s = SILENCE_S
                process.end()

    def take(self, heard: Heard) -> Checked | None:
        """Take in what a process said; return a result if that is one.

        Raises:
            InfrastructureError: a process ended before it was warm.
        """
        process, job, message = heard.process, heard.process.job, heard.message
        if process not in self._processes:  # it was replaced, and what it says counts no more
            return None
        if isinstance(message, Ready):
            process.ready, self._checks = True, message.checks
        checked = self._result(process, job, message) if job else None
        if checked is not None:
            process.job = None
        if message is None:
            self._replace(process)
        self._start_waiting()
        return checked

    def _result(self, process: Process, job: Job, message: Message | None) -> Checked | None:
        match message:
            case Finished():
                return msgspec.structs.replace(message.checked, printed=process.printed())
            case Broken():
                broken = _failed("file", "The file can be read.", Verdict.MISSING, message.reason)
                return Checked(job.exercise, job.file, (broken,), Place(job.file))
            case Result():
                process.results.append(message.result)
            case Stuck():
                process.stuck_s = message.limit_s
            case None:
                return self._died(process, job)
        return None

    def _died(self, process: Process, job: Job) -> Checked:
        """Return what is known where a process ended in the middle of a job."""
        printed = process.printed()
        verdict, said = _cause(process)
        place = Place(job.file, _line_in(printed, Path(job.file).name))
        results = list(process.results)
        for name, title in self._checks[job.exercise][len(results) :]:
            results.append(_failed(name, title, verdict, said))
            said = "Not run: the process ended in the check before."
        return Checked(job.exercise, job.file, tuple(results), place, printed=printed)

    def _replace(self, process: Process) -> None:
        if not process.ready:
            said = "".join(process.printed().strip().splitlines()[-1:])
            raise InfrastructureError(f"a process that checks did not start: {said}")
        self._processes[self._processes.index(process)] = self._new_process()


def _cause(process: Process) -> tuple[Verdict, str]:
    if process.stuck_s:
        return Verdict.TIMED_OUT, (
            f"Your code still ran after {process.stuck_s:.3g} s, could not be interrupted, and was "
            "stopped. Is there a loop that never ends, with an `except` that catches everything?"
        )
    code = process.exit_code()
    if code < 0:
        return Verdict.CRASHED, f"Your code crashed Python itself (signal {-code})."
    return Verdict.CRASHED, f"Your code ended Python itself (exit code {code})."


def _line_in(printed: str, name: str) -> int:
    """Return the last line of a file that the interpreter's own report of a crash names, or 0."""
    found = re.search(rf'File "{re.escape(name)}", line (\d+)', printed)
    return int(found[1]) if found else 0


def _failed(name: str, title: str, verdict: Verdict, message: str) -> TestResult:
    return TestResult(
        name=name,
        title=title,
        public=True,
        verdict=verdict,
        score=0.0,
        max_score=0.0,
        message=Said(message),
    )
