"""Tests of `./nox`: what it gets, what it says where it can't, and that it hands all over.

The machine around it is made up, a folder of programs that say what was asked of them.
"""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ALWAYS = ("cat", "dirname", "env", "grep", "mkdir", "rm", "sh")
SANDBOX = ("bwrap", "setpriv")
TOLD = 'echo "$(basename "$0") $*" >>"$TOLD"'


class Machine:
    """A machine that has some programs, and a checkout of the lab with a space in its path."""

    def __init__(self, folder: Path) -> None:
        self.programs, self.told = folder / "bin", folder / "told"
        self.lab = folder / "my lab"
        self.lab.mkdir()
        self.programs.mkdir()
        self.told.touch()
        shutil.copy(ROOT / "nox", self.lab)
        for name in (*ALWAYS, "basename"):
            (self.programs / name).symlink_to(shutil.which(name) or name)
        self.has("uv", "id")

    def has(self, *names: str, does: str = TOLD) -> None:
        """Put programs there."""
        for name in names:
            file = self.programs / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
            file.chmod(file.stat().st_mode | stat.S_IXUSR)

    def of_root(self, *, root: bool) -> None:
        """Say who is at it."""
        self.has("id", does=f"echo {0 if root else 1000}")

    def with_nox(self) -> None:
        """Let an earlier run have left a nox that shows its arguments, one a line."""
        show = 'shift 2; printf "[%s]\\n" "$@"'
        self.has(f"{self.lab}/.nox/nox/bin/python", does=f'[ "$1" = -c ] || {{ {show}; }}')

    def nox(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run it, from another folder."""
        return subprocess.run(
            [self.lab / "nox", *arguments],
            cwd=self.programs,
            env={"PATH": str(self.programs), "TOLD": str(self.told)},
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )

    def was_told(self, program: str) -> list[str]:
        """Return what a program was called with."""
        lines = self.told.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line.split()[0] == program]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine with uv and nox, an ordinary user at it, and nothing else."""
    machine = Machine(tmp_path)
    machine.of_root(root=False)
    machine.with_nox()
    return machine


def test_everything_is_handed_over(machine: Machine) -> None:
    """Each argument as it was, with spaces and after `--`; nothing is said or installed."""
    machine.has(*SANDBOX)
    run = machine.nox("-s", "grade", "--", "a class", "*", "--jobs=2")

    given = ["--noxfile", f"{machine.lab}/noxfile.py", "-s", "grade", "--", "a class", "*"]
    assert run.stdout.splitlines() == [f"[{each}]" for each in (*given, "--jobs=2")]
    assert run.stderr == ""
    assert set(machine.was_told("uv")) == {"uv --version"}


@pytest.mark.parametrize(
    ("arguments", "packages"),
    [
        ((), "bubblewrap util-linux"),
        (("-s", "grade"), "bubblewrap util-linux"),
        (("-s", "grade", "--", "tests"), "bubblewrap util-linux"),
        (("-s", "lint", "tests"), "bubblewrap util-linux tmux chromium"),
        (("--session=benchmark",), "bubblewrap util-linux tmux chromium"),
    ],
)
def test_root_gets_what_the_session_needs(
    machine: Machine, arguments: tuple[str, ...], packages: str
) -> None:
    """And the session runs then."""
    machine.of_root(root=True)
    machine.has("apt-get")
    run = machine.nox(*arguments)

    asked = machine.was_told("apt-get")[-1]
    assert asked.startswith("apt-get install ")
    assert f" {packages.replace('chromium', chromium_here())}" in asked
    assert run.returncode == 0
    assert "noxfile.py" in run.stdout


def chromium_here() -> str:
    """Return what the system that the tests run on calls its browser."""
    release = Path("/etc/os-release")
    ubuntu = release.exists() and "\nID=ubuntu\n" in f"\n{release.read_text(encoding='utf-8')}"
    return "chromium-browser" if ubuntu else "chromium"


@pytest.mark.parametrize(
    "arguments",
    [("--list",), ("-s", "check", "--", "ex03"), ("-s", "grade", "--", "c", "--sandbox", "none")],
)
def test_what_needs_nothing_asks_for_nothing(machine: Machine, arguments: tuple[str, ...]) -> None:
    """A student who checks is not asked for a password."""
    machine.has("apt-get", "sudo")
    run = machine.nox(*arguments)

    assert (run.returncode, run.stderr) == (0, "")
    assert not machine.was_told("apt-get") + machine.was_told("sudo")


def test_an_ordinary_user_installs_by_sudo(machine: Machine) -> None:
    """One call of it, so one password."""
    machine.has("apt-get")
    machine.has("sudo", does=f'{TOLD}; "$@"')
    run = machine.nox("-s", "grade")

    assert len(machine.was_told("sudo")) == 1
    assert machine.was_told("apt-get")[-1].endswith(" bubblewrap util-linux")
    assert run.returncode == 0


@pytest.mark.parametrize(
    ("programs", "line"),
    [
        (("apt-get",), "as root, run: apt-get update && apt-get install bubblewrap"),
        (
            ("sudo", "dnf"),
            "install what Debian calls bubblewrap with your system's package manager",
        ),
    ],
)
def test_who_may_not_install_is_told_what_to(
    machine: Machine, programs: tuple[str, ...], line: str
) -> None:
    """One line, and nothing is run."""
    machine.has(*programs, "setpriv")
    run = machine.nox("-s", "grade")

    assert run.returncode == 1
    assert run.stdout == ""
    assert line in run.stderr
    assert run.stderr.count("\n") == 1
    assert not machine.was_told("sudo")


def test_a_failed_installation_stops_it(machine: Machine) -> None:
    """With the line to type."""
    machine.of_root(root=True)
    machine.has("apt-get", does="echo no network >&2; exit 100")
    run = machine.nox("-s", "grade")

    assert run.returncode == 1
    assert "no network" in run.stderr
    assert run.stderr.endswith("run: apt-get update && apt-get install bubblewrap util-linux\n")


def test_the_first_run_makes_a_nox_of_its_own(machine: Machine) -> None:
    """By uv, in `.nox/`; one that no longer works is made anew."""
    shutil.rmtree(machine.lab / ".nox")
    machine.has("uv", does=f'{TOLD}; [ "$1" != pip ] || exit 1')
    run = machine.nox("--list")

    own = f"{machine.lab}/.nox/nox"
    assert machine.was_told("uv")[-2:] == [
        f"uv venv --quiet --python >=3.11 {own}",
        f"uv pip install --quiet --python {own} nox",
    ]
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == "nox: nox can't be installed; is there a network?"


def test_without_uv_one_is_installed_first(machine: Machine) -> None:
    """In a virtual environment of `python3`, whose module for that Debian keeps in a package."""
    (machine.programs / "uv").unlink()
    machine.of_root(root=True)
    machine.has("apt-get")
    machine.has("python3", does=f'{TOLD}; [ "$1" != -c ]')
    run = machine.nox("--list")

    assert machine.was_told("apt-get")[-1].endswith(" python3-venv")
    assert machine.was_told("python3")[-1] == f"python3 -m venv {machine.lab}/.nox/uv"
    assert "nox: uv can't be installed" in run.stderr


def test_an_old_python_is_one_line(machine: Machine) -> None:
    """No traceback, and nothing half is left."""
    shutil.rmtree(machine.lab / ".nox")
    machine.has("python3", does='[ "$1" != -c ] && echo Python 3.9.2')
    machine.has("uv", does='[ "$1" != python ] || { echo much to say >&2; exit 2; }')
    run = machine.nox("-s", "check")

    assert run.returncode == 1
    needed = "nox: Python 3.11 or newer is needed; here is Python 3.9.2"
    assert run.stderr == f"{needed}, and uv can't fetch a newer one\n"
