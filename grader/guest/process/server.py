"""The fork server: has torch loaded, forks a child per exercise, and cleans up after it.

In bubblewrap's sandbox it is PID 1. It holds nothing that a submission could want to read, and
reads nothing that a submission has written: the judge and the child talk over lines of their own,
which only pass through here. Orders from the judge are single bytes, the first with a child's
limits behind it; reports to it are `REPORT` structs.

A server that can't prove that everything of a submission is gone ends; the judge starts another.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import os
import pkgutil
import resource
import signal
import socket
import sys
import traceback
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name
from typing import NoReturn

import msgspec

import grader.guest
from grader.guest.causes import CAUSES
from grader.guest.process.cleaning import empty_folder, require
from grader.guest.process.hugepages import gather_memory
from grader.guest.process.kept import InItsFolders, InSharedFolders, Kept
from grader.guest.process.limits import HOOK, STACK_BYTES, GuestLimits, Settings
from grader.guest.process.reports import CLEAN, MAX_ORDER, READY, REPORT, START
from grader.guest.process.usage import Usage, resident
from grader.guest.process.watch import Watch
from grader.guest.walls.keeping import go_within
from grader.guest.walls.layers import enclose_child, processes_within
from grader.guest.walls.number import most_processes

__all__ = ["main"]

SHOWN_DATA = "data"
BESIDE = "beside"
TRIAL_AND_FIRST = 2  # submissions; the first verdict does not wait for what pays later
PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 4, 36


def main(arguments: list[str]) -> NoReturn:
    """Run the server: the number of its control socket, and its settings as JSON."""
    control_fd, written = arguments
    settings = msgspec.json.decode(written, type=Settings)
    isolated = settings.isolated
    if isolated and (os.getpid() != 1 or os.getuid() == 0):
        sys.exit("the server must be PID 1 of its own namespace, and not root")
    if settings.walls:
        settings = go_within(settings, settings.walls, int(control_fd))
    control = socket.socket(fileno=int(control_fd))
    protect_itself()
    if not isolated:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    load_torch(settings)
    for folder in settings.scratch:  # torch makes folders for its caches
        empty_folder(folder)
    kept = kept_by_submissions(settings)
    state, memory = own_state(), resident(os.getpid())
    held = isolated or settings.walls is not None
    count = settings.walls is not None and not settings.walls.own_user
    require(not held or len(os.listdir("/proc/self/task")) == 1, "the server has one thread")
    look = (kept.sockets, *kept.folders) if isinstance(kept, InItsFolders) else ()
    socket.send_fds(control, [REPORT.pack(READY, 0)], look)
    served = 0
    while True:
        order, lines, _, _ = socket.recv_fds(control, MAX_ORDER, 3)
        if order[:1] != START or len(lines) != 3:
            sys.exit(0)
        limits = msgspec.json.decode(order[1:], type=GuestLimits)
        usage = Usage(limits, memory, kept, count=count)
        serve_submission(control, lines, settings, limits, usage)
        require(not held or own_state() == state, "the server is as it was")
        served += 1
        if served == TRIAL_AND_FIRST:
            gather_memory()
            memory = resident(os.getpid())
        control.send(REPORT.pack(CLEAN, 0))


def protect_itself() -> None:
    """Be unreadable to children and end on the signals that a terminal sends."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def load_torch(settings: Settings) -> None:
    """Import torch and what a first optimizer step pulls in, once for all submissions.

    On CUDA no backward pass is run here: autograd's engine would initialise CUDA, and a forked
    child could then not use it.
    """
    import torch

    from grader.guest.eager import import_torchvision, run_eagerly
    from grader.guest.process.child import rehearse
    from grader.guest.walls.loaders import load_without_workers

    run_eagerly()
    import_torchvision()
    for module in pkgutil.iter_modules(grader.guest.__path__, "grader.guest."):
        importlib.import_module(module.name)  # a probe may need any of them
    rehearse()
    load_beside()
    if settings.walls:
        load_without_workers()
    torch.set_num_threads(1)
    ask_hooks(settings)
    model = torch.nn.Linear(2, 2)
    if settings.device == "cpu":
        torch.nn.functional.cross_entropy(model(torch.ones(2, 2)), torch.tensor([0, 1])).backward()
    else:
        for parameter in model.parameters():
            parameter.grad = torch.zeros_like(parameter)
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    gc.freeze()
    gc.enable()


