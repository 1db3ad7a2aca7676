"""The student's desk runs on Linux, macOS and Windows: it needs nothing that one of them lacks."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

import pytest
from test_structure import MODULES, ROOT, imports_in, tree_of, without_type_checking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What Windows has not got, and what belongs to the graders' side.
POSIX_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
POSIX_NAMES = {"fork", "forkpty", "pidfd_open", "setsid", "waitpid", "killpg", "getuid", "mkfifo"}
POSIX_SIGNALS = {"SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGUSR1", "setitimer", "alarm"}
NOT_THE_DESKS = (
    "grader.guest.process.server",
    "hidden",
    "grader.runs.engine",
    "grader.reports",
)
SLOW = ("torchvision", "torch._dynamo", "jinja2", "nbconvert", "IPython", "matplotlib")
MAY_KNOW = {
    "grader.courses.finding",  # asks which system it is
    "grader.desk.watch.keys",  # asks which system it is
    "grader.guest.process.time_limit",  # a limit of 0, as in a local run, asks for none of it
    "grader.guest.process.cleaning",  # asked by a limit above 0 alone
    "grader.guest.process.usage",  # same
}
ON_WINDOWS = """
import os, signal, sys
blocked = {blocked}
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name in blocked or name.startswith({foreign}):
            raise ModuleNotFoundError(f"reached {{name}}", name=name)
for module in blocked:
    sys.modules.pop(module, None)
import subprocess, tempfile, multiprocessing, concurrent.futures, asyncio, pytest, torch
for module in [*sys.modules]:
    if module in blocked:
        del sys.modules[module]
sys.meta_path.insert(0, Finder())
for name in {names}:
    if hasattr(os, name):
        delattr(os, name)
for name in {signals}:
    delattr(signal, name)
sys.argv = ["grader", *sys.argv[1:]]
from grader.cli import main
try:
    main()
finally:
    print("LOADED", *sys.modules)
"""


def reached_by(start: set[str]) -> set[str]:
    """Return the modules of ours that some modules import, and so on, packages included."""
    seen: set[str] = set()
    waiting = sorted(start)
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        above = module.rpartition(".")[0]
        inner = set(imports_in(without_type_checking(tree_of(module))))
        waiting += ({above} | inner) & set(MODULES)
    return seen


@cache
def reached() -> set[str]:
    """Return the modules of ours that the desk reaches."""
    desk = {name for name in MODULES if name.startswith(("grader.desk", "checks"))}
    return reached_by({*desk, "grader.commands.desk", "grader.cli"})


def names_of(tree: ast.AST) -> Iterator[str]:
    """Go through the modules that code imports and the attributes that it takes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
            if node.module in {"os", "signal"}:
                yield from (name.name for name in node.names)
        elif isinstance(node, ast.Attribute):
            yield node.attr


def test_the_desk_reaches_nothing_of_the_graders_side() -> None:
    """No server, no hidden suite, no report: none of it is in what students get."""
    assert len(reached()) > 50
    assert not [module for module in reached() if module.startswith(NOT_THE_DESKS)]


def test_nothing_of_the_desk_names_what_only_posix_has() -> None:
    """Neither a module nor a function of it, wherever it stands."""
    forbidden = POSIX_MODULES | POSIX_NAMES | POSIX_SIGNALS
    named = {module: {*names_of(tree_of(module))} & forbidden for module in reached() - MAY_KNOW}

    assert {module: names for module, names in named.items() if names} == {}


@pytest.mark.parametrize("command", ["check", "list"])
def test_a_desk_without_posix_works(tmp_path: Path, command: str) -> None:
    """The command runs with those modules and functions taken away, and loads nothing slow."""
    shutil.copy(ROOT / "solutions" / "ex01_losses.py", tmp_path)
    script = ON_WINDOWS.format(
        blocked=sorted(POSIX_MODULES - {"posix"}),
        foreign=NOT_THE_DESKS,
        names=sorted(POSIX_NAMES),
        signals=sorted(POSIX_SIGNALS),
    )
    run = subprocess.run(
        [sys.executable, "-c", script, command, *(["ex01"] if command == "check" else [])],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    printed, _, loaded = run.stdout.partition("LOADED")

    assert (run.returncode, run.stderr) == (0, "")
    assert "ex01_losses" in printed
    assert "torch" in loaded.split()
    assert not [name for name in loaded.split() if name in SLOW]
