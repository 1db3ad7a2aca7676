"""The fork server: has torch loaded, forks a child per submission, and cleans up after it.

In the sandbox it is PID 1. It holds nothing that a submission could want to read, and reads
nothing that a submission has written: the judge and the child talk over pipes of their own, which
only pass through here. Orders from the judge are single bytes, reports to it `REPORT` structs.

A server that can't prove that everything of a submission is gone ends; the judge starts another.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

__all__ = ["CLEAN", "ENDED", "READY", "REPORT", "START", "STOP", "main"]

START, STOP = b"S", b"E"  # judge to server: start a child (with three pipes), end the submission
READY, ENDED, CLEAN = 1, 2, 3  # server to judge: loaded; the child has ended; nothing is left of it
REPORT = struct.Struct(">Bi")  # what happened, and the child's wait status

PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 4, 36
CLEANING_TIME_S = 5.0
SCRATCH = ("/scratch", "/dev/shm")  # the only places that a submission can write to


@dataclass(frozen=True)
class Settings:
    """What the judge asks of a server.

    Attributes:
        isolated: whether this is PID 1 of a sandbox that is its own.
        device: where the submissions will compute; nothing here may touch CUDA.
        memory_bytes: what a submission may use beyond what torch itself does.
        scratch: the folders that are emptied after a submission.
    """

    isolated: bool
    device: str
    memory_bytes: int
    scratch: tuple[str, ...]


def main(arguments: list[str]) -> NoReturn:
    """Run the server: `isolated|open CONTROL_FD DEVICE MEMORY_BYTES [SCRATCH]`."""
    mode, control_fd, device, memory_bytes, *rest = arguments
    isolated = mode == "isolated"
    settings = Settings(isolated, device, int(memory_bytes), tuple(rest) or SCRATCH)
    if isolated and (os.getpid() != 1 or os.getuid() == 0):
        sys.exit("the server must be PID 1 of its own namespace, and not root")
    control = socket.socket(fileno=int(control_fd))
    protect_itself()
    if not isolated:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    load_torch(settings.device)
    for folder in settings.scratch:  # torch makes folders for its caches
        empty_folder(folder)
    state = own_state()
    require(not isolated or len(os.listdir("/proc/self/task")) == 1, "the server has one thread")
    control.send(REPORT.pack(READY, 0))
    while True:
        order, pipes, _, _ = socket.recv_fds(control, 1, 3)
        if order != START or len(pipes) != 3:
            sys.exit(0)
        status = serve_submission(control, pipes, settings)
        require(not isolated or own_state() == state, "the server is as it was")
        control.send(REPORT.pack(CLEAN, status))


def protect_itself() -> None:
    """Be unreadable to children and end on the signals that a terminal sends."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def load_torch(device: str) -> None:
    """Import torch and what a first optimizer step pulls in, once for all submissions.

    On CUDA no backward pass is run here: autograd's engine would initialise CUDA, and a forked
    child could then not use it.
    """
    import torch

    import grader.guest.child  # noqa: F401 - loaded once, for every child
    from grader.guest.datasets import provide_mnist  # torchvision with it

    torch.set_num_threads(1)
    provide_mnist(Path(os.environ["LAB_MNIST"]))
    model = torch.nn.Linear(2, 2)
    if device == "cpu":
        torch.nn.functional.cross_entropy(model(torch.ones(2, 2)), torch.tensor([0, 1])).backward()
    else:
        for parameter in model.parameters():
            parameter.grad = torch.zeros_like(parameter)
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    gc.collect()
    gc.freeze()


def serve_submission(control: socket.socket, pipes: list[int], settings: Settings) -> int:
    """Fork a child for one submission, report its end, and clean up when the judge says so."""
    child = os.fork()
    if child == 0:
        become_child(pipes, settings)
    for pipe in pipes:
        os.close(pipe)
    try:
        status = watch(control, child)
    finally:  # also when the judge has hung up: without a namespace nothing else would do it
        remove_processes(isolated=settings.isolated)
    for folder in settings.scratch:
        empty_folder(folder)
    return status


