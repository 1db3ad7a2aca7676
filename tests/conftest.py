"""What several tests need: the warm sandbox, the demo class graded once, one browser."""

from __future__ import annotations

import signal
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
import torch
from demo import DEMO, OF_THE_DEMO, ONE_JOB, grader
from filelock import FileLock
from hypothesis import HealthCheck, settings
from kept_term import Term
from the_lab import LAB

from grader.cli import main
from grader.courses.limits import TIMES
from grader.runs.store import Store
from grader.sandbox.command import Isolation
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

# short deadlines: what is to time out does so in every test that provokes it
QUICK = Limits(load_s=2.0, call_s=2.0, call_after_timeout_s=0.5, exercise_s=20.0, fixed=TIMES)

# begun first, so that neither of two workers is left with one of them in the end
LONGEST = (
    *("test_lab_proof", "test_redteam", "test_grade", "test_learning", "test_bad_input"),
    *("test_lab_training", "test_small_course", "test_browser", "test_hostile_replies"),
    *("test_proving", "test_sandbox", "test_bundles", "test_dask", "test_desk_watch", "test_term"),
    *("test_browser_student", "test_landlock", "test_desk_notebook", "test_release_installed"),
)

pytest.register_assert_rewrite("browser")  # its assertions say what was found
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` makes all deaf to it
# the same examples in every run, in whatever time: a change is judged by itself, on any machine
settings.register_profile(
    "lab", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("lab")
torch.set_num_threads(1)  # two threads wait for each other where two cores are busy


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the files that take longest before all others."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Return a warm bubblewrap sandbox with short deadlines."""
    with Sandbox(Isolation.BUBBLEWRAP, "cpu", QUICK) as warm:
        yield warm


@pytest.fixture(scope="session")
def graded_demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Path, str]:
    """Grade the demo class once for all workers; return the output folder and what was printed."""
    base = tmp_path_factory.getbasetemp()
    folder = base if worker_id == "master" else base.parent  # a worker's is inside the run's
    output, printed = folder / "demo", folder / "demo.txt"
    with FileLock(folder / "demo.lock"):
        if not printed.exists():
            short = ("--limit", "call=1s")  # one of them waits for its end in every test
            run = grader("grade", DEMO, "--output", output, *OF_THE_DEMO, *ONE_JOB, *short)
            assert run.returncode == 0, run.stderr
            printed.write_text(run.stdout, encoding="utf-8")
    return output, printed.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return the system's Chromium; while it is there, nothing else has an event loop."""
    from browser import started_chromium

    with started_chromium() as chromium:
        yield chromium


@pytest.fixture(name="grader")
def command_here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[object, str, str]]:
    """Return what runs a command in this process: exit status, output, errors."""

    def run(*arguments: object) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["grader", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        return left.value.code, *capsys.readouterr()

    return run


@pytest.fixture
def term(tmp_path: Path) -> Iterator[Term]:
    """Return a term in a store without any run."""
    with Store(tmp_path / "store") as store:
        yield Term(store)


@pytest.fixture
def release(tmp_path: Path, release_zip: Path) -> Path:
    """Return a student's folder: a fresh copy of what students get."""
    with zipfile.ZipFile(release_zip) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "nn-training-lab"


@pytest.fixture(scope="session")
def release_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the release once."""
    from grader.release import write_release

    output = tmp_path_factory.mktemp("release") / "lab.zip"
    write_release(LAB, output, almost=True)
    return output
