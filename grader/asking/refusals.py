"""Ask a submission, and say in the student's words why there is no answer."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
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
from grader.results.message import Message
from grader.sandbox.failures import GuestDiedError, GuestGarbledError, GuestTimeoutError
from grader.text.words import readable

__all__ = ["Channel", "ask_in_words", "refusal"]

UNWRITTEN = re.compile(r"([\w.-]{1,120}) is not written yet")  # what a stub raises
NEAR = 0.85  # of two names: `bulid_model` and `build_model` have 0.9
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
        said = f"took more than {error.time_s:.3g} s and was stopped. "
        asked = "Does every loop end?"
        message = Message(f"{said}{asked}", call, error.where, error.code)
        raise StudentTimeout(message, line=error.line) from error
    except GuestDiedError as error:
        message = Message(f"returned no result: the process {error.cause}.", call)
        raise StudentCrash(message) from error
    except GuestGarbledError as error:
        raise StudentCrash(Message("sent something that is not a result.", call)) from error


def refusal(reply: Reply, call: str) -> SubmissionError:
    """Return the error that a reply other than an answer stands for."""
    match reply:
        case Raised():
            return _raised(reply, call)
        case Absent():
            return _missing(reply)
        case Rejected():
            return WrongAnswer(Message(f": {reply.message}", call), reply.mistake or None)
        case Unreadable():
            return UnreadableFile(reply.reason, line=reply.line)
        case _:
            return StudentCrash(Message("returned no result.", call))


def _missing(reply: Absent) -> MissingWork:
    """Say what is not there; a name that is nearly the same is the right one, misspelt."""
    if reply.kind:
        kind = f"`{reply.function}` in your file is not a function: its type is {reply.kind}."
        return MissingWork(kind)
    missing = f"The file has no `{reply.function}`"
    if not reply.similar:
        return MissingWork(f"{missing}.")
    misspelt = "name-misspelt" if is_misspelt(reply.similar, reply.function) else None
    return MissingWork(f"{missing}; did you mean your `{reply.similar}`?", misspelt)


def is_misspelt(written: str, meant: str) -> bool:
    """Whether a name is another one but for a letter or two, capitals and underscores."""
    mine, asked = (name.replace("_", "").casefold() for name in (written, meant))
    return sorted(mine) == sorted(asked) or SequenceMatcher(None, mine, asked).ratio() >= NEAR


def _raised(reply: Raised, call: str) -> SubmissionError:
    mistake = reply.mistake or None
    if reply.not_started:
        named = UNWRITTEN.fullmatch(reply.message)
        what = f"`{named[1]}` is" if named else "The function is"
        place = f" ({reply.where})" if reply.where else ""
        said = f"{what} not written yet{place}."
        return NotStarted(said, line=reply.line, part=named[1] if named else "")
    if reply.limit:
        limit = readable(reply.limit, MAX_LIMIT)
        end = "" if reply.where else "."
        said = f"exceeded the limit of {limit}{end}"
        return StudentCrash(_at(reply, said, call), mistake, reply.line)
    error = f"{reply.type_name}: {reply.message}".rstrip(": ")
    said = f"raised {error}"
    if reply.came:  # no line of the student's did; a probe met something that it can't go on with
        said = f": {reply.came}. Using it raised {error}"
    kinds = (reply.type_name, *reply.kinds) if reply.line else ()
    return StudentCrash(_at(reply, said, call), mistake, reply.line, kinds)


def _at(reply: Raised, said: str, call: str) -> Message:
    """Return a message with its place in the student's code."""
    return Message(said, call, reply.where, reply.code if reply.where else "")
