"""Change settings of the kernel, and what it calls when something crashes.

A safe grader shows them read-only, to somebody without rights.

Expected: passed, 10 points
"""

for place, text in (
    ("/proc/sys/kernel/core_pattern", "|/bin/true"),
    ("/proc/sys/kernel/modprobe", "/tmp/x"),
    ("/proc/sysrq-trigger", "h"),
    ("/proc/self/oom_score_adj", "-1000"),
    ("/proc/self/uid_map", "0 0 1"),
    ("/proc/sys/vm/overcommit_memory", "1"),
    ("/sys/fs/cgroup/release_agent", "/tmp/x"),
    ("/sys/kernel/uevent_helper", "/tmp/x"),
):
    try:
        with open(place, "w") as file:
            file.write(text)
        print("PWNED", place)
    except OSError:
        pass
