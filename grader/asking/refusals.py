"""Ask a submission, and say in the student's words why there is no answer."""

from __future__ import annotations

from typing import Protocol

from grader.errors import (
    MissingWork,
    NotStarted,
    StudentCrash,
    StudentTimeout,
    SubmissionError,
    UnreadableFile,
    WrongAnswer,
)
from grader.guest.crossing.wire import Absent, Raised, Rejected, Reply, Request, Unreadable
from grader.sandbox.failures import GuestDiedError, GuestGarbledError, GuestTimeoutError
from grader.text.words import readable

__all__ = ["Channel", "ask_in_words", "place_of", "refusal"]

MAX_LIMIT = 60  # characters of what a guest says that it used too much of


class Channel(Protocol):
    """Something that answers requests: the sandbox, or this process."""

    def ask(self, request: Request) -> Reply:
        """Answer a request.

        Raises:
            GuestTimeoutError: no answer came before the deadline.
            GuestDiedError: the guest died before it answered.
            GuestGarbledError: the guest sent something that is no reply.
        """


def ask_in_words(channel: Channel, request: Request, call: str) -> Reply:
    """Ask, and say in the student's words what became of a guest that gave no reply.

    Raises:
        StudentTimeout: it did not answer in time.
        StudentCrash: it died, or sent something else.
    """
    try:
        return channel.ask(request)
    except GuestTimeoutError as error:
        raise StudentTimeout(
            f"{call} gave no answer within {error.time_s:.3g} s and was stopped. "
            f"Does every loop in it come to an end?{error.place}",
            line=error.line,
        ) from error
    except GuestDiedError as error:
        raise StudentCrash(f"{call} gave no answer: the process {error.cause}.") from error
    except GuestGarbledError as error:
        raise StudentCrash(f"{call} sent something that is no answer.") from error


def refusal(reply: Reply, call: str) -> SubmissionError:
    """Return the error that a reply other than an answer stands for."""
    match reply:
        case Raised():
            return _raised(reply, call)
        case Absent():
            kind = f"The file's `{reply.function}` is no function: it is of type {reply.kind}."
            missing = kind if reply.kind else f"The file has no `{reply.function}`."
            similar = f" There is `{reply.similar}`: is it that one?" if reply.similar else ""
            return MissingWork(f"{missing}{similar}")
        case Rejected():
            return WrongAnswer(f"{call}: {reply.message}", reply.mistake or None)
        case Unreadable():
            return UnreadableFile(reply.reason, line=reply.line)
        case _:
            return StudentCrash(f"{call} gave no answer of its own.")


def _raised(reply: Raised, call: str) -> SubmissionError:
    mistake = reply.mistake or None
    if reply.not_started:
        return NotStarted(f"{reply.where} still raises NotImplementedError.", line=reply.line)
    if reply.limit:
        limit = readable(reply.limit, MAX_LIMIT)
        message = f"{call} used more than {limit}, and that is what a submission may use"
        return StudentCrash(f"{message}{place_of(reply) or '.'}", mistake, reply.line)
    said = f"{reply.type_name}: {reply.message}".rstrip(": ")
    message = f"{call} raised {said}"
    if reply.came:  # no line of the student's did; a probe met something that it can't go on with
        message = f"{call}: {reply.came}, and that can't be used here: {said}"
    said = f"{message}{place_of(reply)}"
    kinds = (reply.type_name, *reply.kinds) if reply.line else ()
    return StudentCrash(said, mistake, reply.line, kinds)


def place_of(reply: Raised) -> str:
    """Return where in the student's code it was, as lines to end a message with."""
    code = f"\n    {reply.code}" if reply.code else ""
    return f"\n{reply.where}{code}" if reply.where else ""
