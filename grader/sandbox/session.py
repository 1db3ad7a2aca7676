"""A session: one child of the fork server, asked over lines of its own.

Whatever the child does to its ends of them is the child's doing: no error of theirs is ours.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import socket
import struct
from typing import TYPE_CHECKING

from grader.guest.crossing.values import WireError
from grader.guest.crossing.wire import HEADER, decode_reply, frame, frame_length
from grader.guest.process.reports import DELAY, LOOK, OVER, REPORT, WAITED, WITHIN, ended_in_words
from grader.sandbox.failures import GuestDiedError, GuestGarbledError, GuestTimeoutError
from grader.sandbox.patience import STEP_S, Patience

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.guest.crossing.wire import Reply, Request
    from grader.guest.process.kept import Kept
    from grader.sandbox.limits import Limits

__all__ = ["Lines", "Session"]

LINE_BYTES = 2**20  # as much as Linux lets anybody have: a request then is written in one go
REPORT_TIME_S = 1.0
LOOKING_TIME_S = 20.0  # the server is ours, and only a busy machine keeps it
LEAST_S = 0.02  # of such waiting: less is the clock's


class Lines:
    """The lines of a session, seen from both sides: requests, replies, what is printed.

    Replies come over a socket: a pipe that belongs to one's own user can be opened once more at its
    other end, by way of /proc, and read empty.
    """

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        for each in (ours, theirs):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LINE_BYTES)
        request_end, self.request = os.pipe()
        self.reply, reply_end = ours.detach(), theirs.detach()
        self.output, output_end = os.pipe()
        self.theirs = [request_end, reply_end, output_end]
        self.ours = [self.request, self.reply, self.output]
        for end in self.ours:
            os.set_blocking(end, False)
        with contextlib.suppress(OSError):  # more than this user may have: the default will do
            fcntl.fcntl(self.request, fcntl.F_SETPIPE_SZ, LINE_BYTES)

    def close_theirs(self) -> None:
        """Leave the child's ends to the child."""
        while self.theirs:
            os.close(self.theirs.pop())

    def close(self) -> None:
        """Close whatever is open."""
        self.close_theirs()
        while self.ours:
            os.close(self.ours.pop())


