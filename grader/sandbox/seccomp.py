"""The system call filter of the sandbox, as a classic BPF program.

Namespaces and limits leave holes: a child may send signals to the fork server or lower its limits,
and may leave shared memory, message queues and keys behind for the next submission. This filter
closes them. It allows by default, since a list of what torch and glibc need would break with every
release; calls that glibc knows how to do without get ENOSYS, everything else that is refused EPERM.

Sources: seccomp(2), linux/filter.h, linux/audit.h, and the kernel's system call tables.
"""

from __future__ import annotations

import errno
import platform
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import SandboxUnavailable
from grader.sandbox.shared.calls import (
    SHARED_AND_DONE,
    SHARED_WITHOUT_BITS,
    SHARED_WITHOUT_VALUES,
    refusals_without_namespaces,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.sandbox.shared.calls import Numbers, Refusal

__all__ = ["filter_program"]

ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # audit number, column

# name: number on x86_64 and on aarch64; None where the call does not exist
REACHES_OTHERS: Numbers = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "process_mrelease": (448, 448), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424),
    "sched_setaffinity": (203, 122),  # every job has cores of its own
}  # fmt: skip
OUTLIVES_ITS_PROCESS: Numbers = {
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "shmdt": (67, 197),
    "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192),
    "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187),
    "mq_open": (240, 180), "mq_unlink": (241, 181), "mq_timedsend": (242, 182),
    "mq_timedreceive": (243, 183), "mq_notify": (244, 184), "mq_getsetattr": (245, 185),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "memfd_create": (319, 279), "memfd_secret": (447, 447),
}  # fmt: skip
KERNEL_SURFACE: Numbers = {
    "bpf": (321, 280), "userfaultfd": (323, 282), "perf_event_open": (298, 241),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "mount_setattr": (442, 442), "move_mount": (429, 429), "open_tree": (428, 428),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "pivot_root": (155, 41), "chroot": (161, 51), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "acct": (163, 89), "quotactl": (179, 60), "quotactl_fd": (443, 443), "syslog": (103, 116),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "fanotify_init": (300, 262),
    "personality": (135, 92), "move_pages": (279, 239), "migrate_pages": (256, 238),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "adjtimex": (159, 171), "sethostname": (170, 161), "setdomainname": (171, 162),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "vhangup": (153, 58),
    "lookup_dcookie": (212, 18), "uselib": (134, None), "nfsservctl": (180, 42),
}  # fmt: skip
UNBOUNDED: Numbers = {
    # keeps a page of 2 MB for each 4 KB that it is given, and these count as nobody's
    "vmsplice": (278, 75),
    # keeps 16,384 events, with their names, for each of 128 queues
    "inotify_init": (253, None), "inotify_init1": (294, 26),
}  # fmt: skip
DONE_WITHOUT: Numbers = {
    "clone3": (435, 435),  # its flags are behind a pointer, where no filter can look
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}
# what a call's first argument must not be, or must be
NOT_TO_THE_SERVER = {
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
}  # fmt: skip
ONLY_ONESELF = {
    "prlimit64": (302, 261), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
}  # fmt: skip
ONLY_ONE_PROCESS = {"setpriority": ((141, 140), 0), "ioprio_set": ((251, 30), 1)}  # PRIO_PROCESS
NEW_NAMESPACES = 0x7E020000  # CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET}
OUT_OF_BAND = 1  # MSG_OOB, which has been a way into the kernel
# bits that an argument must not have: the call's numbers, which argument, the bits
WITHOUT_BITS = {
    "clone": ((56, 220), 0, NEW_NAMESPACES),
    "sendto": ((44, 206), 3, OUT_OF_BAND),
    "sendmsg": ((46, 211), 2, OUT_OF_BAND),
    "sendmmsg": ((307, 269), 3, OUT_OF_BAND),
}
TERMINAL_INJECTIONS = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX
LOCKS_OF_BYTES = (6, 7, 37, 38)  # F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW
SENDING_BUFFER = (7,)  # SO_SNDBUF: what a socket's owner has sent and nobody has read
# what an argument must not be: the call's numbers, which argument, the values, the error
WITHOUT_VALUES = {
    "ioctl": ((16, 29), 1, TERMINAL_INJECTIONS, errno.EPERM),
    "fcntl": ((72, 25), 1, LOCKS_OF_BYTES, errno.ENOLCK),  # any number of them, in kernel memory
    "setsockopt": ((54, 208), 2, SENDING_BUFFER, errno.EPERM),
}
REFUSALS: tuple[Refusal, ...] = (
    (REACHES_OTHERS, errno.EPERM),
    (OUTLIVES_ITS_PROCESS, errno.EPERM),
    (KERNEL_SURFACE, errno.EPERM),
    (UNBOUNDED, errno.ENOSYS),
    (DONE_WITHOUT, errno.ENOSYS),
)
SOCKET = (41, 198)
LOCAL, INTERNET = (1,), (2, 10)  # AF_UNIX; AF_INET and AF_INET6

