"""What the filter refuses besides, where a submission has no namespaces: what Landlock leaves open.

Landlock knows no right over a file's mode, owner, times and attributes, none over sockets that have
a path, and none over leases and owners of signals. Where the submission's user owns other files,
a submission could change these. Bits of mode and times are not changed and nothing is said of it,
since copying a file sets them, too.

Sources: landlock(7), "Current limitations"; the kernel's system call tables.
"""

from __future__ import annotations

import errno

from grader.guest.walls.landlock import SCOPES

__all__ = [
    "SHARED_AND_DONE",
    "SHARED_WITHOUT_BITS",
    "SHARED_WITHOUT_VALUES",
    "Numbers",
    "Refusal",
    "refusals_without_namespaces",
]

# name: number on x86_64 and on aarch64; None where the call does not exist
Numbers = dict[str, tuple[int, int | None]]
Refusal = tuple[Numbers, int]  # calls, and the error that they get
DONE = 0  # for all that the caller can see

REACHES_SOCKETS: Numbers = {"connect": (42, 203)}
OWNS: Numbers = {
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None),
    "file_setattr": (469, 469),
}  # fmt: skip
ATTRIBUTES: Numbers = {
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
}  # fmt: skip
MODES: Numbers = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
}  # fmt: skip
SIGNALS: Numbers = {
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
}  # fmt: skip
TRUNCATES: Numbers = {"truncate": (76, 45)}
TRUNCATE = 3  # the first version of Landlock that knows a right to it

OWNERS_OF_SIGNALS = (8, 15)  # F_SETOWN, F_SETOWN_EX
LEASES = (1024, 1026)  # F_SETLEASE, F_NOTIFY
# FIOSETOWN, SIOCSPGRP, FS_IOC_{SETFLAGS,FSSETXATTR,ENABLE_VERITY,SET_ENCRYPTION_POLICY}
OF_FILES = (0x8901, 0x8902, 0x40086602, 0x401C5820, 0x40806685, 0x800C6613)
READABLE_TO_OTHERS = (4,)  # PR_SET_DUMPABLE: then the watch can't look
NOW = (0,)  # no times given: who touches a file makes it where that is refused
DATAGRAMS = 2  # a bit of SOCK_DGRAM, which can be sent to any address, and not of SOCK_STREAM

SHARED_WITHOUT_BITS = {"socketpair": ((53, 199), 1, DATAGRAMS)}
SHARED_WITHOUT_VALUES = (
    ((72, 25), 1, (*OWNERS_OF_SIGNALS, *LEASES), errno.EPERM),  # fcntl
    ((16, 29), 1, OF_FILES, errno.EPERM),  # ioctl
    ((157, 167), 0, READABLE_TO_OTHERS, errno.EPERM),  # prctl
    ((280, 88), 2, NOW, errno.EPERM),  # utimensat
)
SHARED_AND_DONE = ((280, 88),)  # utimensat with times


def refusals_without_namespaces(abi: int) -> list[Refusal]:
    """Return the calls that are refused whatever their arguments, for a version of Landlock.

    Before it bounds signals, a submission can send none, not even to itself.
    """
    answers: list[Refusal] = [
        (REACHES_SOCKETS, errno.EPERM),
        (OWNS, errno.EPERM),
        (ATTRIBUTES, errno.ENOTSUP),
        (MODES, DONE),
    ]
    if abi < TRUNCATE:
        answers.append((TRUNCATES, errno.EPERM))
    if abi < SCOPES:
        answers.append((SIGNALS, errno.EPERM))
    return answers
