"""What can be done with the lab, one session a job."""

from __future__ import annotations

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["grade"]

# the demo class is a hand-in of four exercises
DEMO = ["data/demo_class", *(f"--exercise=ex{number}" for number in ("03", "04", "06", "08"))]


def install(session: nox.Session, *groups: str) -> None:
    """Install the lab itself, and groups of development tools.

    uv takes torch from its cache for every session but the first. It compiles what it installs,
    since the sandbox, which writes nothing, would compile torch at every start otherwise.
    """
    options = [option for group in groups for option in ("--group", group)]
    session.install("--editable", ".", *options, env={"UV_COMPILE_BYTECODE": "1"})


@nox.session
def grade(session: nox.Session) -> None:
    """Grade a class: the demo class, or the folder or zip after `--`."""
    install(session)
    session.run("python", "-m", "grader", "grade", *(session.posargs or DEMO))


@nox.session
def check(session: nox.Session) -> None:
    """Run the public checks of the first exercise that is not done, or of those after `--`."""
    install(session)
    session.run("python", "-m", "grader", "check", *session.posargs)


@nox.session
def watch(session: nox.Session) -> None:
    """Check again at each save, with keys for hints and more."""
    install(session)
    session.run("python", "-m", "grader", "watch", *session.posargs)


@nox.session
def release(session: nox.Session) -> None:
    """Write what students get into a zip: lab.zip, or the one after `--`."""
    install(session)
    session.run("python", "-m", "grader", "release", *(session.posargs or ["lab.zip"]))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the lab's own tests, two files at a time."""
    install(session, "tests")
    session.run("python", "-m", "pytest", "-n2", "--dist=loadfile", *session.posargs)


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
    install(session)
    session.run("python", "-m", "grader", "stubs", *session.posargs)


@nox.session
def benchmark(session: nox.Session) -> None:
    """Measure what waiting and grading cost, as ratios within one run."""
    install(session, "tests")
    session.run("python", "-m", "tests.desk_benchmark")
    session.run("python", "-m", "tests.benchmark", *session.posargs)
