"""The red team: attacks on the grader, graded with the real suites in the real sandbox.

Each file in `tests/redteam` is one attack. They are graded once, in two judges; an ordinary student
follows each, who must get what the same work got before any attack.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from the_lab import LAB

from grader.errors import InfrastructureError
from grader.guest.crossing.wire import Call, Load, Returned
from grader.judge.plugin import run_suites
from grader.redteam import KINDS, all_attacks, attacks, run_attacks
from grader.redteam.baits import Baits, clear_up
from grader.redteam.grading import Grading
from grader.sandbox.command import Isolation, as_unprivileged, require_isolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.judge.plugin import SuiteRunner
    from grader.redteam import Attack, Finding
    from grader.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.proof

REDTEAM = Path(__file__).resolve().parent / "redteam"
ATTACKS = all_attacks()
(COURSE,) = {each.folder: each for each in (attack.course for attack in ATTACKS)}.values()
# against the suites of the lab alone; `test_claims.py` hands in the first for all exercises
ON_THE_LAB = [
    attacks.read_attack("forging", file, LAB)
    for file in sorted((Path(__file__).resolve().parent / "claims").glob("*.py"))
]
PATIENCE_S = 120.0  # until other tests' sandboxes are gone, too
GET_THROUGH = 10  # of those that do no harm, where no sandbox holds them back

# what an ordinary test would say about an answer, and what the attack makes it say
ORDINARY_TESTS = {
    "patched_assert_close": "torch.testing.assert_close(fake(), torch.ones(5))",
    "patched_comparisons": "assert torch.allclose(fake(), torch.ones(2, 3))",
    "tensor_equal_to_everything": "assert torch.equal(fake(), torch.ones(5)) and fake() == 7",
    "numbers_equal_to_everything": "assert fake() == 0.125 and fake() == [1, 2] and fake() == {}",
}

# attacks on what judge and guest share, and a judge that is not root for them
ON_THE_LINES = (
    *("replies_taken_back", "output_taken_back", "files_for_the_judge"),
    *("flooded_pipe", "changed_pipes"),
)
BY_ANYBODY = """
import json, os, sys
from grader.redteam import all_attacks, run_attacks
from grader.sandbox.command import Isolation

assert os.getuid() != 0
attacks = [each for each in all_attacks() if each.file.stem in sys.argv]
findings = list(run_attacks(attacks, Isolation.BUBBLEWRAP, jobs=1))
print(json.dumps({
    each.attack.file.stem: [*each.broken, *([] if each.as_expected else [each.happened])]
    for each in findings
}))
"""

# an attack of the judge's own process, as if a file had crashed what reads it
ENDS_THE_JUDGE = '''"""End the judge.

Expected: refused
"""

import os


def make(folder, honest, marker):
    """End this process."""
    os._exit(3)
'''


def left_on_the_machine() -> set[str]:
    """Return what submissions could leave: processes, files, and what outlives its process."""
    folders = [folder for folder in (Path("/dev/shm"), Path("/dev/mqueue")) if folder.is_dir()]
    return {
        *(f"process {each}" for each in guests()),
        *(str(file) for folder in folders for file in folder.iterdir() if is_a_guests(file)),
        *(each for table in ("shm", "sem", "msg") for each in kept_by_the_kernel(table)),
    }


def is_a_guests(file: Path) -> bool:
    """Whether a submission may have made a file; other programs have theirs there, too."""
    with contextlib.suppress(FileNotFoundError):
        return may_be_a_guest(file.lstat().st_uid)
    return False


def may_be_a_guest(user: int) -> bool:
    """Whether submissions may run as a user: of root's graders none does as root."""
    return user == os.geteuid() if os.geteuid() else user != 0


def kept_by_the_kernel(table: str) -> Iterator[str]:
    """Name what is kept of some kind, without what changes whenever a program uses its own."""
    text = Path("/proc/sysvipc", table).read_text(encoding="ascii")
    names, *rows = map(str.split, text.splitlines())
    for row in rows:
        entry = dict(zip(names, row, strict=True))
        if may_be_a_guest(int(entry["cuid"])):
            yield f"{table} {row[1]}"


def left_behind(before: set[str]) -> set[str]:
    """Return what was not there before, once what is about to go has gone.

    Other tests kill graders meanwhile, whose guests are nobody's until the kernel has ended them.
    """
    latest = time.monotonic() + PATIENCE_S
    while (left := left_on_the_machine() - before) and time.monotonic() < latest:
        os.sched_yield()
    return left


def guests() -> set[int]:
    """Return fork servers and what they have forked: of this process's, or of nobody's any more."""
    parents, servers = {}, set()
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended
            stat = (place / "stat").read_text(encoding="utf-8", errors="replace")
            parents[int(place.name)] = int(stat.rpartition(")")[2].split()[1])
            if b"grader.guest.process.server" in (place / "cmdline").read_bytes():
                servers.add(int(place.name))
    family = {1, os.getpid()}
    while more := {child for child, parent in parents.items() if parent in family - {1}} - family:
        family |= more
    return {server for server in servers if parents[server] == 1 or server in family}


