"""Run the red team: worker processes that share the attacks, each a judge with its own sandbox."""

from __future__ import annotations

import multiprocessing
import signal
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from grader.errors import GraderError, InfrastructureError
from grader.redteam.baits import Baits, clear_up
from grader.redteam.findings import Finding
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from grader.judge.plugin import SuiteRunner
    from grader.redteam.attacks import Attack
    from grader.sandbox.command import Isolation

__all__ = ["run_attacks"]

JOINING_TIME_S = 10.0


@dataclass(frozen=True)
class _Ready:
    """A judge has loaded torch, its suites and its sandbox."""


@dataclass(frozen=True)
class _Broken:
    """A judge can't work; the reason is one line."""

    reason: str


@dataclass
class _Worker:
    """A process and the attacks that it has yet to grade, the next one first."""

    left: list[Attack]
    isolation: Isolation
    device: str
    connection: Connection[Any, Any] = field(init=False)
    process: BaseProcess = field(init=False)
    ready: bool = False

    def start(self) -> None:
        """Start, or start again, with what is left."""
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe(duplex=False)
        arguments = (theirs, self.left, self.isolation, self.device)
        self.process = context.Process(target=_work, args=arguments, daemon=True)
        self.process.start()
        theirs.close()

    def hear(self) -> Finding | None:
        """Return the next finding, if this is one; an attack that ends the judge makes one, too."""
        try:
            message: Finding | _Ready | _Broken = self.connection.recv()
        except (EOFError, OSError):
            return self._replace()
        if isinstance(message, _Broken):
            raise InfrastructureError(message.reason)
        if isinstance(message, _Ready):
            self.ready = True
            return None
        self.left.pop(0)
        return message

    def _replace(self) -> Finding:
        self.process.join()
        exit_code = self.process.exitcode
        if not self.ready:
            raise InfrastructureError(
                f"a judge ended (exit code {exit_code}) before it could begin"
            )
        attack = self.left.pop(0)
        if self.left:
            self.start()
        broken = (f"the judge's process ended (exit code {exit_code}) while it graded this",)
        return Finding(attack, "the judge ended", Verdict.GRADER_FAULT, 0.0, broken, 0.0)

    def stop(self) -> None:
        """End the process; one that is done has a moment to clear up."""
        if not self.left:
            self.process.join(JOINING_TIME_S)
        self.process.terminate()
        self.process.join()
        self.connection.close()


def run_attacks(
    attacks: Sequence[Attack], isolation: Isolation, jobs: int, device: str = "cpu"
) -> Iterator[Finding]:
    """Grade attacks on one course in sandboxes of this machine's; give what becomes of each.

    Without isolation only those are run that do no harm then.

    Raises:
        InfrastructureError: no sandbox can be started.
    """
    in_turn = sorted(attacks, key=lambda attack: attack.waits)  # those that wait, to all alike
    workers = [
        _Worker(in_turn[place::jobs], isolation, device) for place in range(min(jobs, len(in_turn)))
    ]
    try:
        for worker in workers:
            worker.start()
        while busy := {worker.connection: worker for worker in workers if worker.left}:
            for heard in wait(list(busy)):
                finding = busy[heard].hear()  # type: ignore[index] # it waits for these alone
                if finding:
                    yield finding
    finally:
        for worker in workers:
            worker.stop()
        clear_up()  # one that an attack has ended could not


def _work(
    connection: Connection[Any, Any], attacks: Sequence[Attack], isolation: Isolation, device: str
) -> None:
    """Grade attacks in this process; send a finding for each, or a line that says why not."""
    import torch

    from grader.judge.plugin import run_suites
    from grader.redteam.grading import LIMITS, Grading
    from grader.sandbox.sandbox import Sandbox

    def serve(runner: SuiteRunner) -> None:
        grading = Grading(sandbox, runner, baits, course, device)
        connection.send(_Ready())
        for attack in attacks:
            connection.send(grading.grade(attack))

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is the parent's business
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # leave by the context managers
    torch.set_num_threads(1)
    course = attacks[0].course
    used = {course.exercises[0], *(attack.exercise for attack in attacks)}
    files = [file for each in used for file in (each.public_checks, each.hidden_suite)]
    try:
        with Baits() as baits, Sandbox(isolation, device, LIMITS, course.code) as sandbox:
            run_suites(sorted(files), serve)
    except GraderError as error:
        connection.send(_Broken(str(error)))
    except KeyboardInterrupt:  # nobody listens any more
        pass
