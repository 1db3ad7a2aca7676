"""Find or leave System V shared memory, semaphores and message queues.

A safe grader refuses what outlives its process.

Expected: passed, 10 points
"""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for name in ("shm", "sem", "msg"):
    try:
        with open(f"/proc/sysvipc/{name}") as file:
            for line in file.read().splitlines()[1:]:
                print("PWNED", name, line)
    except OSError:
        pass
if libc.shmget(0x1AB, 4096, 0o1666) != -1:
    print("PWNED shared memory")
if libc.semget(0x1AB, 1, 0o1666) != -1:
    print("PWNED semaphore")
if libc.msgget(0x1AB, 0o1666) != -1:
    print("PWNED message queue")
