"""A class graded on a real scheduler and real workers, one of which is killed in the middle."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from dask_benchmark import PRELOADED, made_up_class
from dask_cluster import DaskProcesses
from distributed import Adaptive, LocalCluster
from small_course import COURSE, file_in

from grader.authoring import solved
from grader.cluster import connection
from grader.cluster.engine import DaskEngine
from grader.cluster.order import Order
from grader.errors import InfrastructureError
from grader.runs.engine import Plan, Progress, grade_class, worker_settings
from grader.runs.store import Store
from grader.sandbox.command import Isolation
from grader.sandbox.limits import Limits
from grader.submissions import find_class

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.results.verdicts import StudentResult
    from grader.runs.grading_run import GradingRun

pytestmark = pytest.mark.proof

EXERCISE = COURSE.exercises[0]
PLAN = Plan(COURSE, (EXERCISE,), "cpu", Isolation.BUBBLEWRAP, Limits(), jobs=1, fresh=False)
WORK = {
    "ana": "",
    "ben": "def broken(:\n",
    "cy": "import os\nos._exit(0)\n",
    "dan": "import torch\n",
}


@dataclass
class Killing(Progress):
    """Kills the worker that is at work when the first submission is done."""

    cluster: DaskProcesses
    engine: DaskEngine
    done: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def finished(self, result: StudentResult) -> None:
        """Kill a worker, once."""
        self.done.append(result.student)
        if len(self.done) == 1:
            busy = next(seat for seat in self.engine._seats.values() if seat.at)
            self.cluster.kill(busy.name)

    def note(self, sentence: str) -> None:
        """Keep a sentence."""
        self.notes.append(sentence)


class Leaving(Progress):
    """Kills the scheduler as soon as anything is said."""

    def __init__(self, cluster: DaskProcesses) -> None:
        self._cluster = cluster

    def note(self, sentence: str) -> None:
        """Kill it."""
        del sentence
        self._cluster.scheduler.kill()


@dataclass
class Retiring(Progress):
    """Has a worker leave while it is at work.

    Attributes:
        most: how many workers there were at once.
        had: what the one that had to leave had then.
    """

    cluster: LocalCluster
    adaptive: Adaptive
    engine: DaskEngine
    done: list[str] = field(default_factory=list)
    most: int = 0
    had: list[str] = field(default_factory=list)

    def finished(self, result: StudentResult) -> None:
        """Let one go, once two are at work."""
        self.done.append(result.student)
        busy = [seat for seat in self.engine._seats.values() if seat.at]
        self.most = max(self.most, len(busy))
        if len(busy) > 1 and not self.had:
            self.had = [job.submission.student for batch in busy[0].at for job in batch]
            self.cluster.sync(self.adaptive.scale_down, [int(busy[0].name)])


@dataclass(frozen=True)
class Graded:
    """What came of the class on the cluster, which workers were left, and what was heard of it."""

    folder: Path
    cluster: DaskProcesses
    left: tuple[str, ...]
    heard: Killing
    results: list[Any]


def engine_at(address: str) -> DaskEngine:
    """Return an engine for the small course."""
    return DaskEngine(Order.of(COURSE, worker_settings(PLAN)), address)


def kept(run: GradingRun) -> Any:
    """Return a run's results as a store keeps them, but for when and how long."""
    return without_times(msgspec.json.decode(msgspec.json.encode([*run.students])))


