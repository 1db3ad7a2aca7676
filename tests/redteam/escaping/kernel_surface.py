"""Reach parts of the kernel that have been broken often: bpf, perf, io_uring, userfaultfd.

A safe grader refuses these calls.

Expected: passed, 10 points
"""

import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"

CALLS = {
    "bpf": (321, 280), "perf_event_open": (298, 241), "io_uring_setup": (425, 425),
    "userfaultfd": (323, 282), "kexec_load": (246, 104), "init_module": (175, 105),
    "open_by_handle_at": (304, 265), "fanotify_init": (300, 262), "kcmp": (312, 272),
    "migrate_pages": (256, 238), "quotactl": (179, 60), "swapoff": (168, 225),
}
block = ctypes.create_string_buffer(4096)
for name, numbers in CALLS.items():
    ctypes.set_errno(0)
    answer = libc.syscall(numbers[0 if X86 else 1], 0, block, 0, 0, 0, 0)
    if answer != -1 or ctypes.get_errno() not in (1, 38):  # not permitted, not implemented
        print("PWNED", name, answer, ctypes.get_errno())