def load_beside() -> None:
    """Import what the course has for probes; the probe that needs a broken one will say so."""
    package = find_spec(BESIDE)
    places = package.submodule_search_locations if package else None
    for module in pkgutil.iter_modules(places or [], f"{BESIDE}."):
        with suppress(Exception):
            importlib.import_module(module.name)


def ask_hooks(settings: Settings) -> None:
    """Have the course prepare torch, and find what knows why a cell raised."""
    hook = f"prepare = {settings.prepare!r}"
    try:
        if settings.prepare:
            resolve_name(settings.prepare)(tuple(map(Path, settings.files)), None)
        hook = f"cause = {settings.cause!r}"
        CAUSES.ask(settings.cause)
    except Exception as error:  # noqa: BLE001 - the judge tells the last line
        traceback.print_exc()
        sys.exit(f"{HOOK}{hook}: {type(error).__name__}: {error}".replace("\n", " "))


def serve_submission(
    control: socket.socket,
    lines: list[int],
    settings: Settings,
    limits: GuestLimits,
    usage: Usage,
) -> None:
    """Fork a child for one exercise, watch over it, and clean up when the judge says so."""
    child = os.fork()
    if child == 0:
        become_child(lines, settings, limits)
    for line in lines:
        os.close(line)
    processes = processes_within(settings)
    try:
        Watch(control, child, usage, processes).last()
    finally:  # also when the judge has hung up: without a namespace nothing else would do it
        processes.remove()
    for folder in settings.scratch:
        empty_folder(folder)


def kept_by_submissions(settings: Settings) -> Kept | None:
    """Return what looks at what a submission keeps: of what the sandbox has of its own, all."""
    if settings.isolated:
        return InItsFolders.opened(settings.scratch)
    if settings.walls is None:
        return None
    return InSharedFolders(settings.scratch, processes_within(settings))


def become_child(lines: list[int], settings: Settings, limits: GuestLimits) -> NoReturn:
    """Turn this fork into the process that runs the submission's code."""
    try:
        from grader.guest.process.child import serve

        os.setsid()
        nothing = os.open(os.devnull, os.O_RDONLY)
        request, reply, output = lines
        for source, target in [(nothing, 0), (output, 1), (output, 2)]:
            os.dup2(source, target)
        keep = (request, reply)
        low, high = min(keep), max(keep)
        for first, last in [(3, low), (low + 1, high), (high + 1, 4096)]:
            os.closerange(first, last)
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
        limit_resources(settings, limits)
        os.chdir(settings.scratch[0])
        if settings.data:
            os.symlink(settings.data, SHOWN_DATA)  # noqa: PTH211 - this runs for every exercise
        if settings.walls:
            enclose_child(settings.walls, settings.scratch)
        serve(request, reply, limits)
    except BaseException:  # noqa: BLE001 - nothing may go back into the server's loop
        traceback.print_exc()
    finally:
        os._exit(70)


def limit_resources(settings: Settings, limits: GuestLimits) -> None:
    """Set what the kernel itself limits for this process and for everything that it starts."""
    sizes = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: limits.cpu_s,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_STACK: STACK_BYTES,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    if settings.isolated:  # outside, it counts everything that the user runs
        sizes[resource.RLIMIT_NPROC] = limits.processes
    elif settings.walls:
        sizes[resource.RLIMIT_NPROC] = most_processes(settings.walls, limits.processes)
    if settings.device == "cpu":  # a GPU's context maps far more than it uses
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        sizes[resource.RLIMIT_AS] = pages * resource.getpagesize() + limits.memory_bytes
    for kind, size in sizes.items():
        hard = size + 1 if kind == resource.RLIMIT_CPU else size  # SIGXCPU first, then SIGKILL
        resource.setrlimit(kind, no_more_than_now(kind, size, hard))
    if settings.isolated or settings.walls:
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def no_more_than_now(kind: int, *wanted: int) -> tuple[int, int]:
    """Return soft and hard limit as far as the machine lets this user have them."""
    _, most = resource.getrlimit(kind)
    soft, hard = (min(size, most) if most != resource.RLIM_INFINITY else size for size in wanted)
    return soft, hard


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
