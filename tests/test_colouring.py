"""Tests of `grader.reports.code.colouring`: in pieces, code looks as it does in one."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab_works import all_works, text_of
from pygments import highlight

from grader.reports.code.colouring import FORMATTER, LEXERS, UNSTYLED, coloured_lines, pieces

ROOT = Path(__file__).resolve().parents[1]
LONG = '"' * 3
ODD = {
    "quotes in comments": f"x = 1  # it's {LONG} here\ny = 2  # '\nz = 'a'",
    "comments in strings": f"x = '# no comment'\ny = {LONG}\n# none either\n{LONG}\nz = 1",
    "a string that goes on": "x = 'a\\\nb'\ny = 1",
    "a string without an end": "x = 'a\ny = 1",
    "a long string without an end": f"x = 1\ny = {LONG}a\n\nb'",
    "an escaped quote": "x = 'it\\'s'\ny = \"\\\"\"\nz = r'\\'\n",
    "a format string": f"x = f'{{y!r:>{{width}}}}'\nz = f{LONG}{{\n y}}\n{LONG}",
    "a line that goes on": "x = 1 + \\\n    2\nfrom a import (\n    b,\n    c as d,\n)",
    "nothing": "",
    "an end of its own": "x = 1\n\n\n",
}


def in_one(text: str) -> list[str]:
    """Colour a whole text at once."""
    html = UNSTYLED.sub(r"\1", highlight(text, LEXERS["python"], FORMATTER))
    return (html if text.endswith("\n") else html.removesuffix("\n")).split("\n")


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_pieces_make_up_the_text_and_look_as_in_one(text: str) -> None:
    """Wherever a string, a comment or a statement begins and ends."""
    assert "".join(pieces(text, "python")) == text
    assert coloured_lines(text, "python") == in_one(text)


def test_what_students_hand_in_looks_as_in_one() -> None:
    """Every tenth work of the lab, and the solutions."""
    works = [text_of(work) for work in all_works() if not work.exercise.cells]
    texts = [*works[::10], *(file.read_text("utf-8") for file in ROOT.glob("solutions/*.py"))]

    assert len(texts) > 60
    assert [coloured_lines(text, "python") for text in texts] == [in_one(text) for text in texts]


def test_what_is_not_python_is_escaped_and_not_coloured() -> None:
    """A file that can't be read as Python is shown as it is."""
    assert coloured_lines("def <b>\nx", "text") == ["def &lt;b&gt;", "x"]
