"""The start-up self-test: a fresh sandbox is tried before anything is graded in it."""

from __future__ import annotations

import os
import secrets
import socket
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from grader.courses import PACKAGE
from grader.errors import SandboxUnavailable
from grader.guest.crossing.values import pack, unpack
from grader.guest.crossing.wire import Call, Load, Loaded, Reply, Returned
from grader.sandbox.command import Isolation
from grader.sandbox.mounts import scratch_folders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.guest.process.limits import GuestLimits
    from grader.sandbox.session import Session

__all__ = ["folder_of_baits", "holes", "require_closed", "require_gpu"]

PROBES = Path(__file__).with_name("probes.py")
MAX_SOCKET_PATH = 107  # bytes
TRYING_TIME_S = 30.0  # it takes 20 ms; a busy machine may take longer


def require_closed(session: Session, limits: GuestLimits, isolation: Isolation) -> None:
    """Refuse a sandbox that lets through what it must not.

    Raises:
        SandboxUnavailable: something got through, or could not be tried.
    """
    found = holes(session, limits, isolation)
    if found:
        raise SandboxUnavailable(
            f"the sandbox does not hold on this machine: a submission can {', '.join(found)}; "
            "nothing is graded in it. `grader doctor` says what to fix"
        )


def holes(session: Session, limits: GuestLimits, isolation: Isolation) -> list[str]:
    """Try a sandbox in a fresh session of its own; say what a submission can do and must not.

    Raises:
        SandboxUnavailable: it could not be tried.
    """
    alone = isolation is Isolation.BUBBLEWRAP
    load = Load("probes", PROBES.name, PROBES.read_bytes(), notebook=False, device="cpu")
    with baits() as out:
        replies = [session.ask(load, TRYING_TIME_S)]
        if isinstance(replies[0], Loaded):
            writable = list(scratch_folders(limits.disk_bytes).items()) if alone else []
            counted = alone or os.geteuid() == 0  # what another user runs is not told apart
            values = (out | {"judge": 0} if alone else out, writable, counted * limits.processes)
            call = Call("open_holes", tuple(pack(value) for value in values), seed=0)
            replies.append(session.ask(call, TRYING_TIME_S))
    return _found(replies[-1])


def _found(reply: Reply) -> list[str]:
    if not isinstance(reply, Returned):
        raise SandboxUnavailable(f"the sandbox could not be tried: {reply}")
    return [str(hole) for hole in unpack(reply.value)]


def require_gpu(session: Session) -> None:
    """Refuse a sandbox in which submissions can't use the GPU; each would lose points by that.

    Args:
        session: the one in which it was tried for holes.

    Raises:
        SandboxUnavailable: they can't, or it could not be tried.
    """
    reply = session.ask(Call("gpu_problem", (), seed=0), TRYING_TIME_S)
    if not isinstance(reply, Returned):
        raise SandboxUnavailable(f"the sandbox's GPU could not be tried: {reply}")
    if problem := unpack(reply.value):
        reason = str(problem).partition("\n")[0]
        raise SandboxUnavailable(
            f"submissions can't use the GPU in the sandbox ({reason}); `--device cpu` grades "
            "without it"
        )


def folder_of_baits() -> tempfile.TemporaryDirectory[str]:
    """Make a temporary folder in which a socket can have a name of up to 30 characters.

    A socket's whole path has at most 107 bytes, and a cluster's folder for a job may be longer.
    """
    usual = os.fsencode(tempfile.gettempdir())
    place = "/tmp" if len(usual) > MAX_SOCKET_PATH - len("/grader-12345678/") - 30 else None
    return tempfile.TemporaryDirectory(prefix="grader-", dir=place)


@contextmanager
def baits() -> Iterator[dict[str, object]]:
    """Put up what must be out of reach, and is open to everybody outside: see `open_holes`."""
    name = f"grader-{secrets.token_hex(8)}"
    with (
        folder_of_baits() as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as nameless,
        socket.socket(socket.AF_UNIX) as named,
    ):
        file = Path(folder, "bait")
        file.write_text("bait", encoding="ascii")
        for local, address in ((nameless, f"\0{name}"), (named, f"{folder}/{name}")):
            local.bind(address)
            local.listen()
        # for whoever gets there, rights are no obstacle
        for place, mode in ((folder, 0o777), (file, 0o644), (f"{folder}/{name}", 0o777)):
            Path(place).chmod(mode)
        yield {
            "files": [str(file), str(PACKAGE / "lab" / "hidden"), str(PACKAGE / "judge")],
            "folder": folder,
            "port": server.getsockname()[1],
            "name": name,
            "socket": f"{folder}/{name}",
            "judge": os.getpid(),
        }
