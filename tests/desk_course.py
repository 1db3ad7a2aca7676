"""A course without numbers for tests of the student's desk: one exercise has several files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from several_course import lay_out

from grader.authoring import write_stubs
from grader.courses import load_course

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course

__all__ = ["TITLE", "course_in", "many_exercises"]

TITLE = "Small networks"
ENTRY = '\n[[exercises]]\nname = "{}"\ntitle = "{}"\n'
REGION = "    ### BEGIN SOLUTION\n    return {}\n    ### END SOLUTION\n"
CHECK = """\
from grader.suite import expect


def test_it(student):
    \"\"\"{0}: of 1 and 3\"\"\"
    expect(student.{0}([1.0, 3.0])).equals({1})
"""
FILES = {
    "course.toml": f'version = 1\ntitle = "{TITLE}"\n'
    + ENTRY.format("numpy_loss", "A loss in NumPy")
    + ENTRY.format("numpy_step", "A step in NumPy")
    + ENTRY.format("engine", "A small engine")
    + 'files = ["minigrad/*.py"]\nentry = "minigrad"\nuses = ["numpy_loss"]\n'
    + ENTRY.format("tokenizer", "Byte pairs")
    + 'learned = "You can now list pairs."\n',
    "numpy_loss.py": '"""A loss.\n\n15 minutes, difficulty 1 of 5.\n"""\n\n\ndef mean(x):\n'
    '    """Return the mean."""\n' + REGION.format("sum(x) / len(x)"),
    "numpy_step.py": '"""A step."""\n\n\ndef step(x):\n    """Return the last."""\n'
    + REGION.format("x[-1]"),
    "minigrad/__init__.py": '"""The package."""\n\nfrom minigrad.tape import twice\n',
    "minigrad/tape.py": '"""A tape."""\n\nfrom numpy_loss import mean\n\n\ndef twice(x):\n'
    '    """Return twice the mean."""\n' + REGION.format("2 * mean(x)"),
    "tokenizer.py": '"""Tokens."""\n\n\ndef pairs(x):\n    """Return the pairs."""\n'
    + REGION.format("list(zip(x, x[1:]))"),
    "checks/numpy_loss.py": CHECK.format("mean", "2.0"),
    "checks/numpy_step.py": CHECK.format("step", "3.0"),
    "checks/engine.py": CHECK.format("twice", "4.0"),
    "checks/tokenizer.py": CHECK.format("pairs", "[(1.0, 3.0)]"),
}


def course_in(folder: Path) -> Course:
    """Write the course with its stubs into a folder, and read it."""
    lay_out(folder, FILES)
    course = load_course(folder)
    write_stubs(course)
    return course


def many_exercises(folder: Path, names: list[str]) -> Course:
    """Write a course of which there are only the names."""
    entries = "".join(ENTRY.format(name, f"About {name}") for name in names)
    title = "Everything that anybody could ever want to know about how networks learn"
    lay_out(folder, {"course.toml": f'version = 1\ntitle = "{title}"\n{entries}'})
    return load_course(folder)