@dataclass(frozen=True)
class Run:
    """What became of every attack, and what all of them have left.

    Attributes:
        left: what is on the machine that was not there before.
        temporary: what is left in the folder for temporary files, which was the run's alone.
    """

    findings: dict[Path, Finding]
    left: set[str]
    temporary: list[str]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Run:
    """Run the whole red team: attacks on the lab's suites in the sandbox that is warm already."""
    folder = tmp_path_factory.mktemp("rt")
    clear_up()  # what a run that was killed has left
    sandbox.settle()
    before = left_on_the_machine()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(sandbox, "limits", sandbox.limits)  # they have others
        found = [*run_attacks(ATTACKS, Isolation.BUBBLEWRAP, jobs=2), *on_the_lab(sandbox)]
        sandbox.settle()  # nobody has waited for the last one's end
        findings = {finding.attack.file: finding for finding in found}
    return Run(findings, left_behind(before), os.listdir(folder))


def on_the_lab(sandbox: Sandbox) -> list[Finding]:
    """Grade what attacks the suites of the lab."""
    found: list[Finding] = []
    used = {LAB.exercises[0], *(attack.exercise for attack in ON_THE_LAB)}
    suites = [file for each in used for file in (each.public_checks, each.hidden_suite)]
    with Baits() as baits:

        def serve(runner: SuiteRunner) -> None:
            grading = Grading(sandbox, runner, baits, LAB)
            found.extend(map(grading.grade, ON_THE_LAB))

        run_suites(sorted(suites), serve)
    return found


@pytest.mark.parametrize(
    "attack", [*ATTACKS, *ON_THE_LAB], ids=lambda attack: f"{attack.kind}-{attack.file.stem}"
)
def test_an_attack_is_held(run: Run, attack: Attack) -> None:
    """It gets what is honest in it and finds nothing; who comes after it gets the same as ever."""
    finding = run.findings[attack.file]

    assert finding.broken == ()
    assert finding.as_expected, finding.happened


def test_nothing_of_a_submission_is_left_after_a_run(run: Run) -> None:
    """No process, no file, no shared memory, semaphore or queue is there that was not before."""
    assert run.left == set()
    assert run.temporary == []


@pytest.fixture(scope="module")
def by_anybody() -> dict[str, list[str]]:
    """Run what attacks the lines to the judge against a judge of the attacker's own user."""
    bwrap = require_isolation(Isolation.BUBBLEWRAP)
    command = [*as_unprivileged(bwrap, [REDTEAM.parents[1]]), sys.executable, "-c", BY_ANYBODY]
    ran = subprocess.run([*command, *ON_THE_LINES], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    broken: dict[str, list[str]] = json.loads(ran.stdout)
    return broken


@pytest.mark.parametrize("attack", ON_THE_LINES)
def test_an_attack_on_the_lines_is_held_by_a_judge_of_the_same_user(
    by_anybody: dict[str, list[str]], attack: str
) -> None:
    """What a submission's user may open, a judge of that user does not read from."""
    assert by_anybody[attack] == []


@pytest.fixture(scope="module")
def unprotected(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """Run what does no harm without a sandbox, after an attack that ends the judge's process."""
    file = tmp_path_factory.mktemp("attack") / "ends_the_judge.py"
    file.write_text(ENDS_THE_JUDGE, encoding="utf-8")
    harmless = [attack for attack in ATTACKS if attack.harmless]
    ending = attacks.read_attack("hostile", file, COURSE)
    return list(run_attacks([*harmless, ending], Isolation.NONE, jobs=1))


def test_without_a_sandbox_attacks_get_through(unprotected: list[Finding]) -> None:
    """The red team can fail: what gets nothing in the sandbox gets something without one."""
    through = [finding for finding in unprotected if not finding.held]

    assert len(through) > GET_THROUGH
    assert {finding.attack.kind for finding in through} >= {"reading", "escaping"}


def test_an_attack_that_ends_the_judge_gets_through(unprotected: list[Finding]) -> None:
    """It is a finding of its own, and those after it are graded by another judge."""
    (ended,) = [each for each in unprotected if each.attack.name == "ends the judge"]
    harmless = [attack for attack in ATTACKS if attack.harmless]

    assert ended.broken == ("the judge's process ended (exit code 3) while it graded this",)
    assert len(unprotected) == len(harmless) + 1


@pytest.mark.parametrize("attack", ORDINARY_TESTS)
def test_the_attack_fools_an_ordinary_test(sandbox: Sandbox, attack: str) -> None:
    """The attack is a real one: a test that runs beside it accepts its answer."""
    text = (REDTEAM / "forging" / f"{attack}.py").read_text(encoding="utf-8")
    ordinary = f"\nimport torch\ndef answer():\n    {ORDINARY_TESTS[attack]}\n    return 'passed'"
    session = sandbox.open()
    session.ask(Load("exercise", "exercise.py", (text + ordinary).encode(), False, "cpu"), 10)
    reply = session.ask(Call("answer", (), 0), 10)
    session.end()

    assert reply == Returned("passed")


def test_there_are_attacks_of_every_kind() -> None:
    """Every kind has at least a dozen, and each says what it tries and what is safe."""
    for kind in KINDS:
        assert len([attack for attack in ATTACKS if attack.kind == kind]) >= 12
    assert [attack.name for attack in ATTACKS if not (attack.what and attack.safe)] == []
    assert len({attack.what for attack in ATTACKS}) == len(ATTACKS) >= 100


def test_an_attack_without_an_expectation_is_refused(tmp_path: Path) -> None:
    """Whoever adds one is told what is missing."""
    file = tmp_path / "new.py"
    file.write_text('"""Try something."""\n', encoding="utf-8")

    with pytest.raises(InfrastructureError, match="does not say what is `Expected:` of it"):
        attacks.read_attack("forging", file, COURSE)
