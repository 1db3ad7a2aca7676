"""A user for one sandbox of root's: an id that nobody has."""

from __future__ import annotations

import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path

from grader.errors import SandboxUnavailable

__all__ = ["DYNAMIC_USERS", "NobodysUser"]

DYNAMIC_USERS = range(61184, 65520)  # ids that systemd, too, gives to whoever needs one for a while


class NobodysUser:
    """A user's id that nobody else has, for as long as this is open: no process, no other sandbox.

    Its name among the abstract sockets says that it is taken.

    Raises:
        SandboxUnavailable: none is free.
    """

    def __init__(self) -> None:
        self._name = socket.socket(socket.AF_UNIX)
        taken = _users_of_processes()
        for _ in DYNAMIC_USERS:
            self.id = secrets.choice(DYNAMIC_USERS)
            if self.id not in taken and self._is_free():
                return
        raise SandboxUnavailable("every user's id that could be used for a sandbox is taken")

    def _is_free(self) -> bool:
        try:
            self._name.bind(f"\0grader-user-{self.id}")
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Leave it to others."""
        self._name.close()


def _users_of_processes() -> set[int]:
    users = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):  # it has just ended
            users.add(Path("/proc", name).stat().st_uid)
    return users
