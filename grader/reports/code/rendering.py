"""Render what a submission holds in a process that can be ended, within time and memory.

A parser that hangs, swells or crashes costs the piece that it was at: the process is replaced, and
whoever asked shows that piece as plain text. POSIX only.
"""

from __future__ import annotations

import atexit
import resource
import signal
import subprocess
import sys
import time
from functools import cache
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from grader.reports.code.markup import Kind, as_html, prepare

if TYPE_CHECKING:
    Ours = Connection[Any, Any]

__all__ = ["Rendered", "Renderer", "renderer", "serve"]

MEMORY_BYTES = 128 * 2**20  # on top of what the process has before its first piece of a kind
STALLED_S = (
    120.0  # wall time: nothing may be slow for want of a core, and nothing may wait for ever
)


class _Order(msgspec.Struct, frozen=True, array_like=True):
    """A piece to render.

    Attributes:
        cpu_s: CPU time after which the process is ended.
        longest: characters of HTML that may come of it.
    """

    kind: Kind
    text: str
    cpu_s: float
    longest: int


class Rendered(msgspec.Struct, frozen=True, array_like=True):
    """What came of a piece.

    Attributes:
        html: None where there is none, or too much.
        cpu_s: CPU time that it took.
    """

    html: str | None
    cpu_s: float


class Renderer:
    """Renders pieces in a process of its own, which starts with the first one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Ours | None = None

    def render(self, kind: Kind, text: str, cpu_s: float, longest: int) -> Rendered:
        """Return a piece as HTML, or none where that took too much or can't be done."""
        order = msgspec.msgpack.encode(_Order(kind, text, cpu_s, longest))
        connection = self._connection or self._start()
        try:
            connection.send_bytes(order)
            if not connection.poll(STALLED_S):
                raise TimeoutError
            return msgspec.msgpack.decode(connection.recv_bytes(), type=Rendered)
        except (OSError, EOFError):  # it hung, or ended: the next piece gets another process
            self.end()
            return Rendered(None, cpu_s)

    def end(self) -> None:
        """End the process, whatever it is doing."""
        if self._process is not None and self._connection is not None:
            self._connection.close()
            self._process.kill()
            self._process.wait()
        self._process = self._connection = None

    def _start(self) -> Ours:
        self._connection, theirs = Pipe()
        end = theirs.fileno()
        start = f"from grader.reports.code.rendering import serve; serve({end})"
        code = f"import sys; sys.path[:] = {sys.path!r}; {start}"
        self._process = subprocess.Popen(  # noqa: S603 - our own code, and none from elsewhere
            [sys.executable, "-I", "-c", code],
            pass_fds=[end],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # a parser that dies would say so there
        )
        theirs.close()
        return self._connection


@cache
def renderer() -> Renderer:
    """Return the renderer of this process."""
    own = Renderer()
    atexit.register(own.end)
    return own


def serve(end: int) -> None:
    """Render pieces until nobody asks any more; `end` is the number of the connection."""
    connection: Ours = Connection(end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asks
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prepared: set[Kind] = set()
    while True:
        try:
            order = msgspec.msgpack.decode(connection.recv_bytes(), type=_Order)
        except EOFError:
            return
        if order.kind not in prepared:
            _prepare(order.kind)
            prepared.add(order.kind)
        connection.send_bytes(msgspec.msgpack.encode(_rendered(order)))


def _prepare(kind: Kind) -> None:
    """Load what a kind needs, then bound the memory from what that has taken."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    prepare(kind)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY_BYTES, most))


def _rendered(order: _Order) -> Rendered:
    start = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, order.cpu_s)  # its signal ends the process
    try:
        html = as_html(order.kind, order.text)
    except Exception:  # noqa: BLE001 - a parser that stumbles over a text costs its looks alone
        html = None
    signal.setitimer(signal.ITIMER_PROF, 0)
    fits = html is not None and len(html) <= order.longest
    return Rendered(html if fits else None, time.process_time() - start)
