"""Run the red team: worker processes that share the attacks, each a judge with its own sandbox."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from grader.redteam.baits import Baits, clear_up
from grader.redteam.findings import Finding
from grader.results.verdicts import Verdict
from grader.runs.sharing import Lost, shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.judge.plugin import SuiteRunner
    from grader.redteam.attacks import Attack
    from grader.sandbox.command import Isolation

__all__ = ["run_attacks"]


def run_attacks(
    attacks: Sequence[Attack], isolation: Isolation, jobs: int, device: str = "cpu"
) -> Iterator[Finding]:
    """Grade attacks on one course in sandboxes of this machine's; give what becomes of each.

    Without isolation only those are run that do no harm then.

    Raises:
        InfrastructureError: no sandbox can be started.
    """
    in_turn = sorted(attacks, key=lambda attack: attack.waits)  # those that wait, to all alike
    work = partial(_work, isolation=isolation, device=device)
    try:
        with closing(shared(work, in_turn, jobs)) as done:
            for attack, found in done:
                match found:
                    case Finding():
                        yield found
                    case Lost(exit_code):
                        yield _judge_ended(attack, exit_code)
    finally:
        clear_up()  # one that an attack has ended could not


def _judge_ended(attack: Attack, exit_code: int | None) -> Finding:
    broken = (f"the judge's process ended (exit code {exit_code}) while it graded this",)
    return Finding(attack, "the judge ended", Verdict.GRADER_FAULT, 0.0, broken, 0.0)


def _work(
    attacks: Sequence[Attack], send: Callable[[object], None], isolation: Isolation, device: str
) -> None:
    """Grade attacks in a process of its own."""
    import torch

    from grader.judge.plugin import run_suites
    from grader.redteam.grading import LIMITS, Grading
    from grader.sandbox.sandbox import Sandbox

    def serve(runner: SuiteRunner) -> None:
        grading = Grading(sandbox, runner, baits, course, device)
        send(None)
        for attack in attacks:
            send(grading.grade(attack))

    torch.set_num_threads(1)
    course = attacks[0].course
    used = {course.exercises[0], *(attack.exercise for attack in attacks)}
    files = [file for each in used for file in (each.public_checks, each.hidden_suite)]
    with Baits() as baits, Sandbox(isolation, device, LIMITS, course.code) as sandbox:
        run_suites(sorted(files), serve)
