"""What can be done with the lab, one session a job."""

from __future__ import annotations

from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["grade"]

LAB = Path(__file__).parent
# the demo class is a hand-in of four exercises
DEMO = [
    str(LAB / "data" / "demo_class"),
    *(f"--exercise=ex{number}" for number in ("03", "04", "06", "08")),
]


def install(session: nox.Session, *groups: str) -> None:
    """Install the lab itself, and groups of development tools, unless an earlier run has.

    A run for the same `pyproject.toml` needs no network. uv takes torch from its cache for every
    session but the first. It compiles what it installs, as pip does, since the sandbox, which
    writes nothing, would compile torch at every start otherwise.
    """
    done = Path(session.bin).parent / "installed.txt"
    wanted = "\n".join([str(LAB), *groups, (LAB / "pyproject.toml").read_text(encoding="utf-8")])
    if done.is_file() and done.read_text(encoding="utf-8") == wanted:
        return
    tools = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), *groups)
    session.install("--editable", ".", *tools, env={"UV_COMPILE_BYTECODE": "1"})
    done.write_text(wanted, encoding="utf-8")


def grader(session: nox.Session, *arguments: str) -> None:
    """Run the grader where nox was called, as paths in its arguments are meant."""
    install(session)
    with session.chdir(session.invoked_from):
        session.run("python", "-P", "-m", "grader", *arguments)


@nox.session
def grade(session: nox.Session) -> None:
    """Grade a class: the demo class, or the folder or zip after `--`."""
    grader(session, "grade", *(session.posargs or DEMO))


@nox.session
def check(session: nox.Session) -> None:
    """Run the public checks of the first exercise that is not done, or of those after `--`."""
    grader(session, "check", *session.posargs)


@nox.session
def watch(session: nox.Session) -> None:
    """Check again at each save, with keys for hints and more."""
    grader(session, "watch", *session.posargs)


@nox.session
def release(session: nox.Session) -> None:
    """Write what students get into a zip: lab.zip, or the one after `--`."""
    grader(session, "release", *(session.posargs or ["lab.zip"]))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the lab's own tests, two files at a time; `-- -m proof` runs proofs, `-- -m ''` all."""
    install(session, "tests")
    two = ("-n2", "--dist=loadfile", "--no-loadscope-reorder")  # in the order of tests/conftest.py
    compiled = {"PYTHONDONTWRITEBYTECODE": ""}  # or each program that is started compiles the lab
    session.run("python", "-m", "pytest", *two, *session.posargs, env=compiled)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style with ruff and types with strict mypy."""
    install(session, "tests", "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")


@nox.session
def stubs(session: nox.Session) -> None:
    """Make `exercises/` from `solutions/`; `-- --check` only compares."""
    grader(session, "stubs", *session.posargs)


@nox.session
def benchmark(session: nox.Session) -> None:
    """Measure what waiting and grading cost, as ratios within one run."""
    install(session, "tests")
    session.run("python", "-m", "tests.desk_benchmark")
    session.run("python", "-m", "tests.benchmark", *session.posargs)
