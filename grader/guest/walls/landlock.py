"""Landlock: a process gives up, for good and for all that it starts, what the kernel can take.

Three system calls by ctypes, as `seccomp` is one. The bindings on PyPI (landlock, py-landlock,
landlockpy) wrap the same three and would have to be in the sandbox, in the interpreter's packages
that a course may choose; sandlock runs a program and not the children of a fork server. The limits,
the filter and the end of all processes, which make a sandbox of it, are ours in any case.

Sources: landlock(7), linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
import stat
from contextlib import suppress
from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["SCOPES", "Files", "install_filter", "kernel_abi", "no_new_rights", "restrict"]

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # on every machine
VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION
PATH_BENEATH = 1  # LANDLOCK_RULE_PATH_BENEATH
BIND_AND_CONNECT = 0b11  # LANDLOCK_ACCESS_NET_*_TCP
SOCKETS_AND_SIGNALS = 0b11  # LANDLOCK_SCOPE_*
NETWORK, SCOPES, QUIET = 4, 6, 7  # the first ABI that has it
# LANDLOCK_RESTRICT_SELF_LOG_{SAME_EXEC,SUBDOMAINS}_OFF: what is refused fills no audit log
NO_LOG = 0b101
PR_SET_SECCOMP, FILTER, PR_SET_NO_NEW_PRIVS = 22, 2, 38


class Files(IntFlag):
    """Rights over files, as linux/landlock.h numbers them."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13
    TRUNCATE = 1 << 14
    IOCTL_DEV = 1 << 15

    @classmethod
    def known(cls, abi: int) -> Files:
        """Return those that the kernel can take."""
        later = {cls.REFER: 2, cls.TRUNCATE: 3, cls.IOCTL_DEV: 5}
        rights = [right for right in cls if later.get(right, 1) <= abi]
        return cls(sum(rights))


READING = Files.READ_FILE | Files.READ_DIR | Files.EXECUTE
OF_ONE_FILE = Files.READ_FILE | Files.WRITE_FILE | Files.EXECUTE | Files.TRUNCATE | Files.IOCTL_DEV


class _Handled(ctypes.Structure):
    """What a set of rules is about; an older kernel takes what it does not know if that is zero."""

    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("place", ctypes.c_int32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def kernel_abi() -> int:
    """Return the version of Landlock that this kernel has; 0 where there is none."""
    answer: int = _libc().syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION)
    return max(answer, 0)


def restrict(abi: int, rules: Iterable[tuple[str, Files]] | None) -> None:
    """Give up, in this thread and for all that it starts, what no rule grants.

    That is every right over files that the kernel knows, TCP, and signals and abstract sockets
    beyond what is restricted so. Without rules, only the last two.

    Args:
        abi: the version of Landlock to use, at most the kernel's.
        rules: paths, and what may be done with each and below; none for one that is not there.

    Raises:
        OSError: the kernel refuses.
    """
    known = Files.known(abi)
    scoped = SOCKETS_AND_SIGNALS if abi >= SCOPES else 0
    if rules is None:
        if scoped:
            _enforce(_Handled(0, 0, scoped), (), abi)
        return
    net = BIND_AND_CONNECT if abi >= NETWORK else 0
    granted = [(path, rights & known) for path, rights in rules]
    _enforce(_Handled(known, net, scoped), granted, abi)


def _enforce(handled: _Handled, rules: Iterable[tuple[str, Files]], abi: int) -> None:
    size = ctypes.c_size_t(ctypes.sizeof(handled))
    ruleset = _called(CREATE_RULESET, ctypes.byref(handled), size, 0)
    try:
        for path, rights in rules:
            with suppress(FileNotFoundError):
                _grant(ruleset, path, rights)
        _called(RESTRICT_SELF, ruleset, NO_LOG if abi >= QUIET else 0)
    finally:
        os.close(ruleset)


def _grant(ruleset: int, path: str, rights: Files) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= OF_ONE_FILE
        rule = _Beneath(rights, place)
        _called(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(place)


def no_new_rights() -> None:
    """Let no program that is started have more rights than this process; the others ask for it."""
    if _libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_NO_NEW_PRIVS)")


def install_filter(program: bytes) -> None:
    """Have this thread and all that it starts make no system call that a BPF program refuses."""
    steps = _Program(len(program) // 8, program)
    if _libc().prctl(PR_SET_SECCOMP, FILTER, ctypes.byref(steps), 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_SECCOMP)")


def _called(*arguments: object) -> int:
    answer: int = _libc().syscall(*arguments)
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"Landlock: {os.strerror(number)}")
    return answer


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
