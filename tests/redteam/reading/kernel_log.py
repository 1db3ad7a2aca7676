"""Read the kernel's log and what it tells about other processes.

A safe grader gives no right to read it.

Expected: passed, 10 points
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(100)
if libc.klogctl(3, buffer, 100) > 0:
    print("PWNED", buffer.value)
for place in ("/proc/kmsg", "/dev/kmsg", "/proc/kcore", "/dev/mem", "/sys/kernel/debug", "/proc/vmallocinfo"):
    try:
        with open(place, "rb") as file:
            print("PWNED", place, file.read(10))
    except OSError:
        pass
