"""Expect the exception that an exercise asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.errors import StudentCrash, WrongAnswer
from grader.results.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.asking.student import Answer

__all__ = ["expect_raises"]


def expect_raises(
    call: Callable[..., Answer],
    case: tuple[object, ...],
    *kinds: type[BaseException] | str,
    mistake: str | None = None,
) -> None:
    """Call the student once; its own code must raise one of some exceptions.

    ::

        expect_raises(student.softmax, (torch.ones(0),), ValueError)
        expect_raises(student.load, ("no such file",), "CorpusError", FileNotFoundError)

    A class that is derived from one of them will do. An exception that Python raises before any
    line of the student's runs, for wrong arguments say, will not.

    What was raised is the submission's own word, and code that always raises says it too: give
    points for it only in a test that also expects a right answer.

    Args:
        call: `student.function`, or a probe with the student bound to it.
        case: the arguments of the call.
        kinds: classes of exceptions; the name, where the exercise has the student define one.
        mistake: slug of the mistake that an answer without an exception shows.

    Raises:
        WrongAnswer: an answer came, or another exception.
        SubmissionError: the code is not there, not started, out of time or over a limit.
    """
    names = [kind if isinstance(kind, str) else kind.__name__ for kind in kinds]
    expected = f"it must raise {' or '.join(names)}."
    try:
        answer = call(*case)
    except StudentCrash as error:
        if not error.kinds:
            raise
        if not set(names).intersection(error.kinds):
            message = replace(Message.of(error.message), more=f"I{expected[1:]}")
            raise WrongAnswer(message, error.mistake, error.line) from error
        error.conversation.verified += 1
    else:
        raise WrongAnswer(answer.says(expected), mistake)
