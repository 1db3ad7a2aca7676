"""Lower the limits and the priority of the fork server, until the kernel ends it.

A safe grader lets a submission change its own alone.

Expected: passed, 10 points
"""

import os
import resource

WAYS = [
    lambda: resource.prlimit(1, resource.RLIMIT_CPU, (1, 1)),
    lambda: resource.prlimit(1, resource.RLIMIT_NOFILE, (4, 4)),
    lambda: os.setpriority(os.PRIO_PROCESS, 1, 19),
    lambda: os.setpriority(os.PRIO_USER, os.getuid(), 19),
    lambda: os.sched_setaffinity(1, {0}),
    lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0)),
    lambda: open("/proc/1/oom_score_adj", "w").write("1000"),
    lambda: open("/proc/1/comm", "w").write("x"),
]
for way in WAYS:
    try:
        print("PWNED", way())
    except OSError:
        pass
