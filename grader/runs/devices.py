"""What a run computes on: the device, and how many cores and how much memory there are for it."""

from __future__ import annotations

import math
import os
import re
from pathlib import Path

from grader.errors import UsageError

__all__ = [
    "JOB_BYTES",
    "available_memory",
    "cores",
    "default_jobs",
    "resolve_device",
    "share_of_cores",
]

DRIVER = Path("/dev/nvidiactl")
QUOTA = Path("/sys/fs/cgroup/cpu.max")
MEMORY = Path("/proc/meminfo")
MOST_MEMORY = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
JOB_BYTES = 8 * 2**30 // 10  # a judge and its fork server, each with torch


def cores() -> int:
    """Return how many cores this process may keep busy: in a container, not all there are."""
    quota = QUOTA.read_text(encoding="ascii") if QUOTA.is_file() else "max"
    return math.ceil(min(len(os.sched_getaffinity(0)), cores_of(quota)))


def available_memory() -> int:
    """Return how many bytes this process may still use without swapping, in a container too."""
    found = re.search(r"MemAvailable:\s+(\d+) kB", MEMORY.read_text(encoding="ascii"))
    limits = [place.read_text(encoding="ascii").strip() for place in MOST_MEMORY if place.is_file()]
    most = [int(limit) for limit in limits if limit.isdigit()]
    return min([int(found[1]) * 1024 if found else 0, *most])


def default_jobs() -> int:
    """Return how many submissions to grade in parallel: one per core that has memory for it."""
    return max(1, min(cores(), available_memory() // JOB_BYTES))


def share_of_cores(place: int, jobs: int) -> tuple[int, ...]:
    """Return the numbers of the cores for one of some jobs: its own, where there are enough.

    What a submission does then takes no other's time, with however many processes.

    Args:
        place: which of the jobs, counted from 0.
        jobs: how many there are.
    """
    allowed = sorted(os.sched_getaffinity(0))
    share = len(allowed) // jobs
    return tuple(allowed[place * share : (place + 1) * share] if share else allowed)


def cores_of(quota: str) -> float:
    """Return what cgroup v2's `cpu.max` allows: `150000 100000` are 1.5 cores.

    The format is that of https://docs.kernel.org/admin-guide/cgroup-v2.html.
    """
    time, _, period = quota.partition(" ")
    return math.inf if time.strip() == "max" else int(time) / int(period)


def resolve_device(wanted: str) -> str:
    """Return `cpu` or `cuda` for `auto`, `cpu` or `cuda`.

    torch is asked only where a GPU's driver is loaded, since importing it takes seconds.

    Raises:
        UsageError: CUDA was asked for, and is not there.
    """
    if wanted == "cpu":
        return "cpu"
    there = DRIVER.exists() and _torch_sees_a_gpu()
    if wanted == "cuda" and not there:
        raise UsageError("torch finds no GPU on this machine; pass --device cpu or --device auto")
    return "cuda" if there else "cpu"


def _torch_sees_a_gpu() -> bool:
    import torch

    return torch.cuda.is_available()
