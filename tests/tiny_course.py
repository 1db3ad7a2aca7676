"""A course of four one-line exercises, and a hand-in for each thing that work may do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NAMES", "WORK", "write_course", "write_work"]

NAMES = ("double", "triple", "wait", "leave")
ENTRY = """
[[exercises]]
name = "{name}"
title = "Write {name}"
limits = {{ call = 0.5, load = 5, exercise = 2 }}
"""
SOLUTION = """\
\"\"\"Write {name}.\"\"\"


def {name}(x):
    \"\"\"Return twice x.\"\"\"
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
"""
SUITE = """\
from grader.suite import expect_each{more}


{points}def test_{name}_{kind}(student):
    \"\"\"{name}: twice the number.\"\"\"
    expect_each(student.{name}, [({one},), (5,)], lambda x: 2 * x)
"""
WORK = {
    # right, and it has all of its points only where it finds nothing and can change nothing
    "double": """\
from pathlib import Path

found = []
for place in {places!r}:
    for path in (Path(place), *Path(place).glob("**/*")):
        try:
            found.append(path.read_bytes())
        except OSError:
            pass
        try:
            path.write_text("{{}}")
            found.append(b"written")
        except OSError:
            pass


def double(x):
    return 2 * x if not found else -1
""",
    "triple": "def triple(x):\n    return 3 * x\n",
    "wait": "def wait(x):\n    while True:\n        pass\n",
    "leave": "import os\n\n\ndef leave(x):\n    os._exit(0)\n",
}


def write_course(folder: Path) -> Path:
    """Write the course; return its folder."""
    for part in ("checks", "hidden"):
        (folder / part).mkdir(parents=True)
    head = 'version = 1\ntitle = "Twice a number"\n'
    (folder / "course.toml").write_text(head + "".join(ENTRY.format(name=each) for each in NAMES))
    (folder / "mistakes.toml").write_text("")
    for name in NAMES:
        (folder / f"{name}.py").write_text(SOLUTION.format(name=name))
        check = SUITE.format(name=name, kind="of_3", one=3, points="", more="")
        hidden = SUITE.format(name=name, kind="of_7", one=7, points="@points(2)\n", more=", points")
        (folder / "checks" / f"{name}.py").write_text(check)
        (folder / "hidden" / f"{name}.py").write_text(hidden)
    return folder


def write_work(folder: Path, work: Mapping[str, str] = WORK, places: tuple[str, ...] = ()) -> None:
    """Write a hand-in; `places` are the folders where it looks for what it must not find."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in work.items():
        looking = text.format(places=places) if name == "double" else text
        Path(folder, f"{name}.py").write_text(looking)