FIRST_UNKNOWN_CALL = 471  # newer calls than those considered here; includes the x32 ones

LOAD, JUMP_EQUAL, JUMP_ABOVE_OR_EQUAL, JUMP_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE = 0x00050000  # SECCOMP_RET_ERRNO


@dataclass(frozen=True)
class _Step:
    """One BPF instruction; jumps count the instructions that they skip."""

    code: int
    value: int
    if_true: int = 0
    if_false: int = 0

    def encoded(self) -> bytes:
        return struct.pack("=HBBI", self.code, self.if_true, self.if_false, self.value)


def filter_program(machine: str | None = None, abi: int = 0) -> bytes:
    """Return the filter for a machine (this one by default), as `bwrap --seccomp` reads it.

    Args:
        machine: its name, as the kernel says it.
        abi: the version of Landlock that stands in for namespaces: what it leaves open is refused.

    Raises:
        SandboxUnavailable: there is no table of system calls for this machine.
    """
    machine = machine or platform.machine()
    if machine not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise SandboxUnavailable(f"the sandbox knows the system calls of {known}, not of {machine}")
    audit_number, column = ARCHITECTURES[machine]
    steps = [
        _Step(LOAD, ARCHITECTURE),
        _Step(JUMP_EQUAL, audit_number, 1, 0),
        _Step(RETURN, KILL),
        _Step(LOAD, NUMBER),
        _Step(JUMP_ABOVE_OR_EQUAL, FIRST_UNKNOWN_CALL, 0, 1),
        _Step(RETURN, REFUSE | errno.ENOSYS),
        *_refusals(column, [*REFUSALS, *(refusals_without_namespaces(abi) if abi else ())]),
        *_conditions(column, shared=abi > 0),
        _Step(RETURN, ALLOW),
    ]
    return b"".join(step.encoded() for step in steps)


def _refusals(column: int, answers: Iterable[Refusal]) -> list[_Step]:
    steps = []
    for numbers, error in answers:
        for pair in numbers.values():
            if (number := pair[column]) is not None:
                steps += [_Step(JUMP_EQUAL, number, 0, 1), _Step(RETURN, REFUSE | error)]
    return steps


def _conditions(column: int, *, shared: bool) -> list[_Step]:
    refuse = _Step(RETURN, REFUSE | errno.EPERM)
    steps = []
    for pair in NOT_TO_THE_SERVER.values():
        steps += _when(pair[column], [_argument(0), _Step(JUMP_EQUAL, 1, 0, 1), refuse])
    for pair in ONLY_ONESELF.values():
        steps += _when(pair[column], [_argument(0), _Step(JUMP_EQUAL, 0, 1, 0), refuse])
    for pair, kind in ONLY_ONE_PROCESS.values():
        allowed = [_Step(JUMP_EQUAL, kind, 0, 2), _argument(1), _Step(JUMP_EQUAL, 0, 1, 0)]
        steps += _when(pair[column], [_argument(0), *allowed, refuse])
    without_bits = {**WITHOUT_BITS, **(SHARED_WITHOUT_BITS if shared else {})}
    for pair, place, bits in without_bits.values():
        steps += _when(pair[column], [_argument(place), _Step(JUMP_BITS, bits, 0, 1), refuse])
    without_values = [*WITHOUT_VALUES.values(), *(SHARED_WITHOUT_VALUES if shared else ())]
    for pair, place, values, error in without_values:
        steps += _when(pair[column], [_argument(place), *_answer_to(values, error)])
    for pair in SHARED_AND_DONE if shared else ():
        steps += _when(pair[column], [_Step(RETURN, REFUSE)])
    # there is no network; the kernel's sockets for one can make who closes them wait for long
    internet = _answer_to(INTERNET, errno.ENETUNREACH)
    local = () if shared else LOCAL
    others = [*_any_of(local), _Step(RETURN, REFUSE | errno.EAFNOSUPPORT)]
    return steps + _when(SOCKET[column], [_argument(0), *internet, *others])


def _argument(place: int) -> _Step:
    """Load the low half of an argument."""
    return _Step(LOAD, ARGUMENTS + 8 * place)


def _answer_to(values: tuple[int, ...], error: int) -> list[_Step]:
    """Return an error if the loaded word is one of `values`."""
    answer = _Step(RETURN, REFUSE | error)
    return [step for value in values for step in (_Step(JUMP_EQUAL, value, 0, 1), answer)]


def _any_of(values: tuple[int, ...]) -> list[_Step]:
    """Skip the step that follows this block if the loaded word is one of `values`."""
    last = len(values) - 1
    return [_Step(JUMP_EQUAL, value, last - place + 1, 0) for place, value in enumerate(values)]


def _when(number: int, block: list[_Step]) -> list[_Step]:
    """Run a block for one system call; load the number again for what comes after it."""
    return [_Step(JUMP_EQUAL, number, 0, len(block) + 1), *block, _Step(LOAD, NUMBER)]
