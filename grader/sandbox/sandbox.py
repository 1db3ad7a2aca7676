"""A sandbox: one warm fork server, and one session in it for each submission."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from grader.courses import carried_course
from grader.errors import InfrastructureError, SandboxUnavailable
from grader.guest.process.kept import InItsFolders
from grader.guest.process.limits import HOOK
from grader.guest.process.reports import CLEAN, READY, REPORT, START, STOP
from grader.sandbox.command import (
    WITHOUT,
    Isolation,
    environment,
    isolated_command,
    open_command,
    walled_command,
)
from grader.sandbox.failures import GuestDiedError, GuestGarbledError, GuestTimeoutError
from grader.sandbox.seccomp import filter_program
from grader.sandbox.shared.users import NobodysUser
from grader.sandbox.shared.walls import folder_in_memory

# What speaks with a child imports torch, which `launch` does not wait for.
if TYPE_CHECKING:
    from types import TracebackType

    from grader.courses.code.course_code import CourseCode
    from grader.sandbox.limits import Limits
    from grader.sandbox.session import Session

__all__ = ["Sandbox"]

STARTING_TIME_S = 120.0  # importing torch from a cold disk
CLEANING_TIME_S = 20.0
ENDING_TIME_S = 5.0
MAX_LOOK = 8  # open files that a server hands over


class Sandbox:
    """Keeps one fork server for the submissions of a course; use it as a context manager.

    Without a course it is the carried one's.

    Not thread-safe: one submission at a time. POSIX only; the isolation needs Linux. A submission
    finds the course's `data`, if there is such a folder, under that name where it runs, and can
    only read it.

    Attributes:
        isolation: what confines submissions.
        limits: what a submission may use, unless it is opened with others.
    """

    def __init__(
        self,
        isolation: Isolation,
        device: str,
        limits: Limits,
        course: CourseCode | None = None,
        disk_bytes: int = 0,
    ) -> None:
        self.isolation = isolation
        self._course = course or carried_course().code
        self._device = device
        self.limits = limits
        self._disk_bytes = max(disk_bytes, limits.guest.disk_bytes)
        self._user: NobodysUser | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._kept: InItsFolders | None = None
        walled = isolation is Isolation.LANDLOCK
        place = folder_in_memory(self._disk_bytes) if walled else None
        self._scratch = Path(tempfile.mkdtemp(prefix="grader-", dir=place))
        self._log = self._scratch / "server.log"
        self._dirty = False

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

    def launch(self) -> None:
        """Start the server, and wait for nothing; it loads torch meanwhile."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with self._log.open("wb") as log, theirs:
            self._process = self._server(theirs, log.fileno())
        self._control = ours

    def start(self) -> None:
        """Start the server if it is not launched, wait until it is ready, and try whether it holds.

        Raises:
            SandboxUnavailable: this machine can't run it, or it does not hold; the message says
                why.
        """
        if self._control is None:
            self.launch()
        if not self._is_ready():
            self.kill()
            raise SandboxUnavailable(self._reason())
        if self.isolation is not Isolation.NONE:
            self._test()

    def _is_ready(self) -> bool:
        """Wait until the server has loaded torch."""
        if self._control is None:
            return False
        self._control.settimeout(STARTING_TIME_S)
        try:
            report, look, _, _ = socket.recv_fds(self._control, REPORT.size, MAX_LOOK)
        except OSError:  # too slow, or gone
            return False
        if look:
            self._kept = InItsFolders(look[0], tuple(look[1:]))
        return len(report) == REPORT.size and REPORT.unpack(report)[0] == READY

    def _test(self) -> None:
        """Try what must not be possible; a sandbox that lets it through is ended."""
        try:
            self._try_out()
        except SandboxUnavailable:
            self.kill()
            raise
        except (OSError, GuestDiedError, GuestGarbledError, GuestTimeoutError) as error:
            self.kill()
            raise SandboxUnavailable(f"the sandbox could not be tried: {error}") from error

    def _try_out(self) -> None:
        from grader.sandbox.selftest import require_closed, require_gpu

        session = self._open(self.limits)
        require_closed(session, self.limits.guest, self.isolation)
        if self._device != "cpu":
            require_gpu(session)
        session.end()
        self.settle()
        if self._control is None:
            raise SandboxUnavailable("the sandbox can't clean up after a submission")

    def _server(self, control: socket.socket, log_fd: int) -> subprocess.Popen[bytes]:
        """Start the server; it inherits its control socket, and nothing else."""
        if self.isolation is Isolation.BUBBLEWRAP:
            with tempfile.TemporaryFile() as program:
                program.write(filter_program())
                program.seek(0)
                fds = control.fileno(), program.fileno()
                command = isolated_command(self._device, self._disk_bytes, self._course, *fds)
                path = {"PATH": os.environ.get("PATH", "/usr/bin")}
                return started(command, fds, log_fd, path)
        folder = Path(tempfile.mkdtemp(prefix="open-", dir=self._scratch))
        fd = control.fileno()
        variables = environment(device=self._device, scratch=str(folder / "scratch"))
        if self.isolation is Isolation.NONE:
            command = open_command(self._device, self._course, fd, folder)
            return started(command, (fd,), log_fd, variables)
        if os.geteuid() == 0:
            self._user = NobodysUser()
        for place in (self._scratch, folder):  # names in there can't be read
            place.chmod(0o711)
        user = self._user.id if self._user else None
        command = walled_command(self._device, self._course, fd, folder, user)
        return started(command, (fd,), log_fd, variables, user)

    def _reason(self) -> str:
        text = self._log.read_text(encoding="utf-8", errors="replace").strip()
        last = text.splitlines()[-1] if text else "it ended without a word"
        if last.startswith(HOOK):
            return last
        if self.isolation is Isolation.NONE:
            return f"the fork server did not start: {last}"
        return f"{self.isolation} could not start the sandbox: {last}{WITHOUT}"

    def kill(self) -> None:
        """End the server and everything in its namespace."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        if self._process is not None:
            self._let_it_clear_up(self._process)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
        if self._user is not None:
            self._user.close()
            self._user = None
        self._dirty = False

    def _let_it_clear_up(self, process: subprocess.Popen[bytes]) -> None:
        """Without a namespace only the server finds what was started, or who watches over it."""
        if self.isolation is Isolation.BUBBLEWRAP:
            return
        try:
            process.wait(ENDING_TIME_S)
        except subprocess.TimeoutExpired:
            if self.isolation is Isolation.LANDLOCK:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(ENDING_TIME_S)

    def open(self, limits: Limits | None = None) -> Session:
        """Begin a session in a fresh child; a server that is gone is started again first.

        What the last submission has left is gone by then. Without `limits` it has the sandbox's.
        """
        own = limits or self.limits
        self.settle()
        if self._control is None:
            self.start()
        try:
            return self._open(own)
        except OSError:
            self.kill()
            self.start()
            return self._open(own)

    def _open(self, limits: Limits) -> Session:
        from grader.sandbox.session import Lines, Session

        if self._control is None:
            raise InfrastructureError("the fork server is not running")
        lines = Lines()
        try:
            order = START + msgspec.json.encode(limits.guest)
            socket.send_fds(self._control, [order], lines.theirs)
        except OSError:
            lines.close()
            raise
        lines.close_theirs()
        self._dirty = True
        return Session(lines, self._control, limits, self._clean, self._kept)

    def _clean(self) -> None:
        """Have everything of a submission removed; nobody waits for that yet."""
        if self._control is not None:
            with contextlib.suppress(OSError):  # gone: seen by whoever waits
                self._control.settimeout(CLEANING_TIME_S)
                self._control.send(STOP)

    def settle(self) -> None:
        """Wait until the last submission is gone; a server that can't say so is ended."""
        if self._control is None or not self._dirty:
            return
        try:
            self._control.settimeout(CLEANING_TIME_S)
            while REPORT.unpack(self._control.recv(REPORT.size))[0] != CLEAN:
                pass
        except (OSError, struct.error):  # too slow, or gone: an empty report
            self.kill()
        self._dirty = False


def started(
    command: list[str],
    fds: tuple[int, ...],
    log_fd: int,
    variables: dict[str, str],
    user: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server that inherits some open files; a user's id if it is to be another's."""
    return subprocess.Popen(  # noqa: S603 - the command is ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=log_fd,
        env=variables,
        pass_fds=fds,
        start_new_session=True,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )
