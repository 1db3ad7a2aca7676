"""What a run computes on."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from grader.runs import devices
from grader.runs.devices import cores_of, share_of_cores

if TYPE_CHECKING:
    from pathlib import Path


def test_only_the_cores_that_this_process_may_use_count() -> None:
    """A process that was bound to one core finds one."""
    one = min(os.sched_getaffinity(0))
    bound = f"import os; os.sched_setaffinity(0, {{{one}}})"
    count = "from grader.runs.devices import cores; print(cores())"
    command = [sys.executable, "-c", f"{bound}; {count}"]
    assert subprocess.check_output(command, text=True) == "1\n"


@pytest.mark.parametrize(
    ("quota", "allowed"), [("max 100000\n", math.inf), ("150000 100000\n", 1.5), ("max", math.inf)]
)
def test_a_containers_quota_counts(quota: str, allowed: float) -> None:
    """A quota is CPU time in a period, or none."""
    assert cores_of(quota) == allowed


def test_jobs_share_the_cores_and_none_is_anothers() -> None:
    """As long as there is one for each; else all of them may use all."""
    allowed = os.sched_getaffinity(0)
    shares = [share_of_cores(place, len(allowed)) for place in range(len(allowed))]

    assert sorted(shares) == [(core,) for core in sorted(allowed)]
    assert set(share_of_cores(0, 1)) == allowed
    assert set(share_of_cores(3, len(allowed) + 4)) == allowed


@pytest.mark.parametrize(
    ("there", "free_gb", "jobs"), [(4, 16, 4), (4, 2, 2), (4, 1.5, 1), (4, 0.1, 1), (1, 64, 1)]
)
def test_each_core_has_a_job_as_far_as_memory_goes(
    monkeypatch: pytest.MonkeyPatch, there: int, free_gb: float, jobs: int
) -> None:
    """A job takes 0.8 GB; one is always tried."""
    monkeypatch.setattr(devices, "cores", lambda: there)
    monkeypatch.setattr(devices, "available_memory", lambda: int(free_gb * 2**30))

    assert devices.default_jobs() == jobs


def test_a_containers_memory_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The least of what is free and what a container may have."""
    limit = tmp_path / "memory.max"
    limit.write_text("1000\n")
    monkeypatch.setattr(devices, "MOST_MEMORY", (limit, tmp_path / "nowhere"))
    assert devices.available_memory() == 1000

    limit.write_text("max\n")
    assert devices.available_memory() > 2**20