def without_times(results: Any) -> Any:
    """Return what is decoded from JSON without times."""
    if isinstance(results, dict):
        times = {"seconds", "graded_at"}
        return {key: without_times(each) for key, each in results.items() if key not in times}
    return [without_times(each) for each in results] if isinstance(results, list) else results


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """Grade a class of four on two workers; a third one has another suite."""
    folder = tmp_path_factory.mktemp("cluster")
    solution = "".join(solved(COURSE, EXERCISE).values())
    for student, before in WORK.items():
        file = file_in(folder / "class" / student, EXERCISE)
        file.parent.mkdir(parents=True)
        file.write_text(before + solution, encoding="utf-8")
    suite = EXERCISE.hidden_suite
    (folder / "other.py").write_text(f"{suite.read_text('utf-8')}\n# changed\n", encoding="utf-8")
    seen = ("--dev-bind", "/", "/", "--ro-bind", str(folder / "other.py"), str(suite))
    with DaskProcesses(folder) as cluster, Store(folder / "store") as store:
        cluster.start("three", before=("bwrap", "--die-with-parent", *seen))
        cluster.start("one")
        cluster.start("two")
        engine = engine_at(cluster.address)
        heard = Killing(cluster, engine)
        found = find_class(folder / "class", COURSE).submissions
        run = grade_class(found, PLAN, store, heard, engine=engine)
        yield Graded(folder, cluster, tuple(cluster.workers), heard, kept(run))


def test_a_worker_that_is_killed_costs_nothing(graded: Graded) -> None:
    """Everybody is graded, once, and none of it is a fault of ours."""
    assert sorted(graded.heard.done) == [*WORK]
    assert set(graded.left) < {"one", "two", "three"}
    assert len(graded.left) == 2


def test_a_worker_with_another_suite_is_left_out_and_named(graded: Graded) -> None:
    """With what is not the same."""
    (note,) = [each for each in graded.heard.notes if "three" in each]

    assert note.startswith("The worker three on ")
    assert note.endswith(f"its suites are others than the run's: {EXERCISE.name}")


def test_results_are_those_of_this_machine(graded: Graded) -> None:
    """Byte for byte, but for the times."""
    with Store(graded.folder / "local") as store:
        found = find_class(graded.folder / "class", COURSE).submissions
        run = grade_class(found, PLAN, store, Progress())
        results = kept(run)

    assert results == graded.results
    assert msgspec.json.encode(results) == msgspec.json.encode(graded.results)


def test_a_scheduler_that_goes_away_is_named_and_nothing_is_lost(
    graded: Graded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was graded before needs no cluster then."""
    monkeypatch.setattr(connection, "PATIENCE_S", 0.5)
    for name in [*graded.cluster.workers]:
        graded.cluster.kill(name)
    class_ = shutil.copytree(graded.folder / "class", graded.folder / "larger")
    late = file_in(class_ / "eve", EXERCISE)
    late.parent.mkdir()
    late.write_text("", encoding="utf-8")
    found = find_class(class_, COURSE).submissions
    address = graded.cluster.address
    with Store(graded.folder / "store") as store:
        with pytest.raises(InfrastructureError, match=rf"scheduler at {address} is gone .* kept"):
            grade_class(found, PLAN, store, Leaving(graded.cluster), engine=engine_at(address))
        others = [each for each in found if each.student != "eve"]
        again = grade_class(others, PLAN, store, Progress(), engine=engine_at(address))

        assert again.nothing_new
        assert len([*again.students]) == len(WORK)


def test_an_adaptive_cluster_has_workers_while_there_is_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come by themselves, one that leaves at work costs nothing, and all go in the end."""
    monkeypatch.setenv("SIMULATED_S", "0.3")
    with (
        LocalCluster(
            n_workers=0, threads_per_worker=1, dashboard_address=None, preload=[PRELOADED]
        ) as cluster,
        Store(tmp_path / "store") as store,
    ):
        adaptive = cluster.adapt(minimum=0, maximum=2, interval="100ms", target_duration="1s")
        engine = engine_at(cluster.scheduler_address)
        heard = Retiring(cluster, adaptive, engine)
        grade_class(made_up_class(40), PLAN, store, heard, engine=engine)

        assert heard.most == 2
        assert heard.had
        assert sorted(heard.done) == [each.student for each in made_up_class(40)]
        while cluster.scheduler_info["workers"]:
            cluster.sync(adaptive.adapt)
