"""Tests of `grader.sandbox.seccomp`: the filter as a program, run by a small interpreter.

`tests/test_sandbox.py` tries the same filter against the kernel.
"""

from __future__ import annotations

import errno
import struct
from dataclasses import dataclass

import pytest

from grader.errors import SandboxUnavailable
from grader.sandbox.seccomp import filter_program

X86_64, AARCH64 = "x86_64", "aarch64"
AUDIT = {X86_64: 0xC000003E, AARCH64: 0xC00000B7}
ALLOWED, KILLED, PRETENDED = "allowed", "killed", "pretended"
FIRST, LATEST = 1, 7  # versions of Landlock
LOAD, JUMP_EQUAL, JUMP_ABOVE_OR_EQUAL, JUMP_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
JUMPS = {JUMP_EQUAL, JUMP_ABOVE_OR_EQUAL, JUMP_BITS}

# from the kernel's own headers: number on x86_64 and on aarch64
NUMBERS = {
    "add_key": (248, 217),
    "fcntl": (72, 25),
    "inotify_init1": (294, 26),
    "sendmsg": (46, 211),
    "sendto": (44, 206),
    "setsockopt": (54, 208),
    "vmsplice": (278, 75),
    "connect": (42, 203),
    "fchmod": (91, 52),
    "fchown": (93, 55),
    "fsetxattr": (190, 7),
    "prctl": (157, 167),
    "socketpair": (53, 199),
    "truncate": (76, 45),
    "utimensat": (280, 88),
    "clone": (56, 220),
    "clone3": (435, 435),
    "io_uring_setup": (425, 425),
    "ioctl": (16, 29),
    "ioprio_set": (251, 30),
    "kill": (62, 129),
    "memfd_create": (319, 279),
    "mmap": (9, 222),
    "mount": (165, 40),
    "pidfd_send_signal": (424, 424),
    "prlimit64": (302, 261),
    "process_vm_readv": (310, 270),
    "ptrace": (101, 117),
    "read": (0, 63),
    "rt_sigqueueinfo": (129, 138),
    "sched_setaffinity": (203, 122),
    "setns": (308, 268),
    "setpriority": (141, 140),
    "shmget": (29, 194),
    "socket": (41, 198),
    "tgkill": (234, 131),
    "unshare": (272, 97),
    "write": (1, 64),
}
ANYONE = 0xFFFFFFFF  # -1 as the kernel sees it
NEW_USER, NEW_PID, THREAD = 0x10000000, 0x20000000, 0x003D0F00
UNIX, INET, INET6, NETLINK, PACKET, VSOCK = 1, 2, 10, 16, 17, 40
F_GETFL, F_SETOWN, SET_FLAGS, SET_DUMPABLE = 3, 8, 0x40086602, 4
STREAM, DATAGRAMS, CLOSE_ON_EXEC = 1, 2, 0x80000
INJECT, WINDOW_SIZE = 0x5412, 0x5413  # TIOCSTI, TIOCGWINSZ

both_machines = pytest.mark.parametrize("machine", [X86_64, AARCH64])


@dataclass(frozen=True)
class Step:
    """One instruction; jumps count the instructions that they skip."""

    code: int
    if_true: int
    if_false: int
    value: int


def steps_of(machine: str, abi: int = 0) -> list[Step]:
    """Return a filter as instructions."""
    return [Step(*fields) for fields in struct.iter_unpack("=HBBI", filter_program(machine, abi))]


def decide(
    machine: str, number: int, *arguments: int, audit: int | None = None, abi: int = 0
) -> str:
    """Run the filter on one system call; return what becomes of the call."""
    words = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("=IIQ6Q", number, audit or AUDIT[machine], 0, *words)
    steps, place, loaded = steps_of(machine, abi), 0, 0
    while (step := steps[place]).code != RETURN:
        place += 1
        if step.code == LOAD:
            (loaded,) = struct.unpack_from("=I", data, step.value)
        else:
            place += step.if_true if holds(step, loaded) else step.if_false
    return in_words(step.value)


