"""A sandbox: one warm fork server, and one session in it for each submission."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from grader.errors import InfrastructureError, SandboxUnavailable
from grader.guest.server import CLEAN, ENDED, READY, REPORT, START, STOP
from grader.guest.wire import HEADER, WireError, decode_reply, frame, frame_length
from grader.sandbox.command import (
    Isolation,
    Limits,
    environment,
    isolated_command,
    open_command,
)
from grader.sandbox.data import mnist_folder
from grader.sandbox.seccomp import filter_program
from grader.sandbox.selftest import require_closed

if TYPE_CHECKING:
    from types import TracebackType

    from grader.guest.wire import Reply, Request

__all__ = ["GuestDiedError", "GuestGarbledError", "GuestTimeoutError", "Sandbox", "Session"]

STARTING_TIME_S = 120.0  # importing torch from a cold disk
CLEANING_TIME_S = 20.0
ENDING_TIME_S = 5.0
PIPE_BYTES = 64 * 2**10


class GuestDiedError(Exception):
    """The child ended before it answered.

    Attributes:
        cause: how, in words: `ended by signal SIGSEGV`.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class GuestTimeoutError(Exception):
    """The child did not answer within `time_s` seconds."""

    def __init__(self, time_s: float) -> None:
        super().__init__(f"no answer within {time_s} s")
        self.time_s = time_s


class GuestGarbledError(Exception):
    """The child sent something that is no reply."""


class Sandbox:
    """Keeps one fork server; use it as a context manager.

    Not thread-safe: one submission at a time. POSIX only; the isolation needs Linux.
    """

    def __init__(self, isolation: Isolation, device: str, limits: Limits) -> None:
        self._isolation = isolation
        self._device = device
        self.limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._scratch = Path(tempfile.mkdtemp(prefix="grader-"))

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the server for good, and delete its scratch folder."""
        self.kill()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def start(self) -> None:
        """Start the server, wait until it has loaded torch, and try whether it holds.

        Raises:
            SandboxUnavailable: this machine can't run it, or it does not hold; the message says
                why.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        errors = self._scratch / "server.log"
        with errors.open("wb") as log, theirs:
            self._process = self._launch(theirs, log.fileno())
        self._control = ours
        ours.settimeout(STARTING_TIME_S)
        try:
            report = ours.recv(REPORT.size)
        except TimeoutError:
            report = b""
        if len(report) != REPORT.size or REPORT.unpack(report)[0] != READY:
            self.kill()
            raise SandboxUnavailable(self._reason(errors))
        if self._isolation is Isolation.BUBBLEWRAP:
            self._test()

    def _test(self) -> None:
        """Try what must not be possible; a sandbox that lets it through is ended."""
        try:
            session = self._open()
            require_closed(session)
            session.end()
        except (OSError, GuestDiedError, GuestGarbledError, GuestTimeoutError) as error:
            self.kill()
            raise SandboxUnavailable(f"the sandbox could not be tried: {error}") from error
        except SandboxUnavailable:
            self.kill()
            raise

    def _launch(self, control: socket.socket, log_fd: int) -> subprocess.Popen[bytes]:
        """Start the server; it inherits its control socket, and nothing else."""
        with tempfile.TemporaryFile() as program:
            fds: tuple[int, ...] = (control.fileno(), program.fileno())
            if self._isolation is Isolation.BUBBLEWRAP:
                program.write(filter_program())
                program.seek(0)
                command = isolated_command(self._device, self.limits, *fds)
                variables = {"PATH": os.environ.get("PATH", "/usr/bin")}
            else:
                fds = fds[:1]
                folder = Path(tempfile.mkdtemp(prefix="submission-", dir=self._scratch))
                command = open_command(self._device, self.limits, control.fileno(), folder)
                variables = environment(
                    device=self._device, scratch=str(folder), data=str(mnist_folder())
                )
            return subprocess.Popen(  # noqa: S603 - the command is ours
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log_fd,
                env=variables,
                pass_fds=fds,
                start_new_session=True,
            )

    def _reason(self, errors: Path) -> str:
        text = errors.read_text(encoding="utf-8", errors="replace").strip()
        last = text.splitlines()[-1] if text else "it ended without a word"
        if self._isolation is Isolation.NONE:
            return f"the fork server did not start: {last}"
        return (
            f"bubblewrap could not start the sandbox: {last} (`--sandbox none` grades without it, "
            "and lets submissions read and change everything that you can)"
        )

    def kill(self) -> None:
        """End the server and everything in its namespace."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            if self._isolation is Isolation.NONE:  # only the server can find what was started
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(ENDING_TIME_S)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def open(self) -> Session:
        """Begin a session in a fresh child; a server that is gone is started again first."""
        if self._control is None:
            self.start()
        try:
            return self._open()
        except OSError:
            self.kill()
            self.start()
            return self._open()

    def _open(self) -> Session:
        if self._control is None:
            raise InfrastructureError("the fork server is not running")
        request_end, request = os.pipe()
        reply, reply_end = os.pipe()
        output, output_end = os.pipe()
        theirs = [request_end, reply_end, output_end]
        try:
            socket.send_fds(self._control, [START], theirs)
        except OSError:
            for end in (request, reply, output):
                os.close(end)
            raise
        finally:
            for end in theirs:
                os.close(end)
        return Session(self, self._control, request, reply, output)

    def clean(self, control: socket.socket) -> None:
        """Have everything of a submission removed; a server that can't is ended."""
        try:
            control.settimeout(CLEANING_TIME_S)
            control.send(STOP)
            while REPORT.unpack(control.recv(REPORT.size))[0] != CLEAN:
                pass
        except (OSError, struct.error):  # too slow, or gone: an empty report
            self.kill()


