"""A course whose exercises have several files, given modules and data, for tests of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.courses import load_course

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course

__all__ = ["FILES", "course_in", "lay_out"]

FILES = {
    "course.toml": """\
version = 1
title = "From scratch"

[[exercises]]
name = "units"
title = "Units"

[[exercises]]
name = "grad"
title = "A small autograd"
files = ["minigrad/*.py", "weights.bin"]
entry = "minigrad"
uses = ["units"]
""",
    "units.py": """\
'''Units.

5 minutes, difficulty 1 of 5.
'''
from pathlib import Path

import helpers

def double(x):
    '''Double a number.'''
    ### BEGIN SOLUTION
    return helpers.times(2, x)
    ### END SOLUTION

def first_line():
    '''Return the first line of the table.'''
    ### BEGIN SOLUTION
    return Path("data/table.csv").read_text()
    ### END SOLUTION
""",
    "given/units/helpers.py": "def times(a, b):\n    return a * b\n",
    "data/table.csv": "1,2,3\n",
    "minigrad/__init__.py": "from minigrad.nn import layer, quadruple, weights\n",
    "minigrad/engine.py": """\
class Value:
    ### is given
    factor = 3
""",
    "minigrad/nn.py": """\
from pathlib import Path

from units import double

from .engine import Value


def layer(x):
    ### BEGIN SOLUTION
    return Value.factor * x
    ### END SOLUTION


def quadruple(x):
    ### BEGIN SOLUTION
    return double(double(x))
    ### END SOLUTION


def weights():
    return list(Path("weights.bin").read_bytes())
""",
    "weights.bin": "\x07\x08",
    "hidden/units.py": """\
from grader.suite import expect, points

@points(1)
def test_double(student):
    \"\"\"Twice.\"\"\"
    expect(student.double(4)).equals(8)

@points(1)
def test_table(student):
    \"\"\"The first line.\"\"\"
    expect(student.first_line()).equals("1,2,3\\n")
""",
    "hidden/grad.py": """\
from grader.suite import expect, points

@points(1)
def test_layer(student):
    \"\"\"Three times.\"\"\"
    expect(student.layer(5)).equals(15)

@points(1)
def test_quadruple(student):
    \"\"\"Four times.\"\"\"
    expect(student.quadruple(5)).equals(20)

@points(1)
def test_weights(student):
    \"\"\"What was handed in with it.\"\"\"
    expect(student.weights()).equals([7, 8])
""",
}
FILES |= {f"checks/{name}.py": FILES[f"hidden/{name}.py"] for name in ("units", "grad")}


def lay_out(folder: Path, files: dict[str, str]) -> None:
    """Write files by their paths in a folder."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def course_in(folder: Path, more: dict[str, str] | None = None) -> Course:
    """Write the course, and more files, into a folder, and read it."""
    lay_out(folder, FILES | (more or {}))
    return load_course(folder)