def holds(step: Step, loaded: int) -> bool:
    """Tell whether the condition of a jump holds."""
    conditions = {
        JUMP_EQUAL: loaded == step.value,
        JUMP_ABOVE_OR_EQUAL: loaded >= step.value,
        JUMP_BITS: bool(loaded & step.value),
    }
    return conditions[step.code]


def in_words(answer: int) -> str:
    """Name a filter's answer: allowed, killed, or the error that the call gets."""
    known = {0x7FFF0000: ALLOWED, 0x80000000: KILLED, 0x00050000: PRETENDED}
    return known.get(answer) or errno.errorcode[answer & 0xFFFF]


@both_machines
def test_every_path_ends_in_a_return(machine: str) -> None:
    """No jump leads out of the program, and its last instruction returns."""
    steps = steps_of(machine)
    targets = [
        place + 1 + skip
        for place, step in enumerate(steps)
        if step.code in JUMPS
        for skip in (step.if_true, step.if_false)
    ]

    assert max(targets) < len(steps) <= 4096
    assert steps[-1].code == RETURN
    assert {LOAD, RETURN, *JUMPS} >= {step.code for step in steps}


@both_machines
def test_loads_are_words_of_the_calls_data(machine: str) -> None:
    """What is loaded lies inside the 64 bytes that describe a call, at a multiple of four."""
    offsets = {step.value for step in steps_of(machine) if step.code == LOAD}

    assert max(offsets) <= 60
    assert not [offset for offset in offsets if offset % 4]


@both_machines
@pytest.mark.parametrize(
    ("call", "arguments", "expected"),
    [
        ("read", (), ALLOWED),
        ("write", (), ALLOWED),
        ("mmap", (), ALLOWED),
        ("kill", (1, 9), "EPERM"),
        ("kill", (2**32 + 1, 9), "EPERM"),
        ("kill", (ANYONE, 9), ALLOWED),
        ("kill", (77, 9), ALLOWED),
        ("tgkill", (1, 1, 9), "EPERM"),
        ("rt_sigqueueinfo", (1, 9), "EPERM"),
        ("pidfd_send_signal", (5, 9), "EPERM"),
        ("prlimit64", (1, 0), "EPERM"),
        ("prlimit64", (77, 0), "EPERM"),
        ("prlimit64", (0, 7), ALLOWED),
        ("sched_setaffinity", (1,), "EPERM"),
        ("sched_setaffinity", (0,), "EPERM"),
        ("setpriority", (0, 0, 5), ALLOWED),
        ("setpriority", (0, 1, 5), "EPERM"),
        ("setpriority", (2, 0, 5), "EPERM"),
        ("ioprio_set", (1, 0), ALLOWED),
        ("ioprio_set", (1, 1), "EPERM"),
        ("ioprio_set", (3, 0), "EPERM"),
        ("clone", (THREAD,), ALLOWED),
        ("clone", (17,), ALLOWED),
        ("clone", (NEW_USER | 17,), "EPERM"),
        ("clone", (NEW_PID | 17,), "EPERM"),
        ("clone3", (), "ENOSYS"),
        ("io_uring_setup", (), "ENOSYS"),
        ("socket", (UNIX,), ALLOWED),
        ("socket", (INET,), "ENETUNREACH"),
        ("socket", (INET6,), "ENETUNREACH"),
        ("socket", (NETLINK,), "EAFNOSUPPORT"),
        ("socket", (PACKET,), "EAFNOSUPPORT"),
        ("socket", (VSOCK,), "EAFNOSUPPORT"),
        ("ioctl", (0, INJECT), "EPERM"),
        ("ioctl", (0, WINDOW_SIZE), ALLOWED),
        ("sendto", (3, 0, 9, 0x4000), ALLOWED),
        ("sendto", (3, 0, 9, 0x4001), "EPERM"),
        ("sendmsg", (3, 0, 1), "EPERM"),
        ("fcntl", (3, 4), ALLOWED),
        ("fcntl", (3, 6), "ENOLCK"),
        ("fcntl", (3, 38), "ENOLCK"),
        ("setsockopt", (3, 1, 2), ALLOWED),
        ("setsockopt", (3, 1, 7), "EPERM"),
        ("vmsplice", (), "ENOSYS"),
        ("inotify_init1", (), "ENOSYS"),
        ("ptrace", (), "EPERM"),
        ("process_vm_readv", (1,), "EPERM"),
        ("shmget", (), "EPERM"),
        ("memfd_create", (), "EPERM"),
        ("add_key", (), "EPERM"),
        ("unshare", (NEW_USER,), "EPERM"),
        ("setns", (), "EPERM"),
        ("mount", (), "EPERM"),
    ],
)
def test_filter_decides(machine: str, call: str, arguments: tuple[int, ...], expected: str) -> None:
    """A call reaches the kernel only if it touches nothing but its own process."""
    number = NUMBERS[call][machine == AARCH64]

    assert expected == decide(machine, number, *arguments)


