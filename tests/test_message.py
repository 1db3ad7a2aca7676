"""A message is made of parts, and read as text."""

from __future__ import annotations

import msgspec
import pytest
import torch

from grader.answers.showing import shown
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


def test_a_small_matrix_stands_in_rows() -> None:
    """One of whose numbers some are left out does not: it has no whole rows."""
    matrix = shown(torch.tensor([[1.0, 22.5], [-3.0, 4.0]]))

    assert matrix.text == "(2, 2) float32 [[1, 22.5], [-3, 4]]"
    assert matrix.changed(str).text == matrix.text
    assert shown(torch.ones(1, 3)).text == "(1, 3) float32 [[1, 1, 1]]"
    assert shown(torch.ones(4, 4)).text == f"(4, 4) float32 [{'1, ' * 12}…]"
    assert shown(torch.ones(0, 3)).text == "(0, 3) float32 []"
    assert shown(torch.ones(2, 0)).text == "(2, 0) float32 []"


def test_a_page_says_in_which_row_and_column_of_a_matrix_a_number_stands() -> None:
    """Of a longer one, and of a vector, it counts through."""
    came = shown(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    message = Message("is wrong.", came=came, expected=shown(torch.ones(2, 2)))

    comparison = message_view(message, "", {}).comparison

    assert comparison
    assert [each.place for each in comparison.numbers] == ["0, 0", "0, 1", "1, 0", "1, 1"]
