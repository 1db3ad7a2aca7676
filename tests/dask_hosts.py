"""Workers on hosts of their own, one of which loses its network: `python -m tests.dask_hosts`.

The hosts are network namespaces, joined by a bridge; making them takes root and `ip`. Judges are
simulated: it is about who hears of whom.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent))

from dask_benchmark import PLAN, Watching, made_up_class, start_worker
from dask_cluster import DaskProcesses
from small_course import COURSE

from grader.cluster import connection
from grader.cluster.engine import DaskEngine
from grader.cluster.order import Order
from grader.runs.engine import grade_class, worker_settings
from grader.runs.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.results.verdicts import StudentResult

BRIDGE, HOSTS, SIZE = "grader-bridge", ("grader-a", "grader-b"), 200
SILENT_TIME_S = 10.0  # instead of a minute, so that it need not be waited for


def ip(*words: str) -> None:
    """Change the network."""
    subprocess.run(["ip", *words], check=True)


@contextmanager
def hosts() -> Iterator[None]:
    """Make a host for each name: 10.77.0.2 and on; this one is 10.77.0.1."""
    try:
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("addr", "add", "10.77.0.1/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for number, host in enumerate(HOSTS, start=2):
            ip("netns", "add", host)
            ip("link", "add", host, "type", "veth", "peer", "name", "eth0", "netns", host)
            ip("link", "set", host, "master", BRIDGE, "up")
            ip("-n", host, "addr", "add", f"10.77.0.{number}/24", "dev", "eth0")
            ip("-n", host, "link", "set", "eth0", "up")
            ip("-n", host, "link", "set", "lo", "up")
        yield
    finally:
        for host in HOSTS:
            subprocess.run(["ip", "netns", "del", host], check=False)
        subprocess.run(["ip", "link", "del", BRIDGE], check=False)


class Unplugging(Watching):
    """Takes the first host off the network when a quarter is done and both are at work."""

    engine: DaskEngine
    unplugged = False

    def finished(self, result: StudentResult) -> None:
        """Count, and pull the plug."""
        super().finished(result)
        busy = [seat.name for seat in self.engine._seats.values() if seat.at]
        if len(self.done) >= SIZE // 4 and len(busy) == len(HOSTS) and not self.unplugged:
            self.unplugged = True
            self.note(f"{HOSTS[0]} has no network from now on.")
            ip("link", "set", HOSTS[0], "down")


def main() -> None:
    """Grade a made-up class; say whether everybody was graded once."""
    os.environ["SIMULATED_S"] = "0.1"
    connection.SILENT_TIME_S = SILENT_TIME_S
    watching = Unplugging(SIZE)
    with tempfile.TemporaryDirectory() as name, hosts():
        folder = Path(name)
        with DaskProcesses(folder, "10.77.0.1") as cluster, Store(folder / "store") as store:
            for host in HOSTS:
                start_worker(cluster, host, before=("ip", "netns", "exec", host))
            engine = DaskEngine(Order.of(COURSE, worker_settings(PLAN)), cluster.address)
            watching.engine = engine
            start = time.perf_counter()
            grade_class(made_up_class(SIZE), PLAN, store, watching, engine=engine)
            kept = len(store.database.keys("results"))
    print(*watching.notes, sep="\n")
    once = sum(count == 1 for count in watching.done.values())
    print(f"{kept} of {SIZE} in the store, {once} taken once, {time.perf_counter() - start:.0f} s")
    sys.exit(0 if kept == once == SIZE else 1)


if __name__ == "__main__":
    main()
