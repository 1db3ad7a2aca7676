"""Keeping watch over a fork server: when it has ended, whatever it has left ends with it.

A namespace does that for those in it. Here a process stays outside the server's layer, to which all
that a submission has started comes back once the server is gone.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

import msgspec

from grader.guest.process.cleaning import empty_folder
from grader.guest.walls.landlock import SCOPES, no_new_rights, restrict
from grader.guest.walls.layers import enclose_server, processes_within
from grader.guest.walls.number import processes_of_user

if TYPE_CHECKING:
    from types import FrameType

    from grader.guest.process.limits import Settings, Walls

__all__ = ["go_within"]

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def go_within(settings: Settings, walls: Walls, control_fd: int) -> Settings:
    """Stay behind to keep watch, and go on in a child, within its walls; return its settings."""
    if os.getuid() == 0:
        sys.exit("the server must not be root")
    if not walls.own_user:
        walls = msgspec.structs.replace(walls, user_has=processes_of_user())
    os.chdir(settings.scratch[0])  # the judge's own folder may be closed to this user
    no_new_rights()
    restrict(walls.abi, None)
    if walls.abi >= SCOPES and reaches(os.getppid()):
        sys.exit("Landlock does not bound signals here, and one to all would reach each")
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    server = os.fork()
    if server:
        os.close(control_fd)
        keep_watch(server, settings)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    enclose_server(walls, settings.scratch)
    return msgspec.structs.replace(settings, walls=walls)


def reaches(process: int) -> bool:
    """Whether a process can be signalled; none is."""
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


def keep_watch(server: int, settings: Settings) -> NoReturn:
    """Wait until the server has ended, or is to end; then end and delete what is left."""
    signal.signal(signal.SIGTERM, _leave)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    try:
        with suppress(ChildProcessError, SystemExit):
            os.waitpid(server, 0)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        processes_within(settings).remove()
        for folder in settings.scratch:
            empty_folder(folder)
    finally:
        os._exit(0)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    raise SystemExit