@both_machines
@pytest.mark.parametrize(
    ("call", "arguments", "abi", "expected"),
    [
        ("connect", (3,), LATEST, "EPERM"),
        ("fchmod", (3, 0o777), LATEST, PRETENDED),
        ("fchown", (3, 0, 0), LATEST, "EPERM"),
        ("fcntl", (3, F_SETOWN, 1), LATEST, "EPERM"),
        ("fcntl", (3, F_GETFL), LATEST, ALLOWED),
        ("fsetxattr", (3,), LATEST, "ENOTSUP"),
        ("ioctl", (3, SET_FLAGS), LATEST, "EPERM"),
        ("ioctl", (3, WINDOW_SIZE), LATEST, ALLOWED),
        ("kill", (7, 9), LATEST, ALLOWED),  # Landlock says whom
        ("kill", (7, 9), FIRST, "EPERM"),
        ("prctl", (SET_DUMPABLE, 0), LATEST, "EPERM"),
        ("socket", (UNIX,), LATEST, "EAFNOSUPPORT"),
        ("socketpair", (UNIX, STREAM), LATEST, ALLOWED),
        ("socketpair", (UNIX, DATAGRAMS | CLOSE_ON_EXEC), LATEST, "EPERM"),
        ("truncate", (0, 0), LATEST, ALLOWED),
        ("truncate", (0, 0), FIRST, "EPERM"),
        ("utimensat", (3, 0, 0), LATEST, "EPERM"),
        ("utimensat", (3, 0, 0x1000), LATEST, PRETENDED),
        ("ptrace", (16,), LATEST, "EPERM"),
    ],
)
def test_filter_without_namespaces_refuses_what_landlock_leaves_open(
    machine: str, call: str, arguments: tuple[int, ...], abi: int, expected: str
) -> None:
    """Sockets, modes, owners and leases; and signals, where Landlock does not bound them yet."""
    number = NUMBERS[call][machine == AARCH64]

    assert expected == decide(machine, number, *arguments, abi=abi)


@both_machines
def test_unknown_and_x32_calls_do_not_exist(machine: str) -> None:
    """A call newer than the filter, or of the x32 interface, gets ENOSYS."""
    assert decide(machine, 500) == "ENOSYS"
    assert decide(machine, 0x40000000 | 101) == "ENOSYS"


@both_machines
def test_calls_of_a_foreign_architecture_end_the_process(machine: str) -> None:
    """The numbers of 32-bit calls are others, so nothing is asked about them."""
    assert decide(machine, 0, audit=0x40000003) == KILLED


def test_an_unknown_machine_is_refused_by_name() -> None:
    """Without a table of its calls there is no sandbox."""
    with pytest.raises(SandboxUnavailable, match="not of riscv64"):
        filter_program("riscv64")
