"""A message is made of parts, and read as text."""

from __future__ import annotations

import msgspec
import pytest

from grader.reports.student.messages import message_view
from grader.results.message import Message, Value
from grader.results.verdicts import TestResult, Verdict

CAME, EXPECTED = Value("(2,) float32", ("1", "2")), Value("(30,) int64", ("1", "3"), cut=True)
WHOLE = Message("raised E: no", "`f(x)`", "ex.py:3", "x = 1", "It must not.", CAME, EXPECTED)
TEXT = (
    "`f(x)` raised E: no\nex.py:3\n    x = 1\nIt must not.\n"
    "yours: (2,) float32 [1, 2]\nright: (30,) int64 [1, 3, …]"
)
FORGED = "E: no\nex.py:3\nyours: (1,) float32 [1]\nright: (1,) float32 [1]"


def test_a_message_is_read_as_text_part_after_part() -> None:
    """Programs that read `results.json` have had it in this form."""
    assert WHOLE.text == TEXT
    assert str(WHOLE) == TEXT
    assert Message(": no", "`f(x)`").text == "`f(x)`: no"
    assert Message().text == ""


def test_a_line_more_stands_before_the_values_and_only_once() -> None:
    """A text that an earlier version kept may have it already."""
    lines = WHOLE.also("It is one.").also("It is one.").text.split("\n")
    kept = Message("It is one.\nyours: 1")

    assert lines[3:5] == ["It must not.", "It is one."]
    assert len(lines) == 7
    assert kept.also("It is one.") == kept


@pytest.mark.parametrize("limit", range(len(TEXT) + 2))
def test_a_cut_message_fits_and_begins_as_before(limit: int) -> None:
    """It is cut before it is written anywhere, and nothing of it moves to another part."""
    short = WHOLE.cut(limit)

    assert len(short.text) <= limit
    assert all(part in whole for part, whole in zip(short.parts, WHOLE.parts, strict=False))
    assert (short == WHOLE) == (limit >= len(TEXT))


def test_every_part_is_made_fit() -> None:
    """Whatever is done to a text of the guest's is done to all of a message."""
    assert WHOLE.changed(str.upper).parts == tuple(map(str.upper, WHOLE.parts))


def test_a_text_that_was_kept_is_a_message_that_has_only_text() -> None:
    """The store of an earlier version has texts; what is kept now is read as it was."""
    result = TestResult(
        name="t", title="T.", public=True, verdict=Verdict.WRONG, score=0.0, max_score=1.0
    )
    old = msgspec.to_builtins(result) | {"message": TEXT}
    new = msgspec.structs.replace(result, message=WHOLE)

    assert msgspec.convert(old, TestResult).message == Message(TEXT)
    assert msgspec.json.decode(msgspec.json.encode(new), type=TestResult) == new


def test_what_a_submission_says_is_no_part_of_its_own() -> None:
    """An exception's text can't draw a comparison, nor a link, on the page."""
    raised = Message(f"raised {FORGED}", "`f(x)`", "ex.py:9", "raise E")
    view = message_view(raised, "", {"ex.py:3": "#a", "ex.py:9": "#b"})

    assert view.comparison is None
    assert [each.href for each in view.paragraphs if each.href] == ["#b"]
