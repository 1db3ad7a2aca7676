"""Tests of `grader doctor`: what it says of this machine, and of machines that lack something."""

from __future__ import annotations

import shutil
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from the_lab import LAB
from typer.testing import CliRunner

from grader import redteam
from grader.cli import app
from grader.courses import carried_course
from grader.doctor import Check, State, choosing, examine, examining, isolation, machine
from grader.doctor.choosing import choose
from grader.errors import SandboxUnavailable
from grader.redteam import Finding, all_attacks
from grader.runs import devices
from grader.sandbox.command import Isolation, Wanted
from kit.digits_data import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.redteam import Attack

DIGITS = Path(__file__).resolve().parents[1] / "data" / "digits"


@pytest.fixture
def without_bubblewrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have no program at all in the path; return its only folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def states(checks: Sequence[Check]) -> dict[str, State]:
    """Return what each check came to."""
    return {check.what: check.state for check in checks}


def test_this_machine_can_grade(tmp_path: Path) -> None:
    """Everything is there where the tests run, the sandbox as a whole included."""
    found = states(list(examine(tmp_path / "reports", LAB)))

    assert State.FAIL not in found.values()
    assert {"Linux", "torch", "data", "bubblewrap", *isolation.FEATURES, "sandbox"} <= set(found)


def test_without_bubblewrap_it_says_what_to_install(without_bubblewrap: Path) -> None:
    """Asked for it, the command ends with 1, and looks for no other sandbox."""
    asked = ["doctor", "--sandbox", "bubblewrap", "--output", str(without_bubblewrap)]
    done = CliRunner().invoke(app, asked)

    assert done.exit_code == 1
    assert "apt-get install bubblewrap" in done.output
    assert "This machine can't grade yet." in done.output
    assert "Landlock" not in done.output


def test_without_bubblewrap_there_is_landlock(
    without_bubblewrap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What bubblewrap lacks is then a warning, and each version of Landlock says what it has."""
    monkeypatch.setattr(
        examining, "sandbox", lambda which: Check("sandbox", State.WARN, which.value)
    )
    monkeypatch.setattr(isolation, "kernel_abi", lambda: 4)
    checks = list(examine(without_bubblewrap, LAB))
    found = states(checks)

    assert State.FAIL not in found.values()
    assert (found["bubblewrap"], found["Landlock"]) == (State.WARN, State.OK)
    assert (found["TCP"], found["bounds of signals"]) == (State.OK, State.WARN)
    assert (checks[-1].what, checks[-1].found) == ("sandbox", "landlock")


def test_the_strongest_sandbox_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bubblewrap's is taken in silence, a weaker one never; without any the way out is said."""
    strongest = choose(Wanted.AUTO)
    monkeypatch.setenv("PATH", "")
    weaker, line = choose(Wanted.AUTO)
    monkeypatch.setattr(choosing, "kernel_abi", lambda: 0)

    assert strongest == (Isolation.BUBBLEWRAP, "")
    assert weaker is Isolation.LANDLOCK
    assert line.startswith(
        "Grading in the landlock sandbox, which is weaker: bubblewrap can't be used"
    )
    with pytest.raises(SandboxUnavailable, match=r"apt-get install bubblewrap.*--sandbox none"):
        choose(Wanted.AUTO)


def test_what_is_in_the_way_of_namespaces_is_named(
    without_bubblewrap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is bubblewrap's own, the way out that of the setting which is known for it."""
    refusing = without_bubblewrap / "bwrap"
    refusing.write_text("#!/bin/sh\necho setting up uid map: Permission denied >&2\nexit 1\n")
    refusing.chmod(0o755)
    (without_bubblewrap / "setpriv").symlink_to(refusing)
    setting = without_bubblewrap / "setting"
    setting.write_text("1\n")
    monkeypatch.setattr(isolation, "OBSTACLES", ((setting, "1", "change the setting"),))

    (first,) = isolation.features()

    assert (first.what, first.state) == ("namespaces", State.FAIL)
    assert (first.found, first.mend) == (
        "setting up uid map: Permission denied",
        "change the setting",
    )


def test_every_failure_says_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A torchvision for another torch, and a system that is not Linux."""
    monkeypatch.setattr(metadata, "requires", lambda _: ["numpy", "torch==1.0.0"])
    *_, torchvision = machine.packages()
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    system = machine.system()

    assert [torchvision.state, system.state] == [State.FAIL, State.FAIL]
    assert "belongs to torch" in torchvision.mend
    assert "virtual machine" in system.mend


def test_little_memory_is_a_warning_with_the_jobs_that_grade_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It keeps nobody from grading with fewer jobs, which is what `grade` does by itself."""
    monkeypatch.setattr(devices, "cores", lambda: 4)
    monkeypatch.setattr(devices, "available_memory", lambda: 2 * 2**30)
    check = machine.memory()

    assert check.state is State.WARN
    assert check.found == "2.0 GB free: `grade` runs --jobs 2 by default, 0.8 GB each"
    assert check.mend == "free some memory: one job per core needs 3.2 GB"


def test_changed_digits_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is not what its checksum says is named, and so is one that is missing."""
    folder = tmp_path / "digits"
    shutil.copytree(DIGITS, folder)
    changed = folder / "t10k-labels-idx1-ubyte.gz"
    changed.write_bytes(b"other labels")
    monkeypatch.setenv(VARIABLE, str(folder))
    wrong = machine.data(carried_course().code)
    changed.unlink()
    missing = machine.data(carried_course().code)

    assert wrong.state is missing.state is State.FAIL
    assert f"{changed.name} in {folder} is not what it was" in wrong.found
    assert "there is no t10k-labels-idx1-ubyte" in missing.found


@pytest.mark.parametrize(
    ("through", "promised", "words", "state"),
    [
        (False, True, "all held.", "held"),
        (True, True, "1 got through.", "GOT THROUGH"),
        (True, False, "all held, but for 1 that bubblewrap", "not promised"),
    ],
)
def test_an_attack_that_gets_through_is_shown(
    through: bool,
    promised: bool,
    words: str,
    state: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """The table says what was tried, what happened and whether it was held; the exit code, too."""
    reasons = ("it got more than the 0 points that it earned",) if through else ()

    def run_attacks(
        attacks: Sequence[Attack], isolation: Isolation, jobs: int
    ) -> Iterator[Finding]:
        del isolation, jobs
        yield Finding(attacks[0], "10 of 10 points", "passed", 10.0, reasons, 0.1, promised)

    monkeypatch.setattr(redteam, "run_attacks", run_attacks)
    monkeypatch.setattr("grader.doctor.examine", lambda *_: iter(()))
    done = CliRunner(env={"COLUMNS": "160"}).invoke(
        app, ["doctor", "--attack", "--output", str(tmp_path)]
    )

    assert done.exit_code == int(through and promised)
    assert all_attacks()[0].what.split()[1] in done.output
    assert f"1 attacks: {words}" in done.output
    assert state in done.output
