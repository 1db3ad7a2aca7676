"""Plain `assert` statements in suites: verdicts about what came back.

An `assert` is about the submission once the test has read an answer: its `.value`, an item of it,
or by an expectation. From then on one that holds counts as a comparison that was met, and one that
does not hold, or can't be computed with what came back, is a wrong answer. Before that it is about
the suite itself: one that holds counts for nothing, and one that fails is a fault of the grader's.

::

    @points(1)
    def test_probabilities_add_up(student):
        \"\"\"The probabilities of a row add up to 1.\"\"\"
        rows = student.softmax(scores).value
        assert rows.shape == scores.shape, "There is a probability for each score."
        assert torch.allclose(rows.sum(1), torch.ones(5)), "Each row adds up to 1."

A public check shows what pytest has to say of it. A hidden test shows the statement's own message
and no value: write one.
"""

from __future__ import annotations

import ast
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING
from unittest import mock

from _pytest import assertion
from _pytest.assertion import rewrite

from grader.answers.showing import shown
from grader.asking.student import Answer, Student
from grader.errors import WrongAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from grader.asking.student import Conversation
    from grader.results.message import Message

__all__ = ["Rewriting", "rewritten", "verdict_of"]

MAX_MESSAGE, MAX_EXPLANATION = 1_000, 1_000  # characters
MAX_LINES = 8
# what happens where a value is not of the kind that a condition computes with
UNFIT = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RuntimeError)
DEFAULT = "it is not as required."
REWRITTEN = "@pytest_ar"  # pytest gives this global to the modules that it rewrites


class Rewriting:
    """Pytest's own plugin for assertions, without its comparison of the two sides.

    How long that takes depends on what came back: lines of text are compared each with each.
    """

    pytest_addoption = staticmethod(assertion.pytest_addoption)
    pytest_collection = staticmethod(assertion.pytest_collection)
    pytest_runtest_protocol = staticmethod(assertion.pytest_runtest_protocol)
    pytest_sessionfinish = staticmethod(assertion.pytest_sessionfinish)


@contextmanager
def rewritten() -> Iterator[None]:
    """Let asserts tell of values as our messages do, which takes no time to speak of.

    Suites are kept apart from what `pytest` itself has rewritten of them, without counting.
    """
    with mock.patch.multiple(rewrite, _saferepr=_brief, PYC_TAIL="-graded.pyc"):
        yield


def _brief(value: object) -> str:
    """Say what an operand of an assert is."""
    if isinstance(value, Answer):
        return value.call
    if isinstance(value, Student):
        return "student"
    if isinstance(value, FunctionType | type):
        return value.__name__
    return shown(value).text.replace("\n", "\\n")


def verdict_of(error: BaseException, conversation: Conversation | None) -> BaseException:
    """Return what an exception of a test is: a wrong answer where an assert about one raised it."""
    answer = conversation.read if conversation else None
    if answer is None or not isinstance(error, (AssertionError, *UNFIT)):
        return error
    if not _raised_by_an_assert(error):
        return error
    return WrongAnswer(_message(error, answer))


def _raised_by_an_assert(error: BaseException) -> bool:
    """Whether the innermost line of a suite that it came through is an assert's."""
    last: TracebackType | None = None
    step = error.__traceback__
    inner = 0
    while step is not None:
        inner += 1
        if REWRITTEN in step.tb_frame.f_globals:
            last, inner = step, 0
        step = step.tb_next
    if last is None or (inner and isinstance(error, AssertionError)):  # another module's own
        return False
    file = Path(last.tb_frame.f_code.co_filename)
    return last.tb_lineno in _assert_lines(file, file.stat().st_mtime_ns)


@cache
def _assert_lines(file: Path, changed: int) -> frozenset[int]:
    del changed  # it tells one state of the file from the next
    tree = ast.parse(file.read_text(encoding="utf-8"))
    asserts = (node for node in ast.walk(tree) if isinstance(node, ast.Assert))
    return frozenset(
        line for node in asserts for line in range(node.lineno, (node.end_lineno or 0) + 1)
    )


def _message(error: BaseException, answer: Answer) -> Message:
    """Say what does not hold; the values only in a public check."""
    if isinstance(error, AssertionError):
        own, _, explanation = f"\n{error}".partition("\nassert ")
        explanation = f"assert {explanation}"
    else:
        own, explanation = f"it can't be used there ({type(error).__name__}).", str(error)
    own = answer.student.discreet(own.strip()[:MAX_MESSAGE]) or DEFAULT
    return answer.says(own, _first_lines(explanation) if answer.student.reveals else "")


def _first_lines(explanation: str) -> str:
    """Leave out what stands under something that is explained already; indented, as code is."""
    lines = explanation[:MAX_EXPLANATION].split("\n")
    told = [f"    {line}" for line in lines if not line.startswith(" +   ")]
    return "\n".join(told[:MAX_LINES])
