"""Ask for what a few lines give: of classes, and of state that stays from call to call."""

from __future__ import annotations

import ast
import pickle
from functools import partial
from textwrap import dedent
from typing import TYPE_CHECKING

from grader.asking.student import conversation_with
from grader.guest.sessions import run_session

if TYPE_CHECKING:
    from grader.asking.student import Answer, Student

__all__ = ["Session", "session"]


class Session:
    """Lines that run in the guest, among the names of the student's module.

    Attributes:
        calls: the lines, as the student reads them.
    """

    def __init__(self, code: str, gives: str) -> None:
        self._code = dedent(code).strip()
        self._gives = gives.strip()
        compile(self._code, "<the lines of a session>", "exec")
        given = ast.parse(self._gives, "<what a session gives>", "eval")
        lines = self._code.splitlines()
        is_block = any(line[:1].isspace() for line in lines)
        # a message names the item of a dict that it is about, so its names are not said twice
        shown = [] if lines and isinstance(given.body, ast.Dict) else [self._gives]
        self.calls = ("\n" if is_block else "; ").join([*lines, *shown])

    def __call__(self, student: Student, **values: object) -> Answer:
        """Run it for a student, with values under their names; raise what became of it."""
        code = pickle.dumps(partial(run_session, self._code, self._gives, list(values)))
        return conversation_with(student).run(code, self.calls, values)


def session(code: str, gives: str) -> Session:
    """Write down a few lines that use the student's classes and functions, and what they give.

    No object of the student's ever crosses: the lines run beside it, and only what the last
    expression gives comes back. The student reads the lines in the message, so write them as one
    would at the keyboard; a submission can read them too, so they hold no expected value.

    ::

        train = session("net = Net(hidden=8); losses = net.fit(X, y)", "losses, net.predict(X)")


        @points(2)
        def test_training_goes_on_where_it_stopped(student):
            \"\"\"Two calls of `fit` train for longer than one.\"\"\"
            expect(train(student, X=features, y=labels)).equals(...)

    With `expect_each`: `lambda X, y: train(student, X=X, y=y)`. Each call begins anew.

    Args:
        code: statements, in one line or indented as a block.
        gives: an expression: a name, or several of them as a tuple or a dict.

    Raises:
        SyntaxError: one of them is no Python.
    """
    return Session(code, gives)
