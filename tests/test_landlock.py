"""Tests of `--sandbox landlock`, where user namespaces are forbidden: as an ordinary user, as root.

`tests/under_landlock.py` tries it in a container; its findings are looked at one by one.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from container import INSIDE, in_a_container
from small_course import COURSE, FOLDER, write_solutions

from grader.errors import SandboxUnavailable
from grader.sandbox.shared import walls
from grader.sandbox.shared.users import DYNAMIC_USERS, NobodysUser

pytestmark = pytest.mark.proof

TRIES = Path(__file__).resolve().parent / "under_landlock.py"
# of each kind what meets Landlock, its layers, the longer filter, or who keeps watch
ATTACKS = (
    *("environment_of_the_judge", "hidden_suites", "home_folder", "judge_in_the_process_table"),
    *("memory_of_the_fork_server", "names_of_files"),
    *("disk_full", "kill_everybody", "limits_of_the_fork_server", "locked_folders"),
    *("unread_sockets", "abstract_sockets", "files_outside", "hard_links", "modes_of_files"),
    *("new_namespaces", "signals_to_the_judge", "unix_sockets"),
)
UNPROMISED = {"judge_in_the_process_table", "names_of_files"}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that everybody may write to."""
    folder = tmp_path_factory.mktemp("shown")
    folder.chmod(0o777)
    return folder


@pytest.fixture(scope="module")
def found(shown: Path) -> dict[str, Any]:
    """Try the sandbox as an ordinary user; return what was found."""
    ran = in_a_container([TRIES, *ATTACKS], shown, root=False)
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return told


def test_landlock_is_taken_where_bubblewrap_can_not_be_had(found: dict[str, Any]) -> None:
    """Nobody has asked for the weaker sandbox, so a line says that it is, and why."""
    assert found["isolation"] == "landlock"
    assert found["line"].startswith("Grading in the landlock sandbox, which is weaker: bubblewrap ")
    assert "SECURITY.md" in found["line"]


def test_ordinary_work_runs(found: dict[str, Any]) -> None:
    """Loaders load, files are made and their modes set, programs and optimizers run."""
    assert found["ordinary"] == [[[0.0, 1.0], [2.0, 3.0]], ["made"], "said"]


@pytest.mark.parametrize("attack", sorted({*ATTACKS} - UNPROMISED))
def test_an_attack_is_held(found: dict[str, Any], attack: str) -> None:
    """It gets no more than in the stronger sandbox, and the student after it the same as ever."""
    assert found["attacks"][attack] == []


@pytest.mark.parametrize("attack", sorted(UNPROMISED))
def test_what_is_not_promised_is_not_kept(found: dict[str, Any], attack: str) -> None:
    """An attack that is marked as beyond this sandbox does get through."""
    assert found["attacks"][attack]


@pytest.mark.parametrize("which", ["left", "left without a server", "left with the first version"])
def test_no_process_is_left(found: dict[str, Any], which: str) -> None:
    """A process that has left its parent ends with the submission, and with the fork server."""
    assert found[which] is False


def test_a_sandbox_with_holes_is_refused(found: dict[str, Any]) -> None:
    """What the filter would have refused is named: the first version of Landlock has it not."""
    named = found["refused"]

    assert "does not hold on this machine" in named
    assert "reach this machine's sockets" in named
    assert "signal the judge" in named
    assert "change files of others" in named
    assert "read this machine's files" not in named


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be root in a container")
def test_root_grades_a_class(shown: Path) -> None:
    """Its submissions run as a user that owns nothing, and the reports name the sandbox."""
    for student in ("ana", "ben"):
        (shown / "class" / student).mkdir(parents=True)
    write_solutions(shown / "class" / "ana")
    text = "import os\n" + "raise OSError(f'{os.getuid()} {os.getgroups()}')\n"
    (shown / "class" / "ben" / "tokenizer.py").write_text(text, encoding="utf-8")
    subprocess.run(["chmod", "-R", "a+rX", str(shown / "class")], check=True)
    options = ("--course", FOLDER, "--output", f"{INSIDE}/reports", "--exercise", "tokenizer")
    ran = in_a_container(
        ["-m", "grader", "grade", f"{INSIDE}/class", *options, "--jobs", "1"], shown, root=True
    )
    results = json.loads((shown / "reports" / "results.json").read_text(encoding="utf-8"))
    ana, ben = results["students"]

    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.startswith("Grading in the landlock sandbox, which is weaker: bubblewrap ")
    assert "Submissions ran in the landlock sandbox" in ran.stdout
    assert "weaker than bubblewrap" in (shown / "reports" / "index.html").read_text("utf-8")
    assert ana["score"] == COURSE.exercise_named("tokenizer").points
    user, groups = ben["exercises"][0]["tests"][0]["message"].split("OSError: ")[1].split(" ", 1)
    assert int(user) in DYNAMIC_USERS
    assert groups.startswith("[]")


def test_what_a_user_without_rights_can_not_read_is_refused(tmp_path: Path) -> None:
    """The message names what is closed."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(SandboxUnavailable, match=f"{closed} is closed to others"):
        walls.require_reachable([closed])


def test_no_two_sandboxes_have_the_same_user() -> None:
    """A user's id is taken as long as somebody has it."""
    first, second = NobodysUser(), NobodysUser()
    ids = {first.id, second.id}
    first.close()
    second.close()

    assert len(ids) == 2


def test_pieces_of_a_folder_leave_out_what_is_hidden(tmp_path: Path) -> None:
    """Everything beside it is there, and no link that could lead to it."""
    for name in ("a/b", "a/hidden", "c"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "a" / "file").touch()
    (tmp_path / "a" / "link").symlink_to("hidden")
    pieces = list(walls.pieces_of(tmp_path, {tmp_path / "a" / "hidden"}))

    assert pieces == [tmp_path / "a" / "b", tmp_path / "a" / "file", tmp_path / "c"]


def test_a_kernel_without_landlock_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says since when Linux has it."""
    monkeypatch.setattr(walls, "kernel_abi", lambda: 0)

    with pytest.raises(SandboxUnavailable, match=r"Linux 5\.13"):
        walls.require_landlock()
