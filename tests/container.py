"""A container without privileges, as far as grading can tell: no user namespaces, few rights.

Root has the rights that Docker leaves it, and a filter that refuses namespaces as Docker's does. An
ordinary user has namespaces used up. Its processes have a table of their own.
"""

from __future__ import annotations

import errno
import os
import platform
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from grader.sandbox.command import Isolation, as_unprivileged, require_isolation

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["INSIDE", "in_a_container"]

ROOT = Path(__file__).resolve().parents[1]
INSIDE = "/mnt/shown"
RIGHTS = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP")
CALLS = {"x86_64": (272, 56, 435), "aarch64": (97, 220, 435)}  # unshare, clone, clone3
NEW_USER = 0x10000000
LOAD, EQUAL, BITS, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000


def in_a_container(
    arguments: Sequence[str | Path], shown: Path, *, root: bool
) -> subprocess.CompletedProcess[str]:
    """Run Python with some arguments in there.

    Args:
        arguments: of the interpreter.
        shown: a folder that is `INSIDE` in there, and that everybody may write to.
        root: whether its user is root, which only root can have.
    """
    bwrap = require_isolation(Isolation.BUBBLEWRAP)
    user = as_unprivileged(bwrap, [ROOT])
    begin, become = user[:-7], user[-7:]  # the last words make root an ordinary user
    if not user:
        begin = [bwrap, "--unshare-user", "--disable-userns", "--dev-bind", "/", "/"]
    rights = [word for right in RIGHTS for word in ("--cap-add", f"CAP_{right}")]
    options = ["--unshare-pid", "--proc", "/proc", "--tmpfs", "/mnt", "--bind", str(shown), INSIDE]
    with tempfile.TemporaryFile() as program:
        program.write(without_namespaces())
        program.seek(0)
        options += ["--cap-drop", "ALL", *rights, "--seccomp", str(program.fileno())]
        command = [*begin, *options, *([] if root else become), sys.executable]
        return subprocess.run(
            [*command, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            pass_fds=(program.fileno(),),
            env={**os.environ, "TMPDIR": INSIDE, "HOME": INSIDE},
        )


def without_namespaces() -> bytes:
    """Return a filter that refuses to make namespaces."""
    unshare, clone, clone3 = CALLS[platform.machine()]
    steps = [
        (LOAD, 0, 0, 0),
        (EQUAL, 0, 1, unshare),
        (RETURN, 0, 0, REFUSE | errno.EPERM),
        (EQUAL, 0, 1, clone3),
        (RETURN, 0, 0, REFUSE | errno.ENOSYS),
        (EQUAL, 0, 3, clone),
        (LOAD, 0, 0, 16),
        (BITS, 0, 1, NEW_USER),
        (RETURN, 0, 0, REFUSE | errno.EPERM),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
