"""Watching over the child of one exercise, for as long as the judge asks it."""

from __future__ import annotations

import os
import select
import sys
from typing import TYPE_CHECKING

from grader.guest.process.reports import DELAY, ENDED, LOOK, OVER, REPORT, STOP, WAITED, WITHIN

if TYPE_CHECKING:
    import socket

    from grader.guest.process.cleaning import Processes
    from grader.guest.process.usage import Usage

__all__ = ["Watch"]


class Watch:
    """Obeys the judge; meanwhile looks at what a child uses, and whether it has ended.

    Args:
        control: where the judge's orders come from, and reports go to.
        child: its process.
        usage: what the child and its processes use.
        processes: these.
    """

    def __init__(
        self, control: socket.socket, child: int, usage: Usage, processes: Processes
    ) -> None:
        self._control = control
        self._child = child
        self._usage = usage
        self._processes = processes
        self._running = True

    def last(self) -> None:
        """Return when the judge says stop; end the server when it has hung up."""
        ended = os.pidfd_open(self._child)
        try:
            self._wait(ended)
        finally:
            os.close(ended)

    def _wait(self, ended: int) -> None:
        poll = select.poll()
        for source in (self._control.fileno(), ended):
            poll.register(source, select.POLLIN)
        while True:
            pause_ms = 1000 * self._usage.pause_s if self._running else None
            ready = {fd for fd, _ in poll.poll(pause_ms)}
            if self._control.fileno() in ready:
                order = self._control.recv(1)
                if order == STOP:
                    return
                self._obey(order)
            elif ended in ready:
                poll.unregister(ended)
                if self._running:
                    self._note_end()
            elif limit := self._usage.exceeded(self._processes.all()):
                self._end_over(limit)

    def _obey(self, order: bytes) -> None:
        """Answer a question of the judge's."""
        if order == LOOK:
            if limit := self._usage.exceeded_by_what_stays():
                self._end_over(limit)
            else:
                self._report(WITHIN)
        elif order == WAITED:
            waited_s = self._usage.waited_s(self._child, self._processes.all())
            self._report(DELAY, int(1000 * waited_s))
        else:
            sys.exit(0)

    def _note_end(self) -> None:
        """Report how the child ended."""
        _, status = os.waitpid(self._child, 0)
        self._running = False
        self._report(ENDED, status)

    def _end_over(self, limit: int) -> None:
        """End everything of what has gone beyond a limit, and report that."""
        self._processes.remove()
        self._running = False
        self._report(OVER, limit)

    def _report(self, kind: int, number: int = 0) -> None:
        self._control.send(REPORT.pack(kind, number))
