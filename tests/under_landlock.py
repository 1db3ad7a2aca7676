"""What is tried in the landlock sandbox, where namespaces are forbidden; prints what was found.

`tests/test_landlock.py` runs this once, in a container and as an ordinary user, and looks at each
finding by itself: to start a sandbox takes seconds.
"""

from __future__ import annotations

import json
import os
import select
import signal
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import QUICK

from grader.doctor.choosing import choose
from grader.errors import SandboxUnavailable
from grader.guest.crossing.values import unpack
from grader.guest.crossing.wire import Call, Load, Returned
from grader.judge.plugin import run_suites
from grader.redteam import all_attacks
from grader.redteam.baits import Baits
from grader.redteam.grading import Grading
from grader.sandbox.command import Wanted
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.shared import walls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.judge.plugin import SuiteRunner
    from grader.sandbox.command import Isolation

PATIENCE_S = 60.0
ALLOW_EVERYTHING = struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000)  # one BPF instruction: return
# a loader with workers, a file of its own whose mode it sets, a program, a step of an optimizer
ORDINARY = b"""
import os, subprocess, torch
from torch.utils.data import DataLoader, TensorDataset

def answer():
    loader = DataLoader(TensorDataset(torch.arange(4.0)), num_workers=2, batch_size=2)
    with open("made", "w") as file:
        file.write("made")
    os.chmod("made", 0o600)
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.ones(2)).sum().backward()
    optimizer.step()
    said = subprocess.run(["echo", "said"], capture_output=True).stdout.decode().strip()
    return [[batch[0].tolist() for batch in loader], os.listdir("."), said]
"""
# a process that has left its parent, its group and its session, and hears nothing
LEAVES_A_DAEMON = b"""
import os, signal, time

def answer():
    ends = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.write(ends[1], b"%d" % os.getpid())
            time.sleep(1000)
        os._exit(0)
    return [int(os.read(ends[0], 20)), os.getuid(), os.getppid()]
"""


def found(names: Sequence[str]) -> dict[str, object]:
    """Try all of it; return what was found."""
    isolation, line = choose(Wanted.AUTO)
    told: dict[str, object] = {"isolation": isolation, "line": line, "user": os.getuid()}
    with Sandbox(isolation, "cpu", QUICK) as sandbox:
        of_the_first_version, unfiltered = launched(isolation)  # they load torch meanwhile
        told["ordinary"] = answer_of(sandbox, ORDINARY)
        told["user inside"], told["left"] = left_by_a_submission(sandbox)
        told["attacks"] = attacked(sandbox, names)
        told["left without a server"] = left_by_a_server_that_was_ended(sandbox)
    with of_the_first_version:  # and it has passed its self-test
        told["left with the first version"] = left_by_a_submission(of_the_first_version)[1]
    told["refused"] = refusal(unfiltered)
    return told


def launched(isolation: Isolation) -> tuple[Sandbox, Sandbox]:
    """Launch a sandbox that has but the first version of Landlock, and one that has no filter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walls, "kernel_abi", lambda: 1)
        of_the_first_version = Sandbox(isolation, "cpu", QUICK)
        of_the_first_version.launch()
        patch.setattr(walls, "filter_program", lambda **_: ALLOW_EVERYTHING)
        unfiltered = Sandbox(isolation, "cpu", QUICK)
        unfiltered.launch()
    return of_the_first_version, unfiltered


def answer_of(sandbox: Sandbox, code: bytes) -> Any:
    """Return what a submission's `answer()` returns."""
    session = sandbox.open()
    session.ask(Load("exercise", "exercise.py", code, False, "cpu"), PATIENCE_S)
    reply = session.ask(Call("answer", (), 0), PATIENCE_S)
    session.end()
    return unpack(reply.value) if isinstance(reply, Returned) else str(reply)


def left_by_a_submission(sandbox: Sandbox) -> tuple[int, bool]:
    """Return whose its processes were, and whether one of them is left after it."""
    daemon, user, _ = map(int, answer_of(sandbox, LEAVES_A_DAEMON))
    sandbox.settle()
    return user, Path(f"/proc/{daemon}").exists()


def left_by_a_server_that_was_ended(sandbox: Sandbox) -> bool:
    """End the fork server from outside; say whether what a submission has started stays."""
    session = sandbox.open()
    session.ask(Load("exercise", "exercise.py", LEAVES_A_DAEMON, False, "cpu"), PATIENCE_S)
    reply = session.ask(Call("answer", (), 0), PATIENCE_S)
    assert isinstance(reply, Returned)
    daemon, _, server = map(int, unpack(reply.value))
    end = select.poll()
    end.register(os.pidfd_open(daemon), select.POLLIN)
    os.kill(server, signal.SIGKILL)
    ended = end.poll(1000 * PATIENCE_S)
    session.end()
    return not ended


def attacked(sandbox: Sandbox, names: Sequence[str]) -> dict[str, list[str]]:
    """Grade attacks; return what each got, and what it came to if that is not what is expected."""
    attacks = [each for each in all_attacks() if each.file.stem in names]
    course = attacks[0].course
    results: dict[str, list[str]] = {}
    files = [course.exercises[0].public_checks, course.exercises[0].hidden_suite]
    with Baits() as baits:

        def serve(runner: SuiteRunner) -> None:
            grading = Grading(sandbox, runner, baits, course)
            for attack in attacks:
                finding = grading.grade(attack)
                odd = [] if finding.as_expected else [finding.happened]
                results[attack.file.stem] = [*finding.broken, *odd]

        run_suites(sorted(files), serve)
    return results


def refusal(sandbox: Sandbox) -> str:
    """Return why a sandbox does not start."""
    try:
        with sandbox:
            return ""
    except SandboxUnavailable as error:
        return str(error)


if __name__ == "__main__":
    print(json.dumps(found(sys.argv[1:])))