class Session:
    """One child of the fork server: ask it, then end it."""

    def __init__(
        self,
        lines: Lines,
        control: socket.socket,
        limits: Limits,
        clean: Callable[[], None],
        kept: Kept | None,
    ) -> None:
        self._lines = lines
        self._control = control
        self._limits = limits
        self._clean = clean
        self._kept = kept
        self._pending = bytearray()
        self._printed = bytearray()
        self._cause: str | None = None
        self._waited_s = 0.0
        self._open = True
        self._poll = select.poll()
        for source in (lines.reply, lines.output, control.fileno()):
            self._poll.register(source, select.POLLIN)

    def take_printed(self) -> bytes:
        """Return what was printed since the last time, up to the limit, and forget it."""
        printed = bytes(self._printed)
        self._printed.clear()
        return printed

    def ask(self, request: Request, time_s: float) -> Reply:
        """Send a request and wait for its reply.

        Time in which the child waited for a core that others had, or the machine stood still, is
        given back to it.

        Raises:
            GuestTimeoutError: no reply came in `time_s` seconds.
            GuestDiedError: the child ended.
            GuestGarbledError: the child sent something else than a reply.
        """
        try:
            return self._ask(request, time_s)
        except (OSError, struct.error) as error:
            raise GuestDiedError(self._end_of_child()) from error

    def _ask(self, request: Request, time_s: float) -> Reply:
        patience = Patience(time_s)
        if self._pending:
            raise GuestGarbledError("it sent a reply that was not asked for")
        outgoing = self._send(memoryview(frame(request)))
        if outgoing:
            self._poll.register(self._lines.request, select.POLLOUT)
        while (reply := self._complete_reply()) is None:
            left_s = patience.left_s()
            if left_s <= 0:
                left_s = patience.give_back(self._given_back_s())
                if left_s < LEAST_S:
                    raise GuestTimeoutError(time_s)
            outgoing = self._step(outgoing, min(left_s, STEP_S))
        self._drain_output()
        self._require_within_limits()
        return reply

    def _require_within_limits(self) -> None:
        """Look at files and sockets, or have the server look: too much of them costs the reply.

        The looks that it takes by itself are too far apart for a child that answers at once; to
        wake it up after each reply takes as long as the sandbox's other work on a question.
        """
        if self._kept and not self._kept.exceeded(self._limits.guest):
            return
        self._control.send(LOOK)
        while (kind := self._report(LOOKING_TIME_S)[0]) != WITHIN:
            if kind == OVER:
                raise GuestDiedError(self._end_of_child())

    def _step(self, outgoing: memoryview, left_s: float) -> memoryview:
        """Move bytes over the lines once, and notice the child's end."""
        ready = {end for end, _ in self._poll.poll(1000 * left_s)}
        if self._lines.output in ready and not self._drain_output():
            self._poll.unregister(self._lines.output)
        if self._lines.reply in ready:
            if not self._drain_reply():
                raise GuestDiedError(self._end_of_child())
        elif self._control.fileno() in ready:
            raise GuestDiedError(self._end_of_child())
        if self._lines.request in ready:
            outgoing = self._send(outgoing)
            if not outgoing:
                self._poll.unregister(self._lines.request)
        return outgoing

    def _send(self, outgoing: memoryview) -> memoryview:
        try:
            return outgoing[os.write(self._lines.request, outgoing) :]
        except BlockingIOError:
            return outgoing

    def _drain_reply(self) -> bool:
        """Take what there is of a reply; False once the child has hung up."""
        data = read(self._lines.reply)
        self._pending += data or b""
        return data != b""

    def _drain_output(self) -> bool:
        data = read(self._lines.output)
        room = self._limits.output_bytes - len(self._printed)
        self._printed += (data or b"")[: max(room, 0)]
        return data != b""

    def _complete_reply(self) -> Reply | None:
        if len(self._pending) < HEADER.size:
            return None
        try:
            end = HEADER.size + frame_length(bytes(self._pending[: HEADER.size]))
            if len(self._pending) < end:
                return None
            reply = decode_reply(bytes(self._pending[HEADER.size : end]))
        except WireError as error:
            raise GuestGarbledError(str(error)) from error
        del self._pending[:end]
        return reply

    def _given_back_s(self) -> float:
        """Return how long the child has waited for others since it was last given time back."""
        self._control.send(WAITED)
        try:
            kind, number = self._report(LOOKING_TIME_S)
        except TimeoutError:
            return 0.0
        if kind != DELAY:
            raise GuestDiedError(self._end_of_child())
        before, self._waited_s = self._waited_s, number / 1000
        return self._waited_s - before

    def _report(self, time_s: float = REPORT_TIME_S) -> tuple[int, int]:
        """Take the server's next report; one of an end is kept, in words.

        Raises:
            OSError: there is none.
            struct.error: the server itself is gone.
        """
        self._control.settimeout(time_s)
        kind, number = REPORT.unpack(self._control.recv(REPORT.size))
        if kind not in (DELAY, WITHIN):
            self._cause = ended_in_words(kind, number, self._limits.guest)
        return kind, number

    def _end_of_child(self) -> str:
        """Say in words how the child ended, from the server's report."""
        if self._cause is None:
            try:
                while self._report()[0] == DELAY:
                    pass
            except OSError:
                self._cause = "closed its answers"
            except struct.error:  # an empty report
                self._cause = "took the sandbox down"
        return self._cause or ""

    def end(self) -> None:
        """Throw the child away with everything that it has left."""
        if not self._open:
            return
        self._open = False
        self._lines.close()
        self._clean()


def read(end: int) -> bytes | None:
    """Read what has come, empty at the end; None where the child has taken it back."""
    try:
        return os.read(end, LINE_BYTES)
    except BlockingIOError:
        return None