class Session:
    """One child of the fork server: ask it, then end it."""

    def __init__(
        self, sandbox: Sandbox, control: socket.socket, request: int, reply: int, output: int
    ) -> None:
        self._sandbox = sandbox
        self._control = control
        self._request, self._reply, self._output = request, reply, output
        self._pending = bytearray()
        self._printed = bytearray()
        self._cause: str | None = None
        self._open = True
        for end in (request, reply, output):
            os.set_blocking(end, False)
        control.setblocking(False)

    def take_printed(self) -> bytes:
        """Return what was printed since the last time, up to the limit, and forget it."""
        printed = bytes(self._printed)
        self._printed.clear()
        return printed

    def ask(self, request: Request, time_s: float) -> Reply:
        """Send a request and wait for its reply.

        Raises:
            GuestTimeoutError: no reply came in `time_s` seconds of wall time.
            GuestDiedError: the child ended.
            GuestGarbledError: the child sent something else than a reply.
        """
        deadline = time.monotonic() + time_s
        if self._pending:
            raise GuestGarbledError("it sent a reply that nobody had asked for")
        outgoing = memoryview(frame(request))
        with selectors.DefaultSelector() as selector:
            selector.register(self._request, selectors.EVENT_WRITE)
            selector.register(self._reply, selectors.EVENT_READ)
            selector.register(self._output, selectors.EVENT_READ)
            selector.register(self._control, selectors.EVENT_READ)
            while True:
                reply = self._complete_reply()
                if reply is not None:
                    self._drain_output()
                    return reply
                left = deadline - time.monotonic()
                if left <= 0:
                    raise GuestTimeoutError(time_s)
                outgoing = self._step(selector, outgoing, left)

    def _step(
        self, selector: selectors.BaseSelector, outgoing: memoryview, left_s: float
    ) -> memoryview:
        """Move bytes between the pipes once, and notice the child's end."""
        ready = {key.fd for key, _ in selector.select(left_s)}
        if self._output in ready and not self._drain_output():
            selector.unregister(self._output)
        if self._reply in ready and not self._drain_reply():
            raise GuestDiedError(self._end_of_child())
        if self._control.fileno() in ready and self._reply not in ready:
            raise GuestDiedError(self._end_of_child())
        if self._request in ready:
            outgoing = self._send(outgoing)
            if not outgoing:
                selector.unregister(self._request)
        return outgoing

    def _send(self, outgoing: memoryview) -> memoryview:
        try:
            return outgoing[os.write(self._request, outgoing[:PIPE_BYTES]) :]
        except BlockingIOError:
            return outgoing
        except BrokenPipeError:
            raise GuestDiedError(self._end_of_child()) from None

    def _drain_reply(self) -> bool:
        data = os.read(self._reply, 2**20)
        self._pending += data
        return bool(data)

    def _drain_output(self) -> bool:
        try:
            data = os.read(self._output, 2**20)
        except BlockingIOError:
            return True
        room = self._sandbox.limits.output_bytes - len(self._printed)
        self._printed += data[: max(room, 0)]
        return bool(data)

    def _complete_reply(self) -> Reply | None:
        if len(self._pending) < HEADER.size:
            return None
        try:
            length = frame_length(bytes(self._pending[: HEADER.size]))
            end = HEADER.size + length
            if len(self._pending) < end:
                return None
            reply = decode_reply(bytes(self._pending[HEADER.size : end]))
        except WireError as error:
            raise GuestGarbledError(str(error)) from error
        del self._pending[:end]
        return reply

    def _end_of_child(self) -> str:
        """Say in words how the child ended, from the server's report."""
        if self._cause is None:
            self._control.settimeout(1.0)
            try:
                kind, status = REPORT.unpack(self._control.recv(REPORT.size))
                self._cause = in_words(status) if kind == ENDED else "closed its answers"
            except OSError:
                self._cause = "closed its answers"
            except struct.error:  # an empty report: the server itself is gone
                self._cause = "took the sandbox down"
        return self._cause

    def end(self) -> None:
        """Throw the child away with everything that it has left."""
        if not self._open:
            return
        self._open = False
        for pipe in (self._request, self._reply, self._output):
            os.close(pipe)
        self._sandbox.clean(self._control)


def in_words(status: int) -> str:
    """Describe a wait status."""
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return f"ended itself with exit code {code}"
    return f"was ended by signal {signal.Signals(-code).name}"
