"""Shortcuts: `nox -s check -- ex01` and `nox -s watch`."""

import nox

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["check"]


@nox.session
def check(session: nox.Session) -> None:
    """Check the first exercise that is not done, or those after `--`."""
    session.install("--editable", ".")
    session.run("python", "-m", "grader", "check", *session.posargs)


@nox.session
def watch(session: nox.Session) -> None:
    """Check again at each save."""
    session.install("--editable", ".")
    session.run("python", "-m", "grader", "watch", *session.posargs)