def watch(control: socket.socket, child: int) -> int:
    """Wait for the judge's order to stop; report the child's end if it comes first."""
    ended = os.pidfd_open(child)
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(ended, select.POLLIN)
    status = 0
    while True:
        ready = {fd for fd, _ in poll.poll()}
        if ended in ready:
            _, status = os.waitpid(child, 0)
            poll.unregister(ended)
            control.send(REPORT.pack(ENDED, status))
        if control.fileno() in ready:
            order = control.recv(1)
            os.close(ended)
            if order != STOP:
                sys.exit(0)
            return status


def become_child(pipes: list[int], settings: Settings) -> NoReturn:
    """Turn this fork into the process that runs the submission's code."""
    try:
        from grader.guest.child import serve

        os.setsid()
        nothing = os.open(os.devnull, os.O_RDONLY)
        request, reply, output = pipes
        for source, target in [(nothing, 0), (output, 1), (output, 2)]:
            os.dup2(source, target)
        keep = (request, reply)
        low, high = min(keep), max(keep)
        for first, last in [(3, low), (low + 1, high), (high + 1, 4096)]:
            os.closerange(first, last)
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
        limit_resources(settings)
        os.chdir(settings.scratch[0])
        serve(request, reply)
    except BaseException:  # noqa: BLE001 - nothing may go back into the server's loop
        traceback.print_exc()
    finally:
        os._exit(70)


def limit_resources(settings: Settings) -> None:
    """Set the limits of the child and of everything that it starts."""
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 64 * 2**20,
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_NPROC: 64,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    if settings.device == "cpu":  # a GPU's context maps far more than it uses
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limits[resource.RLIMIT_AS] = pages * resource.getpagesize() + settings.memory_bytes
    if not settings.isolated:
        del limits[resource.RLIMIT_NPROC]  # counts everything that the user runs
    for kind, value in limits.items():
        resource.setrlimit(kind, (value, value))
    if settings.isolated:
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def remove_processes(*, isolated: bool) -> None:
    """End everything that a submission has started, and wait until it is gone.

    In the sandbox that is everything but PID 1; outside, what is or becomes the server's child.
    """
    deadline = time.monotonic() + CLEANING_TIME_S
    while left := other_processes() if isolated else children():
        if isolated:
            left = [-1]
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        reap()
        require(time.monotonic() < deadline, "every process of the submission has ended")


def other_processes() -> list[int]:
    """Return every process of the namespace but PID 1."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]


def children() -> list[int]:
    """Return the processes that this one is the parent of, by birth or by adoption."""
    text = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    return [int(word) for word in text.split()]


def reap() -> None:
    """Wait for one process to end, then take every other that has ended."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(-1, 0)
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def empty_folder(folder: str) -> None:
    """Delete everything in a folder, however deep or protected it is."""
    Path(folder).chmod(0o700)
    if not os.listdir(folder):
        return
    for command in (
        ["chmod", "-R", "u+rwx", folder],
        ["find", folder, "-mindepth", "1", "-delete"],
    ):
        subprocess.run(command, timeout=CLEANING_TIME_S, check=False, capture_output=True)  # noqa: S603 - ours
    require(not os.listdir(folder), f"{folder} is empty")


def own_state() -> tuple[object, ...]:
    """Return what a child might have changed of the server."""
    return (
        tuple(sorted(os.listdir("/proc/self/fd"))),
        os.getpriority(os.PRIO_PROCESS, 0),
        tuple(sorted(os.sched_getaffinity(0))),
        os.sched_getscheduler(0),
        tuple(resource.getrlimit(kind) for kind in range(16)),
        signal.getsignal(signal.SIGINT),
    )


def require(condition: object, claim: str) -> None:
    """End the server when a claim about it is not true."""
    if not condition:
        sys.exit(f"not true: {claim}")
