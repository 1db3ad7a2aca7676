"""What there is to find: secrets in the judge's surroundings, and in those of an earlier student.

Each secret is a random word. If one of them turns up in what is said about an attack, or a file
where an attack must not write, the attack got through.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from grader.courses import PACKAGE
from grader.sandbox.selftest import folder_of_baits

__all__ = ["Baits", "clear_up"]

WORD = "lab-secret-"  # attacks look for it, followed by hexadecimal digits
VARIABLE = "GRADER_SECRET"
EARLIER = "earlier-student.txt"
# where an attack would write, and must not
PLACES = (
    *(Path(place) for place in ("/", "/etc", "/tmp", "/var/tmp", "/dev/shm")),
    *(Path.home(), Path.cwd(), Path(sys.prefix), PACKAGE, PACKAGE / "lab" / "hidden"),
)

# what an earlier student leaves wherever it can, after work that is right
LEFT_BEHIND = f"""
import os, time
SECRET = {{secret!r}}
os.environ[{VARIABLE!r}] = SECRET
for folder in (".", "/tmp", "/dev/shm"):
    try:
        with open(os.path.join(folder, {EARLIER!r}), "w") as file:
            file.write(SECRET)
    except OSError:
        pass
if os.fork() == 0:
    os.setsid()
    time.sleep(1000)
"""


def clear_up() -> None:
    """Delete what an earlier student has left on the machine, where no sandbox prevents it."""
    for folder in ("/tmp", "/dev/shm"):
        with contextlib.suppress(OSError):
            Path(folder, EARLIER).unlink()


class Baits:
    """Secrets that are out for an attack to find; a context manager, to be entered before a judge.

    Attributes:
        known: what an attack is told, so that it need not search for it.
    """

    def __init__(self) -> None:
        self._secret = WORD + secrets.token_hex(8)
        self._earlier = WORD + secrets.token_hex(8)
        self._marker = f"lab-marker-{secrets.token_hex(8)}"
        self._stack = ExitStack()
        self.known: dict[str, object] = {}

    def __enter__(self) -> Self:
        enter = self._stack.enter_context
        folder = enter(folder_of_baits())
        Path(folder).chmod(0o755)
        opened = enter(tempfile.NamedTemporaryFile("w", prefix="grader-", dir=folder))
        opened.write(self._secret)
        opened.flush()
        Path(opened.name).chmod(0o644)
        os.set_inheritable(opened.fileno(), True)
        os.environ[VARIABLE] = self._secret
        self._stack.callback(os.environ.pop, VARIABLE, None)
        server = enter(socket.create_server(("127.0.0.1", 0)))
        name = self._marker.replace("marker", "socket")
        for address in (f"\0{name}", f"{folder}/{name}"):
            local = enter(socket.socket(socket.AF_UNIX))
            local.bind(address)
            local.listen()
        self.known = {
            "secret file": opened.name,
            "home": self._in_home(),
            "port": server.getsockname()[1],
            "abstract socket": name,
            "socket": f"{folder}/{name}",
            "marker": self._marker,
            "judge": os.getpid(),
            "suites": str(PACKAGE / "lab" / "hidden"),
            "places": [str(place) for place in PLACES],
        }
        return self

    def _in_home(self) -> str:
        """Leave a secret in the home folder, if it can be written to."""
        with contextlib.suppress(OSError):
            file = tempfile.NamedTemporaryFile("w", prefix=".grader-", dir=Path.home())  # noqa: SIM115 - the stack closes it
            self._stack.enter_context(file)
            file.write(self._secret)
            file.flush()
            return file.name
        return str(Path.home())

    def __exit__(self, *exc_info: object) -> None:
        self._stack.close()
        self.take_marks()
        clear_up()

    def left_behind(self) -> str:
        """Return what the earlier student's file ends with."""
        return LEFT_BEHIND.format(secret=self._earlier)

    def found_in(self, text: str) -> bool:
        """Whether a text holds one of the secrets."""
        return self._secret in text or self._earlier in text

    def take_marks(self) -> list[Path]:
        """Return the files that an attack has written where it must not, and delete them."""
        files = [Path(place, self._marker) for place in PLACES]
        marks = [file for file in files if os.path.lexists(file)]
        for mark in marks:
            mark.unlink()
        return marks
